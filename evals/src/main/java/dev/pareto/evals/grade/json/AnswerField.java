package dev.pareto.evals.grade.json;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Finds the {@code answer} of a reply that was asked for {@code {"reasoning": …, "answer": …}}, as forgivingly as
 * ZeroEval does: the first balanced object, else the quoted value after the key, else whatever stands there, else
 * {@code \boxed{…}}.
 */
public final class AnswerField {

    private static final JsonMapper LENIENT = JsonMapper.builder()
            .disable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final List<Pattern> LOOSE = List.of(
            Pattern.compile("\"answer\"\\s*:\\s*\"([^\"]*)\"", Pattern.UNICODE_CHARACTER_CLASS),
            Pattern.compile("\"answer\"\\s*:\\s*([^,\\s]*)", Pattern.UNICODE_CHARACTER_CLASS),
            Pattern.compile("answer\\s*:\\s*([^,\\s]*)", Pattern.UNICODE_CHARACTER_CLASS),
            Pattern.compile("\\\\boxed\\{([\\p{L}\\p{N}_]+)\\}"));

    private AnswerField() {}

    /** The answer as Python's {@code str} would print it; null when there is none. */
    public static @Nullable String find(String reply) {
        String object = firstObject(reply);
        if (object != null) {
            try {
                JsonNode answer = LENIENT.readTree(object.replace("\n", "")).get("answer");
                if (answer != null) {
                    return python(answer, false);
                }
            } catch (JacksonException e) {
                // Not JSON after all: the looser rules below may still find the field.
            }
        }
        for (Pattern pattern : LOOSE) {
            Matcher matcher = pattern.matcher(reply);
            if (matcher.find()) {
                return matcher.group(1);
            }
        }
        return null;
    }

    /** From the first brace to the one that balances it, strings not regarded. */
    private static @Nullable String firstObject(String text) {
        int depth = 0;
        int start = -1;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '{') {
                start = depth == 0 ? i : start;
                depth++;
            } else if (c == '}' && depth > 0) {
                depth--;
                if (depth == 0) {
                    return text.substring(start, i + 1);
                }
            }
        }
        return null;
    }

    private static String python(JsonNode value, boolean nested) {
        if (value.isString()) {
            String text = value.stringValue();
            if (!nested) {
                return text;
            }
            boolean apostrophe = text.contains("'") && !text.contains("\"");
            String escaped = text.replace("\\", "\\\\").replace("\n", "\\n");
            return apostrophe ? '"' + escaped + '"' : "'" + escaped.replace("'", "\\'") + "'";
        }
        if (value.isBoolean()) {
            return value.booleanValue() ? "True" : "False";
        }
        if (value.isNull()) {
            return "None";
        }
        if (value.isArray()) {
            return value.valueStream().map(v -> python(v, true)).collect(Collectors.joining(", ", "[", "]"));
        }
        if (value.isObject()) {
            return value.propertyStream()
                    .map(entry -> "'" + entry.getKey() + "': " + python(entry.getValue(), true))
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        return value.isIntegralNumber() ? value.bigIntegerValue().toString() : Double.toString(value.doubleValue());
    }
}
