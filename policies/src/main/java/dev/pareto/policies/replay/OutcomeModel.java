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
 * What a model of the log would have brought, told from forecasts and from the other requests: cost by the price book and what the model
 * usually writes on the route, accuracy by the recorded forecast or else the mean of the labels, latency by what was measured on the route.
 */
final class OutcomeModel {

    /** What a mean of few labels is drawn towards, and how many labels that weighs. */
    private static final double PRIOR = 0.5;
    private static final double PRIOR_LABELS = 2;

    private final ParetoConfig config;
    /** Sum and number by route and model. */
    private final Map<String, double[]> scores = new HashMap<>();
    private final Map<String, double[]> written = new HashMap<>();
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
                add(scores, key, outcome.score());
            }
            if (outcome.outputTokens() > 0) {
                add(written, key, (double) outcome.outputTokens());
            }
            if (outcome.millis() != null && outcome.served() != null) {
                seconds.computeIfAbsent(key, k -> new ArrayList<>()).add(outcome.millis() / 1e3);
            }
        }
    }

    private static void add(Map<String, double[]> sums, String key, double value) {
        double[] both = sums.computeIfAbsent(key, k -> new double[2]);
        both[0] += value;
        both[1]++;
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
        Double output = output(one, model);
        if (price != null && output != null) {
            long prompt = prompt(one, model);
            Map<String, UnitPrice> prices = price.band(prompt, one.at()).prices();
            UnitPrice input = prices.get(Buckets.INPUT);
            UnitPrice generated = prices.get(Buckets.OUTPUT);
            if (input != null && generated != null) {
                return part(input, (double) prompt) + part(generated, output);
            }
        }
        Recorded.Candidate candidate = one.candidate(model);
        return candidate == null || candidate.cost() == null ? null : candidate.cost().doubleValue();
    }

    /**
     * As billed only where the data do not weigh this forecast: tokens that the answering model counted depend on the choice, and a
     * doubly robust estimate is unbiased only by forecasts that do not.
     */
    private static long prompt(Recorded one, ModelId model) {
        Recorded.Outcome outcome = one.outcome();
        return one.propensity(model) > 0 || outcome == null || outcome.promptTokens() == 0
                ? one.features().promptTokens()
                : outcome.promptTokens();
    }

    /** What the model wrote for the route's other requests, or else what was expected of this one; null where neither is known. */
    private @Nullable Double output(Recorded one, ModelId model) {
        Recorded.Outcome outcome = one.outcome();
        double own = outcome == null ? 0 : (double) outcome.outputTokens();
        double[] sums = written.get(key(one, model));
        boolean counted = own > 0 && model.equals(one.chosen());
        double count = sums == null ? 0 : counted ? sums[1] - 1 : sums[1];
        if (sums != null && count > 0) {
            return (counted ? sums[0] - own : sums[0]) / count;
        }
        if (own > 0 && one.propensity(model) == 0) {
            return own;
        }
        return one.outputTokens() == null ? null : (double) one.outputTokens() * one.features().answers();
    }

    private static double part(UnitPrice price, double tokens) {
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
