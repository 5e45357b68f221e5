package dev.pareto.policies.replay;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.decide.RequestFeatures;
import dev.pareto.policies.predict.AccuracyForecast;
import dev.pareto.policies.predict.Commitments.Room;
import dev.pareto.policies.swap.Evidence;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One decision of the past and what came of it.
 *
 * @param features the request without prompt and headers; its unit is a hash
 * @param route that was decided on
 * @param outputTokens that were expected; null when not recorded
 * @param candidates as they were weighed
 * @param chosen by the decision; null when it refused the request
 * @param propensity with which that was to be chosen; 1 for a deterministic policy
 * @param outcome null while unknown
 */
public record Recorded(RequestFeatures features, String route, @Nullable Integer outputTokens,
        List<Candidate> candidates, @Nullable ModelId chosen, double propensity, @Nullable Outcome outcome) {

    /**
     * A candidate as it was weighed.
     *
     * @param cost predicted; null while unknown
     * @param commitment the one that was about it, with what was left of it; null for none
     * @param share that the gate let it serve, 0 to 1
     * @param assigned whether the request's unit belonged to that share; null where there is no gate
     * @param admitted whether it might have served, the policy's constraints aside
     * @param propensity with which it was to be chosen; 0 for never
     */
    public record Candidate(ModelId model, @Nullable BigDecimal cost, @Nullable Room commitment,
            @Nullable Long firstTokenMillis,
            @Nullable Long totalMillis, long observations, @Nullable AccuracyForecast accuracy,
            @Nullable Evidence evidence, double share, @Nullable Boolean assigned, boolean admitted,
            double propensity) {}

    /**
     * What came of it.
     *
     * @param served who answered; null when nobody did
     * @param cost of all attempts in the book's currency; null while unknown
     * @param millis from the first attempt's start to the last one's end
     * @param promptTokens as billed; 0 while unknown
     * @param outputTokens as billed; 0 while unknown
     * @param score 0 to 1; null where nobody said
     */
    public record Outcome(@Nullable ModelId served, @Nullable BigDecimal cost, @Nullable Long millis,
            long promptTokens, long outputTokens, @Nullable Double score) {}

    public Recorded {
        requireNonNull(features, "features is null");
        requireNonNull(route, "route is null");
        candidates = List.copyOf(candidates);
        if (!(propensity > 0 && propensity <= 1)) {
            throw new IllegalArgumentException("a propensity is above 0 and at most 1, got " + propensity);
        }
    }

    @Nullable
    Candidate candidate(@Nullable ModelId model) {
        return candidates.stream().filter(one -> one.model().equals(model)).findFirst().orElse(null);
    }

    /** The probability with which the recording policy would have chosen a model. */
    double propensity(@Nullable ModelId model) {
        if (model == null) {
            return 0;
        }
        if (model.equals(chosen)) {
            return propensity;
        }
        Candidate candidate = candidate(model);
        return candidate == null ? 0 : candidate.propensity();
    }

    public Instant at() {
        return features.at();
    }
}
