package dev.pareto.policies.swap;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.catalog.ModelId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the decision needs to know of a verdict; the full record lives with the evals. Shares are fractions: a margin of two
 * percentage points is 0.02.
 *
 * @param verdictId the full record's id
 * @param route the route whose traffic it speaks of
 * @param candidate the open model
 * @param incumbent the closed model
 * @param outcome what it says
 * @param margin how much worse still counts as good enough
 * @param difference candidate's score minus incumbent's, as observed
 * @param lower lower bound of the difference
 * @param upper upper bound of the difference
 * @param confidence of the claim, e.g. 0.95
 * @param candidateAccuracy as observed; null when the suite does not measure it
 * @param incumbentAccuracy as observed; null when the suite does not measure it
 * @param simulated whether either side's answers were made up
 * @param candidateFingerprint what was measured: weights, quantisation, template; a different one makes the evidence stale; null
 *            when unknown
 * @param createdAt when it was computed
 * @param expiresAt when it ceases to count
 */
public record Evidence(String verdictId, String route, ModelId candidate, ModelId incumbent, Outcome outcome,
        double margin, double difference, double lower, double upper, double confidence,
        @Nullable Double candidateAccuracy, @Nullable Double incumbentAccuracy, boolean simulated,
        @Nullable String candidateFingerprint, Instant createdAt, Instant expiresAt) {

    public Evidence {
        requireNonNull(verdictId, "verdictId is null");
        requireNonNull(route, "route is null");
        requireNonNull(candidate, "candidate is null");
        requireNonNull(incumbent, "incumbent is null");
        requireNonNull(outcome, "outcome is null");
        requireNonNull(createdAt, "createdAt is null");
        requireNonNull(expiresAt, "expiresAt is null");
        if (!(margin >= 0 && margin <= 1)) {
            throw new IllegalArgumentException("margin must be a fraction between 0 and 1, got " + margin);
        }
        if (!(confidence > 0 && confidence < 1)) {
            throw new IllegalArgumentException("confidence must be a fraction between 0 and 1, got " + confidence);
        }
    }

    public boolean expiredAt(Instant when) {
        return !when.isBefore(expiresAt);
    }
}
