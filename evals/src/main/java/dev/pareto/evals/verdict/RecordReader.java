package dev.pareto.evals.verdict;

import java.math.BigDecimal;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import dev.pareto.evals.Spelling;
import dev.pareto.policies.price.Money;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.StringNode;

/**
 * The lines of one record file; for one thread. What is there must be of its kind: a key twice, a second value on the line, or a latency in quotes
 * would otherwise give a verdict of something else than people meant.
 */
final class RecordReader {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final List<String> RECORD = List.of("id", "cluster", "stratum", "critical", "candidate",
            "incumbent");
    private static final List<String> SIDE = List.of("score", "human", "format_failure", "truncated", "refused",
            "failed_graders", "latency_ms", "cost", "currency", "served", "error");
    private static final List<String> SERVED = List.of("model", "fingerprint", "simulated");
    private static final int MOST_DIGITS = 40;

    /** Of keys that nobody reads, so many are named. */
    private static final int MOST_IGNORED = 20;

    private final Set<String> ignored = new LinkedHashSet<>();

    /** Keys that were left unread so far, the first twenty, with what they are keys of. */
    List<String> ignored() {
        return List.copyOf(ignored);
    }

    /** @throws IllegalArgumentException with a reason when it is no record */
    PairRecord record(byte[] line) {
        JsonNode json = parse(line);
        if (!json.isObject() || !(json.has("candidate") || json.has("incumbent"))) {
            throw new IllegalArgumentException("no object with 'candidate' and 'incumbent'");
        }
        ignoreUnknown(json, RECORD, "a record", json.has("candidate") && json.has("incumbent"));
        String id = name(json, "id");
        require(id != null, "id", "there: without it an item that stands in the file twice would count twice");
        return new PairRecord(String.valueOf(id), name(json, "cluster"), name(json, "stratum"),
                flag(json, "critical"), side(json.path("candidate")), side(json.path("incumbent")));
    }

    private static JsonNode parse(byte[] line) {
        if (starts(line, 0x1f, 0x8b)) {
            throw new IllegalArgumentException("the file is compressed, unpack it first");
        }
        if (starts(line, 0xfe, 0xff) || starts(line, 0xff, 0xfe)) {
            throw new IllegalArgumentException("the file is UTF-16, save it as UTF-8");
        }
        try {
            return JSON.readTree(line);
        } catch (MismatchedInputException more) {
            throw new IllegalArgumentException("there is more on the line than one JSON object", more);
        } catch (JacksonException malformed) {
            String reason = malformed.getOriginalMessage();
            throw new IllegalArgumentException(reason.startsWith("Non-standard token")
                    ? "NaN and Infinity are no JSON; write null where there is no score"
                    : "not JSON: " + reason, malformed);
        }
    }

    private static boolean starts(byte[] line, int first, int second) {
        return line.length > 1 && line[0] == (byte) first && line[1] == (byte) second;
    }

    private PairRecord.Side side(JsonNode json) {
        if (!json.isObject()) {
            return PairRecord.Side.scored(score(json, "score"));
        }
        ignoreUnknown(json, SIDE, "one side of a record", json.has("score"));
        Set<String> failed = new HashSet<>();
        JsonNode graders = json.path("failed_graders");
        require(graders.isMissingNode() || graders.isNull() || graders.isArray(), "failed_graders", "a list of names");
        for (JsonNode grader : graders) {
            require(grader.isString(), "failed_graders", "a list of names");
            failed.add(grader.stringValue());
        }
        return new PairRecord.Side(score(json.path("score"), "score"), score(json.path("human"), "human"),
                flag(json, "format_failure"), flag(json, "truncated"), flag(json, "refused"), failed, latency(json),
                cost(json), served(json.path("served")), name(json, "error"));
    }

    private PairRecord.@Nullable Served served(JsonNode json) {
        if (json.isMissingNode() || json.isNull()) {
            return null;
        }
        ignoreUnknown(json, SERVED, "'served'", json.has("model"));
        String model = json.isObject() ? name(json, "model") : null;
        require(model != null, "served", "an object with 'model'");
        return new PairRecord.Served(String.valueOf(model), name(json, "fingerprint"), flag(json, "simulated"));
    }

    private static @Nullable Double score(JsonNode json, String what) {
        if (json.isNull() || json.isMissingNode()) {
            return null;
        }
        if (json.isBoolean()) {
            return json.booleanValue() ? 1.0 : 0.0;
        }
        if (json.isNumber()) {
            double score = json.doubleValue();
            if (!(score >= 0 && score <= 1)) {
                throw new IllegalArgumentException(what + " " + score + " is not within 0 and 1");
            }
            return score;
        }
        throw new IllegalArgumentException("a " + what + " must be a number within 0 and 1, true, false or null, not "
                + shown(json));
    }

    private static @Nullable Double latency(JsonNode json) {
        JsonNode value = json.path("latency_ms");
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        double millis = value.isNumber() ? value.doubleValue() : -1;
        require(millis >= 0 && millis < Double.POSITIVE_INFINITY, "latency_ms", "a number from 0");
        return millis;
    }

    /** A number or, to the last digit, a decimal in quotes. */
    private static @Nullable Money cost(JsonNode json) {
        JsonNode value = json.path("cost");
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        String currency = name(json, "currency");
        try {
            String text = value.isNumber() || value.isString() ? value.asString() : "";
            require(text.length() <= MOST_DIGITS, "cost", "an amount of at most 12 decimals");
            BigDecimal amount = new BigDecimal(text);
            require(amount.signum() >= 0 && Math.abs((long) amount.scale()) <= MOST_DIGITS
                    && amount.precision() - amount.scale() <= MOST_DIGITS, "cost", "an amount from 0");
            return value.isString()
                    ? new Money(amount, currency == null ? "USD" : currency)
                    : Money.rounded(amount, currency == null ? "USD" : currency);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'cost' must be an amount such as 0.0012, not " + shown(value), e);
        }
    }

    private static boolean flag(JsonNode json, String key) {
        JsonNode value = json.path(key);
        require(value.isBoolean() || value.isMissingNode() || value.isNull(), key, "true or false");
        return value.isBoolean() && value.booleanValue();
    }

    /** A text, or a number as one. */
    private static @Nullable String name(JsonNode json, String key) {
        JsonNode value = json.get(key);
        if (value == null || value.isNull()) {
            return null;
        }
        require(value.isString() || value.isNumber(), key, "a text or a number");
        require(!value.asString().isBlank(), key, "a text that is not blank");
        return value.asString();
    }

    /**
     * Others' records carry more than is read here. Refused is what may be a known key misspelt, for a cluster that goes unread would
     * make the evidence look stronger than it is.
     *
     * @param whole whether what must be there is; else any unknown key may be it
     */
    private void ignoreUnknown(JsonNode json, List<String> known, String what, boolean whole) {
        for (String key : json.propertyNames()) {
            if (known.contains(key)) {
                continue;
            }
            String meant = Spelling.nearest(key, known.stream().filter(one -> !json.has(one)).toList());
            if (meant != null || !whole) {
                throw new IllegalArgumentException("'" + key + "' is no key of " + what
                        + (meant == null
                                ? ", which has " + String.join(", ", known)
                                : "; did you mean '" + meant + "'?"));
            }
            if (ignored.size() < MOST_IGNORED) {
                ignored.add(shown(StringNode.valueOf(key)) + " of " + what);
            }
        }
    }

    private static void require(boolean holds, String key, String what) {
        if (!holds) {
            throw new IllegalArgumentException("'" + key + "' must be " + what);
        }
    }

    private static String shown(JsonNode value) {
        String text = value.toString();
        return text.length() <= 60 ? text : text.substring(0, 60) + "…";
    }
}
