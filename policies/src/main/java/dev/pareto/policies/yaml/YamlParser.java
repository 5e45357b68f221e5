package dev.pareto.policies.yaml;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Reads one YAML document into a {@link Tree}. Files are bounded in size, depth and number of values. {@code ${NAME}} and
 * {@code ${NAME:default}} are taken from the environment, also where YAML's own grammar would trip over the braces.
 */
public final class YamlParser {

    private static final int MAX_CHARACTERS = 1_000_000;
    private static final int MAX_DEPTH = 20;
    private static final int MAX_VALUES = 100_000;
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)(?::([^}\\n\\r]*))?}");
    /** Start of the private use area: braces, colons and commas of a variable hide there while YAML is parsed. */
    private static final char HIDDEN = '\uE000';

    private final Function<String, @Nullable String> environment;
    private int values;

    private YamlParser(Function<String, @Nullable String> environment) {
        this.environment = environment;
    }

    /**
     * @param file the name used in messages
     * @throws YamlException when it is no YAML, too large, too deep, or names a variable that is not set
     */
    public static Tree parse(String file, String text, Function<String, @Nullable String> environment) {
        Place start = new Place(file, 1, 1);
        if (text.length() > MAX_CHARACTERS) {
            throw new YamlException(start, "the file has " + text.length() + " characters",
                    "at most " + MAX_CHARACTERS + " are read");
        }
        LoadSettings settings = LoadSettings.builder()
                .setLabel(file)
                .setAllowDuplicateKeys(true)
                .setMaxAliasesForCollections(0)
                .setCodePointLimit(MAX_CHARACTERS)
                .setAllowRecursiveKeys(false)
                .build();
        Node root;
        try {
            root = new Compose(settings).composeString(hide(text)).orElse(null);
        } catch (MarkedYamlEngineException e) {
            Place place = e.getProblemMark().map(mark -> place(file, mark)).orElse(start);
            throw new YamlException(place, "not valid YAML: " + show(e.getProblem()), "");
        } catch (YamlEngineException e) {
            throw new YamlException(start, "not valid YAML: " + show(e.getMessage()), "");
        }
        return root == null
                ? new Tree.Mapping(start, new LinkedHashMap<>())
                : new YamlParser(environment).tree(file, root, 0);
    }

    private Tree tree(String file, Node node, int depth) {
        Place place = node.getStartMark().map(mark -> place(file, mark)).orElse(new Place(file, 1, 1));
        if (depth > MAX_DEPTH) {
            throw new YamlException(place, "nested more than " + MAX_DEPTH + " deep", "write it flatter");
        }
        if (++values > MAX_VALUES) {
            throw new YamlException(place, "more than " + MAX_VALUES + " values", "split the file");
        }
        return switch (node) {
            case ScalarNode scalar -> scalar(place, scalar.getValue());
            case SequenceNode sequence -> {
                List<Tree> items = new ArrayList<>();
                for (Node item : sequence.getValue()) {
                    items.add(tree(file, item, depth + 1));
                }
                yield new Tree.Sequence(place, items);
            }
            case MappingNode mapping -> mapping(file, place, mapping, depth);
            default -> throw new YamlException(place, "anchors and aliases are not read", "write the value out");
        };
    }

    private Tree mapping(String file, Place place, MappingNode mapping, int depth) {
        SequencedMap<String, Tree.Entry> entries = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            Tree key = tree(file, tuple.getKeyNode(), depth + 1);
            if (!(key instanceof Tree.Scalar scalar)) {
                throw new YamlException(key.place(), "a key must be a single value, not " + key.kind(), "");
            }
            Tree.Entry before = entries.put(scalar.text(),
                    new Tree.Entry(key.place(), tree(file, tuple.getValueNode(), depth + 1)));
            if (before != null) {
                throw new YamlException(key.place(), "key '" + scalar.text() + "' is given twice",
                        "it is first given at line " + before.keyPlace().line());
            }
        }
        return new Tree.Mapping(place, entries);
    }

    private Tree scalar(Place place, String hidden) {
        String text = show(hidden);
        Matcher matcher = VARIABLE.matcher(text);
        StringBuilder resolved = new StringBuilder();
        boolean found = false;
        int end = 0;
        while (matcher.find()) {
            found = true;
            String value = environment.apply(matcher.group(1));
            if (value == null) {
                value = matcher.group(2);
            }
            if (value == null) {
                throw new YamlException(place, "environment variable " + matcher.group(1) + " is not set",
                        "set it, or write ${" + matcher.group(1) + ":} to allow it to be absent");
            }
            resolved.append(text, end, matcher.start()).append(value);
            end = matcher.end();
        }
        return new Tree.Scalar(place, resolved.append(text, end, text.length()).toString(), found);
    }

    /** Each hidden character takes the place of one character, so that lines and columns stay true. */
    private static String hide(String text) {
        return VARIABLE.matcher(text).replaceAll(match -> {
            StringBuilder hidden = new StringBuilder();
            match.group().chars().forEach(c -> hidden.append(c < 0x80 ? (char) (HIDDEN + c) : (char) c));
            return Matcher.quoteReplacement(hidden.toString());
        });
    }

    private static String show(@Nullable String hidden) {
        if (hidden == null) {
            return "";
        }
        StringBuilder shown = new StringBuilder(hidden.length());
        hidden.chars().forEach(c -> shown.append(c >= HIDDEN && c < HIDDEN + 0x80 ? (char) (c - HIDDEN) : (char) c));
        return shown.toString();
    }

    private static Place place(String file, Mark mark) {
        return new Place(file, mark.getLine() + 1, mark.getColumn() + 1);
    }

    /** The environment of this process. */
    public static Function<String, @Nullable String> environment(Map<String, String> variables) {
        return variables::get;
    }
}
