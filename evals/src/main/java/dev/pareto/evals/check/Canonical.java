package dev.pareto.evals.check;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.TreeSet;

import tools.jackson.databind.JsonNode;

/** The text that seals are over, written once more from its definition: keys sorted, no white space, numbers without needless zeros. */
final class Canonical {

    private Canonical() {}

    /** With every key, null or not. */
    static String whole(JsonNode value) {
        StringBuilder text = new StringBuilder();
        write(value, true, text);
        return text.toString();
    }

    /** Without keys whose value is null. */
    static String withoutNulls(JsonNode value) {
        StringBuilder text = new StringBuilder();
        write(value, false, text);
        return text.toString();
    }

    static String sha256(String text) {
        return hex(digest().digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static void write(JsonNode value, boolean nulls, StringBuilder text) {
        if (value.isObject()) {
            String comma = "{";
            for (String key : new TreeSet<>(value.propertyNames())) {
                JsonNode member = value.path(key);
                if (nulls || !member.isNull()) {
                    text.append(comma);
                    quote(key, text);
                    write(member, nulls, text.append(':'));
                    comma = ",";
                }
            }
            text.append(comma.equals("{") ? "{}" : "}");
        } else if (value.isArray()) {
            text.append('[');
            for (int i = 0; i < value.size(); i++) {
                write(value.get(i), nulls, i == 0 ? text : text.append(','));
            }
            text.append(']');
        } else if (value.isNumber()) {
            BigDecimal number = value.decimalValue().stripTrailingZeros();
            text.append(number.scale() < 0 ? number.toBigInteger().toString() : number.toString());
        } else if (value.isString()) {
            quote(value.stringValue(), text);
        } else {
            text.append(value);
        }
    }

    private static void quote(String raw, StringBuilder text) {
        text.append('"');
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            switch (c) {
                case '"' -> text.append("\\\"");
                case '\\' -> text.append("\\\\");
                case '\b' -> text.append("\\b");
                case '\f' -> text.append("\\f");
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                default -> {
                    if (c < ' ') {
                        text.append(String.format("\\u%04X", (int) c));
                    } else {
                        text.append(c);
                    }
                }
            }
        }
        text.append('"');
    }
}
