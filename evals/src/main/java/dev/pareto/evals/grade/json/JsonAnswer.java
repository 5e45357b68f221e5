package dev.pareto.evals.grade.json;

import java.util.Optional;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads a model's answer as JSON. */
public final class JsonAnswer {

    private static final JsonMapper STRICT = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();
    /** How many opening brackets are tried in an answer full of prose. */
    private static final int MAX_ATTEMPTS = 32;

    private JsonAnswer() {}

    /**
     * The answer's value.
     *
     * @param tolerant whether prose and code fences around the first JSON object or array are forgiven
     */
    public static Optional<JsonNode> parse(String answer, boolean tolerant) {
        Optional<JsonNode> whole = read(answer.strip());
        if (whole.isPresent() || !tolerant) {
            return whole;
        }
        int attempts = 0;
        for (int i = 0; i < answer.length() && attempts < MAX_ATTEMPTS; i++) {
            char c = answer.charAt(i);
            if (c == '{' || c == '[') {
                attempts++;
                int end = closing(answer, i);
                Optional<JsonNode> part = end < 0 ? Optional.empty() : read(answer.substring(i, end + 1));
                if (part.isPresent()) {
                    return part;
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<JsonNode> read(String text) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(STRICT.readTree(text));
        } catch (JacksonException | NumberFormatException e) { // the latter for exponents beyond BigDecimal's
            return Optional.empty();
        }
    }

    /** Index of the bracket that closes the one at {@code open}, skipping strings; -1 when there is none. */
    private static int closing(String text, int open) {
        int depth = 0;
        boolean quoted = false;
        for (int i = open; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted) {
                if (c == '\\') {
                    i++;
                } else if (c == '"') {
                    quoted = false;
                }
            } else if (c == '"') {
                quoted = true;
            } else if (c == '{' || c == '[') {
                depth++;
            } else if (c == '}' || c == ']') {
                depth--;
                if (depth == 0) {
                    return i;
                }
            }
        }
        return -1;
    }
}
