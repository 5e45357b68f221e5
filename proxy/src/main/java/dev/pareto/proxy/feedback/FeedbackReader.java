package dev.pareto.proxy.feedback;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import dev.pareto.dashboards.store.StoredFeedback;
import dev.pareto.policies.experiment.Metric;
import dev.pareto.proxy.dialect.openai.Json;
import dev.pareto.proxy.dialect.openai.OpenAiError;
import dev.pareto.proxy.dialect.openai.RefusedException;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Reads {@code {"request_id", "score" or "label", "comment"?, "metrics"?}}, or {@code {"feedback": [those]}}. What is not understood is
 * refused with its field: a score that went astray is worse than none.
 */
public final class FeedbackReader {

    /** In one body. */
    static final int MOST = 500;

    static final int MAX_COMMENT = 2_000;

    private static final int MAX_METRICS = 16;
    private static final int MAX_ID = 64;
    private static final String NAME = "[A-Za-z0-9_.-]{1,64}";
    private static final Set<String> KEYS = Set.of("request_id", "score", "label", "comment", "metrics");
    private static final Map<String, Double> LABELS = Map.ofEntries(Map.entry("good", 1.0), Map.entry("bad", 0.0),
            Map.entry("up", 1.0), Map.entry("down", 0.0), Map.entry("accepted", 1.0), Map.entry("rejected", 0.0),
            Map.entry("correct", 1.0), Map.entry("wrong", 0.0), Map.entry("neutral", 0.5));

    private FeedbackReader() {}

    /**
     * A body, read.
     *
     * @param single whether it was one feedback by itself, whose refusal is the answer's
     */
    public record Body(boolean single, List<Feedback> feedback) {

        public Body {
            feedback = List.copyOf(feedback);
        }
    }

    /** @throws RefusedException that names the field at fault */
    public static Body read(byte[] bytes) {
        JsonNode root;
        try {
            root = Json.mapper().readTree(bytes);
        } catch (JacksonException malformed) {
            throw refused("invalid_json", "The body is not JSON: " + malformed.getOriginalMessage(), null);
        }
        if (!root.isObject()) {
            throw refused("invalid_json", "The body must be one JSON object.", null);
        }
        if (!root.has("feedback")) {
            return new Body(true, List.of(one(root, "")));
        }
        JsonNode list = root.get("feedback");
        if (root.size() != 1 || !list.isArray() || list.isEmpty() || list.size() > MOST) {
            throw refused("invalid_feedback", "Send {\"feedback\": [ … ]} with 1 to " + MOST + " of them and no more.",
                    "feedback");
        }
        List<Feedback> all = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            all.add(one(list.get(i), "feedback[" + i + "]."));
        }
        return new Body(false, all);
    }

    private static Feedback one(JsonNode node, String at) {
        if (!node.isObject()) {
            throw refused("invalid_feedback", "Each feedback is a JSON object.", at + "request_id");
        }
        for (String key : node.propertyNames()) {
            if (!KEYS.contains(key)) {
                throw refused("invalid_feedback", "Unknown field '" + shown(key) + "'; a feedback has "
                        + new TreeSet<>(KEYS) + ".", at + shown(key));
            }
        }
        String id = node.path("request_id").asString("");
        if (id.isBlank() || id.length() > MAX_ID) {
            throw refused("invalid_feedback", "Name the answer by its Pareto-Request-Id.", at + "request_id");
        }
        Map<String, Double> metrics = metrics(node.path("metrics"), at);
        Double score = score(node, at);
        if (score == null && metrics.isEmpty()) {
            throw refused("invalid_feedback", "Say something of the answer: a score from 0 to 1, a label, or metrics.",
                    at + "score");
        }
        return new Feedback(id, score, metrics, comment(node.path("comment"), at));
    }

    private static @Nullable Double score(JsonNode node, String at) {
        JsonNode score = node.path("score");
        JsonNode label = node.path("label");
        if (!absent(score) && !absent(label)) {
            throw refused("invalid_feedback", "Give either a score or a label.", at + "label");
        }
        if (!absent(label)) {
            Double value = LABELS.get(label.asString(""));
            if (value == null) {
                throw refused("invalid_feedback", "Unknown label; those known are " + new TreeSet<>(LABELS.keySet())
                        + ".", at + "label");
            }
            return value;
        }
        if (absent(score)) {
            return null;
        }
        double value = score.isNumber() ? score.doubleValue() : Double.NaN;
        if (!(value >= 0 && value <= 1)) {
            throw refused("invalid_feedback", "A score is a number from 0 to 1.", at + "score");
        }
        return value;
    }

    private static Map<String, Double> metrics(JsonNode node, String at) {
        if (absent(node)) {
            return Map.of();
        }
        if (!node.isObject() || node.size() > MAX_METRICS) {
            throw refused("invalid_feedback", "Metrics are an object of at most " + MAX_METRICS + " numbers by name.",
                    at + "metrics");
        }
        Map<String, Double> metrics = new TreeMap<>();
        for (Map.Entry<String, JsonNode> metric : node.properties()) {
            String name = metric.getKey();
            double value = metric.getValue().isNumber() ? metric.getValue().doubleValue() : Double.NaN;
            if (!name.matches(NAME) || name.equals(StoredFeedback.SCORE) || !Metric.valued(value)) {
                throw refused("invalid_feedback", "A metric has a name of letters, digits, '_', '.' and '-', not '"
                        + StoredFeedback.SCORE + "', and a number from -10^9 to 10^9.", at + "metrics." + shown(name));
            }
            metrics.put(name, value);
        }
        return metrics;
    }

    private static @Nullable String comment(JsonNode node, String at) {
        if (absent(node)) {
            return null;
        }
        String text = node.asString("");
        if (!node.isString() || text.length() > MAX_COMMENT) {
            throw refused("invalid_feedback", "A comment is a text of at most " + MAX_COMMENT + " characters.",
                    at + "comment");
        }
        return text.isBlank() ? null : text;
    }

    private static boolean absent(JsonNode node) {
        return node.isMissingNode() || node.isNull();
    }

    private static String shown(String name) {
        return name.length() <= 64 ? name : name.substring(0, 64) + "…";
    }

    private static RefusedException refused(String code, String message, @Nullable String param) {
        return new RefusedException(OpenAiError.badRequest(code, message, param));
    }
}
