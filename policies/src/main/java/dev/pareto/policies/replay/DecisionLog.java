package dev.pareto.policies.replay;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.decide.Overrides;
import dev.pareto.policies.decide.RequestFeatures;
import dev.pareto.policies.predict.AccuracyForecast;
import dev.pareto.policies.predict.Commitments.Room;
import dev.pareto.policies.predict.PromptText;
import dev.pareto.policies.price.Money;
import dev.pareto.policies.swap.Evidence;
import dev.pareto.policies.swap.Outcome;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Recorded decisions, one JSON object a line: {@code {"decision": …, "outcome": {"served", "cost", "latency_ms", "prompt_tokens",
 * "output_tokens", "score"}}} with the ledger's copy of the decision. Plain or gzip.
 */
public final class DecisionLog {

    private static final int MOST_CHARACTERS = 300_000;
    private static final JsonMapper JSON = JsonMapper.shared();

    private DecisionLog() {}

    /**
     * @param records in the file's order
     * @param withoutRequest decisions of before requests were recorded, which cannot be decided again
     */
    public record Read(List<Recorded> records, long withoutRequest) {

        public Read {
            records = List.copyOf(records);
        }
    }

    /** @throws IllegalArgumentException when a line is no recorded decision; the message names file and line */
    public static Read read(Path file) throws IOException {
        List<Recorded> records = new ArrayList<>();
        long without = 0;
        try (BufferedReader lines = open(file)) {
            int number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (line.isBlank()) {
                    continue;
                }
                Recorded one = at(file, number, line);
                if (one == null) {
                    without++;
                } else {
                    records.add(one);
                }
            }
        }
        return new Read(records, without);
    }

    private static BufferedReader open(Path file) throws IOException {
        InputStream in = new BufferedInputStream(Files.newInputStream(file));
        in.mark(2);
        boolean packed = in.read() == 0x1f && in.read() == 0x8b;
        in.reset();
        return new BufferedReader(new InputStreamReader(packed ? new GZIPInputStream(in) : in, UTF_8));
    }

    private static @Nullable Recorded at(Path file, int number, String line) {
        try {
            if (line.length() > MOST_CHARACTERS) {
                throw new IllegalArgumentException("longer than " + MOST_CHARACTERS + " characters");
            }
            return parse(line);
        } catch (JacksonException | IllegalArgumentException | java.time.DateTimeException wrong) {
            throw new IllegalArgumentException(file + ", line " + number + ": no recorded decision: "
                    + wrong.getMessage() + "; ./pareto policy export writes them", wrong);
        }
    }

    /** @return null for a decision without its request */
    public static @Nullable Recorded parse(String line) {
        return parse(JSON.readTree(line));
    }

    /** @return null for a decision without its request */
    public static @Nullable Recorded parse(JsonNode root) {
        JsonNode decision = root.path("decision");
        if (!decision.isObject()) {
            throw new IllegalArgumentException("it has no 'decision'");
        }
        JsonNode request = decision.path("request");
        if (!request.isObject()) {
            return null;
        }
        String route = text(decision, "route", "");
        Instant at = Instant.parse(text(request, "at", ""));
        String chosen = decision.path("outcome").path("model").asStringOpt().orElse(null);
        ModelId model = chosen == null ? null : ModelId.parse(chosen);
        Map<ModelId, Double> propensities = propensities(decision, model);
        List<Recorded.Candidate> candidates = new ArrayList<>();
        ModelId baseline = decision.path("baseline").isString()
                ? ModelId.parse(decision.path("baseline").asString())
                : null;
        for (JsonNode one : decision.path("candidates")) {
            candidates.add(candidate(one, route, baseline, at, propensities));
        }
        double propensity = model == null ? 1 : propensities.getOrDefault(model, 1.0);
        return new Recorded(features(decision, request, at), route, whole(request, "output_tokens"), candidates, model,
                propensity, outcome(root.path("outcome")));
    }

    private static RequestFeatures features(JsonNode decision, JsonNode request, Instant at) {
        Map<String, String> tags = new LinkedHashMap<>();
        request.path("tags").properties().forEach(tag -> tags.put(tag.getKey(), tag.getValue().asString()));
        JsonNode asked = request.path("asked");
        Integer latency = whole(asked, "max_latency_ms");
        String model = text(asked, "model", "");
        var overrides = new Overrides(asked.path("policy").asStringOpt().orElse(null),
                decimal(asked, "max_cost_usd"), latency == null ? null : Duration.ofMillis(latency),
                number(asked, "min_accuracy"), model.isEmpty() ? null : ModelId.parse(model),
                asked.path("local_only").booleanValue(false), asked.path("data_class").asStringOpt().orElse(null),
                null);
        String id = text(decision, "id", "");
        Integer prompt = whole(request, "prompt_tokens");
        Integer answers = whole(request, "answers");
        return new RequestFeatures(id, text(request, "model", ""), prompt == null ? 0 : prompt,
                whole(request, "max_output_tokens"), request.path("streamed").booleanValue(false),
                request.path("tools").booleanValue(false), overrides, text(request, "tenant", ""),
                text(request, "unit", id), at, request.path("callers_key").booleanValue(false),
                request.path("addressed").asStringOpt().orElse(null), tags, Map.of(), new PromptText("", null),
                request.path("service_tier").asStringOpt().orElse(null), answers == null ? 1 : Math.max(1, answers));
    }

    private static Recorded.Candidate candidate(JsonNode one, String route, @Nullable ModelId baseline, Instant at,
            Map<ModelId, Double> propensities) {
        ModelId model = ModelId.parse(text(one, "model", ""));
        JsonNode swap = one.path("swap");
        Integer observations = whole(one, "latency_observations");
        return new Recorded.Candidate(model, decimal(one, "predicted_cost"), commitment(one.path("commitment")),
                millis(one, "first_token_p95_ms"), millis(one, "total_p95_ms"), observations == null ? 0 : observations,
                accuracy(one.path("accuracy")),
                baseline == null ? null : evidence(one.path("evidence"), route, model, baseline, at),
                one.path("share").doubleValue(1), swap.isObject() ? swap.path("assigned").booleanValue(false) : null,
                one.path("refusals").isEmpty(), propensities.getOrDefault(model, 0.0));
    }

    private static @Nullable Room commitment(JsonNode one) {
        BigDecimal left = decimal(one, "left");
        return left == null || left.signum() < 0
                ? null
                : new Room(text(one, "name", ""), Money.rounded(left, text(one, "currency", "USD")));
    }

    /**
     * With what probability each model was to be chosen. A bandit wrote it down; a swap's share is one, where its candidate would win; all
     * else was certain.
     */
    private static Map<ModelId, Double> propensities(JsonNode decision, @Nullable ModelId chosen) {
        Map<ModelId, Double> stated = new LinkedHashMap<>();
        for (JsonNode one : decision.path("candidates")) {
            Double propensity = number(one, "propensity");
            if (propensity != null && propensity > 0) {
                stated.put(ModelId.parse(text(one, "model", "")), propensity);
            }
        }
        if (!stated.isEmpty() || chosen == null) {
            return stated;
        }
        String objective = decision.path("request").path("objective").asString("");
        JsonNode winner = node(decision, chosen);
        for (JsonNode one : decision.path("candidates")) {
            ModelId model = ModelId.parse(text(one, "model", ""));
            double share = one.path("share").doubleValue(1);
            if (!one.path("swap").isObject() || !(share > 0 && share < 1)) {
                continue;
            }
            JsonNode second = model.equals(chosen) ? second(decision) : winner;
            boolean wouldWin = model.equals(chosen) || (one.path("refusals").size() == 1
                    && !one.path("swap").path("assigned").booleanValue(false) && one.path("violations").isEmpty()
                    && better(objective, one, winner));
            if (wouldWin) {
                stated.put(model, share);
                if (second != null) {
                    stated.put(ModelId.parse(text(second, "model", "")), 1 - share);
                }
                return stated;
            }
        }
        stated.put(chosen, 1.0);
        return stated;
    }

    private static boolean better(String objective, JsonNode one, @Nullable JsonNode other) {
        if (other == null) {
            return false;
        }
        return switch (objective) {
            case "cost" -> {
                BigDecimal mine = decimal(one, "predicted_cost");
                BigDecimal theirs = decimal(other, "predicted_cost");
                yield mine != null && theirs != null && mine.compareTo(theirs) < 0;
            }
            case "latency" -> {
                Long mine = millis(one, "total_p95_ms");
                Long theirs = millis(other, "total_p95_ms");
                yield mine != null && theirs != null && mine < theirs;
            }
            default -> false;
        };
    }

    private static @Nullable JsonNode node(JsonNode decision, ModelId model) {
        for (JsonNode one : decision.path("candidates")) {
            if (model.toString().equals(text(one, "model", ""))) {
                return one;
            }
        }
        return null;
    }

    private static @Nullable JsonNode second(JsonNode decision) {
        for (JsonNode one : decision.path("candidates")) {
            if (one.path("place").intValue(0) == 2 && one.path("refusals").isEmpty()
                    && one.path("violations").isEmpty()) {
                return one;
            }
        }
        return null;
    }

    private static @Nullable AccuracyForecast accuracy(JsonNode node) {
        return node.isObject()
                ? new AccuracyForecast(node.path("probability").doubleValue(), node.path("low").doubleValue(),
                        node.path("high").doubleValue(), node.path("labels").intValue(),
                        node.path("version").asString(""))
                : null;
    }

    private static @Nullable Evidence evidence(JsonNode node, String route, ModelId candidate, ModelId incumbent,
            Instant at) {
        return node.isObject()
                ? new Evidence(text(node, "verdict", ""), route, candidate, incumbent,
                        Outcome.valueOf(text(node, "outcome", "")), node.path("margin").doubleValue(),
                        node.path("difference").doubleValue(), node.path("lower").doubleValue(),
                        node.path("upper").doubleValue(), node.path("confidence").doubleValue(), null, null,
                        node.path("simulated").booleanValue(false), null, at,
                        Instant.parse(text(node, "expires_at", "")))
                : null;
    }

    private static Recorded.@Nullable Outcome outcome(JsonNode node) {
        if (!node.isObject()) {
            return null;
        }
        String served = node.path("served").asStringOpt().orElse(null);
        Double score = number(node, "score");
        return new Recorded.Outcome(served == null ? null : ModelId.parse(served), decimal(node, "cost"),
                millis(node, "latency_ms"), node.path("prompt_tokens").longValue(0),
                node.path("output_tokens").longValue(0), score == null ? null : Math.clamp(score, 0, 1));
    }

    private static String text(JsonNode node, String field, String otherwise) {
        return node.path(field).asStringOpt().orElse(otherwise);
    }

    private static @Nullable Integer whole(JsonNode node, String field) {
        return node.path(field).isNumber() ? Integer.valueOf(node.path(field).intValue()) : null;
    }

    private static @Nullable Long millis(JsonNode node, String field) {
        return node.path(field).isNumber() ? Long.valueOf(node.path(field).longValue()) : null;
    }

    private static @Nullable Double number(JsonNode node, String field) {
        return node.path(field).isNumber() ? Double.valueOf(node.path(field).doubleValue()) : null;
    }

    private static @Nullable BigDecimal decimal(JsonNode node, String field) {
        return node.path(field).isString() || node.path(field).isNumber()
                ? new BigDecimal(node.path(field).asString())
                : null;
    }
}
