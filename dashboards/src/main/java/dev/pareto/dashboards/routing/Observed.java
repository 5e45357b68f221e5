package dev.pareto.dashboards.routing;

import dev.pareto.dashboards.report.Amount;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What a route's sampled decisions say of one model: each forecast, each answer, each reason that kept it out. For one thread. */
final class Observed {

    private static final int MOST_REASONS = 6;
    private static final int MOST_KINDS = 200;
    private static final double Z = 1.96;

    private final String currency;
    private final Tally expectedCost = new Tally();
    private final List<double[]> probabilities = new ArrayList<>();
    private final Tally cost = new Tally();
    private final List<Long> millis = new ArrayList<>();
    private final List<Long> firstTokens = new ArrayList<>();
    private final Map<String, RoutePage.Reason> reasons = new LinkedHashMap<>();
    private final List<Double> scores = new ArrayList<>();
    private @Nullable JsonNode newest;
    private long labels;
    private long chosen;
    private long chosenOfNewest;
    private long weighed;
    private long excluded;
    private long answers;

    /** A mean of exact amounts. */
    private static final class Tally {
        private BigDecimal sum = BigDecimal.ZERO;
        private long count;

        void add(JsonNode amount) {
            if (amount.isString()) {
                sum = sum.add(new BigDecimal(amount.asString()));
                count++;
            }
        }

        @Nullable
        Amount mean() {
            return new Amount(sum).each(count);
        }
    }

    Observed(String currency) {
        this.currency = currency;
    }

    /** It was weighed; the newest comes last. */
    void weighed(JsonNode candidate, boolean won, boolean amongNewest) {
        newest = candidate;
        weighed++;
        chosen += won ? 1 : 0;
        chosenOfNewest += won && amongNewest ? 1 : 0;
        if (currency.equals(candidate.path("currency").asString(""))) {
            expectedCost.add(candidate.path("predicted_cost"));
        }
        JsonNode accuracy = candidate.path("accuracy");
        if (accuracy.isObject()) {
            probabilities.add(new double[]{accuracy.path("probability").doubleValue(0),
                    accuracy.path("low").doubleValue(0), accuracy.path("high").doubleValue(1)});
            labels = accuracy.path("labels").longValue(0);
        }
        JsonNode refusals = candidate.path("refusals");
        JsonNode violations = candidate.path("violations");
        excluded += refusals.isEmpty() && violations.isEmpty() ? 0 : 1;
        refusals.forEach(one -> because("refusal", refusal(one.asString(""))));
        violations.forEach(one -> because("limit", one.path("constraint").asString("") + ": "
                + one.path("actual").asString("") + ", limit " + one.path("limit").asString("")));
    }

    /** Which other model a caller asked for is no property of this one. */
    private static String refusal(String text) {
        return text.startsWith("Pareto-Model ") ? "the caller asked for another model (Pareto-Model)" : text;
    }

    /** Reasons that differ in their figures alone are one. */
    private void because(String kind, String text) {
        String key = kind + text.replaceAll("[0-9][0-9.,]*", "#");
        RoutePage.Reason known = reasons.get(key);
        if (known != null || reasons.size() < MOST_KINDS) {
            reasons.put(key, new RoutePage.Reason(kind, text, known == null ? 1 : known.requests() + 1));
        }
    }

    /** It answered. */
    void answered(JsonNode outcome) {
        answers++;
        if (currency.equals(outcome.path("currency").asString(""))) {
            cost.add(outcome.path("cost"));
        }
        millis.add(outcome.path("latency_ms").longValue(0));
        if (outcome.path("first_token_ms").isNumber()) {
            firstTokens.add(outcome.path("first_token_ms").longValue(0));
        }
        if (outcome.path("score").isNumber()) {
            scores.add(outcome.path("score").doubleValue(0));
        }
    }

    long chosen() {
        return chosen;
    }

    long chosenOfNewest() {
        return chosenOfNewest;
    }

    long weighed() {
        return weighed;
    }

    long excluded() {
        return excluded;
    }

    List<RoutePage.Reason> reasons() {
        return reasons.values()
                .stream()
                .sorted(Comparator.comparingLong(RoutePage.Reason::requests).reversed())
                .limit(MOST_REASONS)
                .toList();
    }

    /** A part of what the newest decision says of it; null where it says nothing. */
    @Nullable
    JsonNode newest(String part) {
        JsonNode found = newest == null ? null : newest.path(part);
        return found == null || !found.isObject() ? null : found;
    }

    /** As forecast, on every sampled prompt: candidates can be compared by it. */
    RoutePage.Figures expected() {
        return new RoutePage.Figures(weighed, expectedCost.mean(), forecast("first_token_p95_ms"),
                forecast("total_p95_ms"), predicted(), null);
    }

    private @Nullable Long forecast(String field) {
        JsonNode value = newest == null ? null : newest.path(field);
        return value == null || !value.isNumber() ? null : (Long) value.longValue(0);
    }

    private RoutePage.@Nullable Accuracy predicted() {
        if (probabilities.isEmpty()) {
            return null;
        }
        double[] sums = new double[3];
        for (double[] one : probabilities) {
            for (int i = 0; i < sums.length; i++) {
                sums[i] += one[i];
            }
        }
        int count = probabilities.size();
        return new RoutePage.Accuracy(sums[0] / count, sums[1] / count, sums[2] / count, labels);
    }

    /** As it was, on the prompts that it answered. */
    RoutePage.Figures measured() {
        return new RoutePage.Figures(answers, cost.mean(), p95(firstTokens), p95(millis), scored(), null);
    }

    private static @Nullable Long p95(List<Long> values) {
        if (values.isEmpty()) {
            return null;
        }
        List<Long> sorted = values.stream().sorted().toList();
        return sorted.get((int) Math.ceil(0.95 * sorted.size()) - 1);
    }

    /** Wilson's interval; for scores between 0 and 1 it is on the safe side. */
    private RoutePage.@Nullable Accuracy scored() {
        int n = scores.size();
        if (n == 0) {
            return null;
        }
        double mean = scores.stream().mapToDouble(Double::doubleValue).average().orElse(0);
        double centre = (mean + Z * Z / (2 * n)) / (1 + Z * Z / n);
        double half = Z / (1 + Z * Z / n) * Math.sqrt(mean * (1 - mean) / n + Z * Z / (4.0 * n * n));
        return new RoutePage.Accuracy(mean, Math.max(0, Math.min(mean, centre - half)),
                Math.min(1, Math.max(mean, centre + half)), n);
    }
}
