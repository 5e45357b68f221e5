package dev.pareto.evals.suite;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLParser;

/**
 * A YAML file as a tree that remembers the line of each value. Anchors, duplicate keys and second documents are
 * refused: a suite must read the same to a person and to every parser.
 */
final class YamlDocument {

    private static final int MAX_BYTES = 1 << 20;
    private static final int MAX_DEPTH = 20;
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final Path file;
    private final Map<String, Integer> lines = new HashMap<>();
    private JsonNode root = NODES.missingNode();

    private YamlDocument(Path file) {
        this.file = file;
    }

    static YamlDocument read(Path file) throws IOException, SuiteException {
        YamlDocument document = new YamlDocument(file);
        if (Files.size(file) > MAX_BYTES) {
            throw document.error("", "the file is larger than 1 MiB", "move items to the items file");
        }
        try (JsonParser parser = new YAMLFactory().createParser(ObjectReadContext.empty(), Files.readAllBytes(file))) {
            if (parser.nextToken() == null) {
                throw document.error("", "the file is empty", "start with 'suite: NAME'");
            }
            document.root = document.value(parser, "", 0);
            if (parser.nextToken() != null) {
                throw document.errorAt(line(parser), "more than one document", "remove what follows '---'");
            }
        } catch (JacksonException e) {
            int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
            throw new SuiteException(file, Math.max(0, line), "not YAML: " + e.getOriginalMessage(),
                    "mend the syntax there");
        }
        return document;
    }

    /** A tree that came from elsewhere; its values have no lines. */
    static YamlDocument of(Path file, JsonNode root) {
        YamlDocument document = new YamlDocument(file);
        document.root = root;
        return document;
    }

    JsonNode root() {
        return root;
    }

    Path file() {
        return file;
    }

    /** An error at the value that the JSON pointer names, or at its nearest ancestor that has a line. */
    SuiteException error(String pointer, String reason, String remedy) {
        String at = pointer;
        while (!lines.containsKey(at) && !at.isEmpty()) {
            at = at.substring(0, at.lastIndexOf('/'));
        }
        return errorAt(lines.getOrDefault(at, 0), reason, remedy);
    }

    private SuiteException errorAt(int line, String reason, String remedy) {
        return new SuiteException(file, line, reason, remedy);
    }

    private JsonNode value(JsonParser parser, String pointer, int depth) throws SuiteException {
        int line = line(parser);
        lines.putIfAbsent(pointer, line);
        if (depth > MAX_DEPTH) {
            throw errorAt(line, "nested deeper than " + MAX_DEPTH + " levels", "flatten it");
        }
        if (parser instanceof YAMLParser yaml && (yaml.isCurrentAlias() || yaml.getObjectId() != null)) {
            throw errorAt(line, "anchors and aliases are not supported", "write the value out");
        }
        JsonToken token = parser.currentToken();
        return switch (token) {
            case START_OBJECT -> object(parser, pointer, depth);
            case START_ARRAY -> array(parser, pointer, depth);
            case VALUE_NULL -> NODES.nullNode();
            case VALUE_TRUE, VALUE_FALSE -> NODES.booleanNode(token == JsonToken.VALUE_TRUE);
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> NODES.numberNode(number(parser, line));
            default -> NODES.stringNode(parser.getString());
        };
    }

    private BigDecimal number(JsonParser parser, int line) throws SuiteException {
        try {
            return parser.getDecimalValue();
        } catch (JacksonException e) {
            throw errorAt(line, "'" + parser.getString() + "' is not a finite number", "write a plain number");
        }
    }

    private ObjectNode object(JsonParser parser, String pointer, int depth) throws SuiteException {
        ObjectNode object = NODES.objectNode();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            String child = pointer + "/" + Section.escaped(name);
            int line = line(parser);
            if (object.has(name)) {
                throw errorAt(line, "'" + name + "' is written twice", "remove one of them");
            }
            lines.put(child, line);
            parser.nextToken();
            object.set(name, value(parser, child, depth + 1));
        }
        return object;
    }

    private ArrayNode array(JsonParser parser, String pointer, int depth) throws SuiteException {
        ArrayNode array = NODES.arrayNode();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            array.add(value(parser, pointer + "/" + array.size(), depth + 1));
        }
        return array;
    }

    private static int line(JsonParser parser) {
        return parser.currentTokenLocation().getLineNr();
    }

    /** The value at a pointer, null when absent or null. */
    @Nullable
    JsonNode at(String pointer) {
        JsonNode node = root.at(pointer);
        return node.isMissingNode() || node.isNull() ? null : node;
    }
}
