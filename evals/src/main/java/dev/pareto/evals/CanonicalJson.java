package dev.pareto.evals;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.TreeMap;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * One text for equal JSON values, so that a hash names a value and not its spelling: keys sorted, no white space,
 * numbers as plain decimals without trailing zeros (1, 1.0 and 1e0 are equal).
 */
public final class CanonicalJson {

    private CanonicalJson() {}

    /** The canonical text. */
    public static String text(JsonNode value) {
        return JsonMapper.shared().writeValueAsString(sorted(value));
    }

    /** SHA-256 of the canonical text, lower-case hex. */
    public static String sha256(JsonNode value) {
        return sha256(text(value).getBytes(StandardCharsets.UTF_8));
    }

    /** SHA-256 of bytes, lower-case hex. */
    public static String sha256(byte[] bytes) {
        return HexFormat.of().formatHex(digest().digest(bytes));
    }

    /** SHA-256 of a text in UTF-8, lower-case hex. */
    public static String sha256(String text) {
        return sha256(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A fresh SHA-256 digest, for input that comes in pieces. */
    public static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static JsonNode sorted(JsonNode value) {
        if (value instanceof ObjectNode object) {
            TreeMap<String, JsonNode> properties = new TreeMap<>();
            object.properties().forEach(entry -> properties.put(entry.getKey(), sorted(entry.getValue())));
            ObjectNode copy = JsonNodeFactory.instance.objectNode();
            properties.forEach(copy::set);
            return copy;
        }
        if (value instanceof ArrayNode array) {
            ArrayNode copy = JsonNodeFactory.instance.arrayNode();
            array.forEach(element -> copy.add(sorted(element)));
            return copy;
        }
        if (value.isNumber()) {
            return JsonNodeFactory.instance.numberNode(plain(value.decimalValue()));
        }
        return value;
    }

    private static BigDecimal plain(BigDecimal value) {
        BigDecimal stripped = value.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }
}
