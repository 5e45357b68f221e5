package dev.pareto.policies.replay;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.policy.ParetoConfig;
import dev.pareto.policies.price.Buckets;
import dev.pareto.policies.price.PriceVersion;
import dev.pareto.policies.price.UnitPrice;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a model of the log would have brought, told from forecasts and from the other requests: cost by the price book and the tokens as
 * billed, accuracy by the recorded forecast or else the mean of the labels, latency by what was measured on the route.
 */
final class OutcomeModel {

    /** What a mean of few labels is drawn towards, and how many labels that weighs. */
    private static final double PRIOR = 0.5;
    private static final double PRIOR_LABELS = 2;

    private final ParetoConfig config;
    private final Map<String, double[]> scores = new HashMap<>();
    private final Map<String, List<Double>> seconds = new HashMap<>();

    OutcomeModel(ParetoConfig config, List<Recorded> log) {
        this.config = config;
        for (Recorded one : log) {
            Recorded.Outcome outcome = one.outcome();
            if (outcome == null || one.chosen() == null) {
                continue;
            }
            String key = key(one, one.chosen());
            if (outcome.score() != null) {
                double[] sums = scores.computeIfAbsent(key, k -> new double[2]);
                sums[0] += outcome.score();
                sums[1]++;
            }
            if (outcome.millis() != null && outcome.served() != null) {
                seconds.computeIfAbsent(key, k -> new ArrayList<>()).add(outcome.millis() / 1e3);
            }
        }
    }

    private static String key(Recorded one, ModelId model) {
        return one.route() + "\n" + model;
    }

    /** Expected cost; null where the price is unknown. */
    @Nullable
    Double cost(Recorded one, ModelId model) {
        PriceVersion price = config.prices()
                .at(config.priceSku(model), PriceVersion.STANDARD, one.at())
                .orElse(null);
        if (price == null) {
            Recorded.Candidate candidate = one.candidate(model);
            return candidate == null || candidate.cost() == null ? null : candidate.cost().doubleValue();
        }
        Recorded.Outcome outcome = one.outcome();
        long prompt = outcome == null || outcome.promptTokens() == 0
                ? one.features().promptTokens()
                : outcome.promptTokens();
        long output = outcome != null && outcome.outputTokens() > 0
                ? outcome.outputTokens()
                : one.outputTokens() == null ? 0 : one.outputTokens();
        Map<String, UnitPrice> prices = price.band(prompt, one.at()).prices();
        UnitPrice input = prices.get(Buckets.INPUT);
        UnitPrice generated = prices.get(Buckets.OUTPUT);
        if (input == null || generated == null) {
            Recorded.Candidate candidate = one.candidate(model);
            return candidate == null || candidate.cost() == null ? null : candidate.cost().doubleValue();
        }
        return part(input, prompt) + part(generated, output);
    }

    private static double part(UnitPrice price, long tokens) {
        return price.price()
                .multiply(BigDecimal.valueOf(tokens))
                .divide(price.per(), MathContext.DECIMAL64)
                .doubleValue();
    }

    /** Expected score without the request's own label; null where nothing is known of the model here. */
    @Nullable
    Double score(Recorded one, ModelId model) {
        Recorded.Candidate candidate = one.candidate(model);
        if (candidate != null && candidate.accuracy() != null) {
            return candidate.accuracy().probability();
        }
        double[] sums = scores.get(key(one, model));
        if (sums == null) {
            return null;
        }
        Recorded.Outcome outcome = one.outcome();
        Double own = outcome == null || !model.equals(one.chosen()) ? null : outcome.score();
        double sum = own == null ? sums[0] : sums[0] - own;
        double count = own == null ? sums[1] : sums[1] - 1;
        return (sum + PRIOR * PRIOR_LABELS) / (count + PRIOR_LABELS);
    }

    /** Latencies measured of the model on the route, or its recorded forecast; empty where neither is known. */
    List<Double> seconds(Recorded one, ModelId model) {
        List<Double> measured = seconds.get(key(one, model));
        if (measured != null) {
            return measured;
        }
        Recorded.Candidate candidate = one.candidate(model);
        return candidate == null || candidate.totalMillis() == null
                ? List.of()
                : List.of(candidate.totalMillis() / 1e3);
    }
}
