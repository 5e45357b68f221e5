package dev.pareto.evals.suite.importer;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.IdentityHashMap;

import dev.pareto.evals.suite.SuiteException;

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
import org.snakeyaml.engine.v2.nodes.Tag;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Others' YAML as a JSON tree: anchors, aliases and {@code <<} are resolved, a private tag such as {@code !function
 * utils.f} becomes {@code {"!function": "utils.f"}}. What is returned is bounded, so that few lines of aliases cannot
 * unfold into a forest.
 */
final class YamlTree {

    private static final int MAX_NODES = 2_000_000;
    private static final int MAX_DEPTH = 60;
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final Path file;
    private final IdentityHashMap<Node, Boolean> open = new IdentityHashMap<>();
    private int nodes;

    private YamlTree(Path file) {
        this.file = file;
    }

    static JsonNode parse(Path file, String text) throws SuiteException {
        LoadSettings settings = LoadSettings.builder()
                .setLabel(String.valueOf(file.getFileName()))
                .setCodePointLimit(Math.max(1, text.length()))
                .setMaxAliasesForCollections(10_000)
                .build();
        try {
            Node root = new Compose(settings).composeString(text).orElse(null);
            return root == null ? NODES.objectNode() : new YamlTree(file).value(root, 0);
        } catch (MarkedYamlEngineException e) {
            throw new SuiteException(file, e.getProblemMark().map(Mark::getLine).orElse(-1) + 1,
                    "not YAML: " + e.getProblem(), "mend the syntax there");
        } catch (YamlEngineException e) {
            throw new SuiteException(file, 0, "not YAML: " + e.getMessage(), "mend the syntax");
        }
    }

    private JsonNode value(Node node, int depth) throws SuiteException {
        nodes++;
        if (depth > MAX_DEPTH || nodes > MAX_NODES || open.put(node, true) != null) {
            throw error(node, "nested too deeply, too large or within itself", "write the value out");
        }
        try {
            return switch (node) {
                case MappingNode mapping -> mapping(mapping, depth);
                case SequenceNode sequence -> {
                    ArrayNode array = NODES.arrayNode();
                    for (Node element : sequence.getValue()) {
                        array.add(value(element, depth + 1));
                    }
                    yield array;
                }
                case ScalarNode scalar -> scalar(scalar);
                default -> throw error(node, "an unresolved alias", "write the value out");
            };
        } finally {
            open.remove(node);
        }
    }

    private ObjectNode mapping(MappingNode mapping, int depth) throws SuiteException {
        ObjectNode object = NODES.objectNode();
        for (NodeTuple tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                throw error(tuple.getKeyNode(), "a key that is not a text", "write a text");
            }
            JsonNode value = value(tuple.getValueNode(), depth + 1);
            if (!key.getValue().equals("<<")) {
                object.set(key.getValue(), value);
                continue;
            }
            for (JsonNode merged : value.isArray() ? value : NODES.arrayNode().add(value)) {
                merged.properties().forEach(entry -> {
                    if (!object.has(entry.getKey())) {
                        object.set(entry.getKey(), entry.getValue());
                    }
                });
            }
        }
        return object;
    }

    private JsonNode scalar(ScalarNode scalar) throws SuiteException {
        String text = scalar.getValue();
        Tag tag = scalar.getTag();
        if (tag.equals(Tag.NULL)) {
            return NODES.nullNode();
        }
        if (tag.equals(Tag.BOOL)) {
            return NODES.booleanNode(Boolean.parseBoolean(text));
        }
        if (tag.equals(Tag.INT) || tag.equals(Tag.FLOAT)) {
            JsonNode number = number(text);
            return number == null ? NODES.stringNode(text) : number;
        }
        String name = tag.getValue();
        return name.startsWith("!") && name.length() > 1 ? NODES.objectNode().put(name, text) : NODES.stringNode(text);
    }

    private static @Nullable JsonNode number(String text) {
        try {
            if (text.startsWith("0x") || text.startsWith("0o")) {
                return NODES.numberNode(new BigInteger(text.substring(2), text.charAt(1) == 'x' ? 16 : 8));
            }
            BigDecimal value = new BigDecimal(text);
            return Math.abs((long) value.scale()) > 400 ? null : NODES.numberNode(value);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private SuiteException error(Node node, String reason, String remedy) {
        return new SuiteException(file, node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0), reason, remedy);
    }
}
