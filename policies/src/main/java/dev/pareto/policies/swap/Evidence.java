package dev.pareto.policies.swap;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.detect.InputMix;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
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
 * @param suite the suite that was asked; null when unknown
 * @param general what it says leaving single slices aside
 * @param slices what it says of single slices of the traffic, by label; only those that were judged by themselves
 * @param inputs what the requests were like that it rests on, by label ({@code ""} where they have none); empty when unknown
 * @param fault why the record cannot be trusted, whatever it says; null when it can
 */
public record Evidence(String verdictId, String route, ModelId candidate, ModelId incumbent, Outcome outcome,
        double margin, double difference, double lower, double upper, double confidence,
        @Nullable Double candidateAccuracy, @Nullable Double incumbentAccuracy, boolean simulated,
        @Nullable String candidateFingerprint, Instant createdAt, Instant expiresAt, @Nullable String suite,
        Outcome general, Map<String, Outcome> slices, Map<String, InputMix> inputs, @Nullable String fault) {

    /** The feature that is a request's label in a divided traffic. */
    public static final String LABEL = "segment";

    /** Of the window; what bears a name of the evidence less often does so by chance. */
    private static final double LEAST_SHARED = 0.05;

    public Evidence {
        requireNonNull(verdictId, "verdictId is null");
        requireNonNull(route, "route is null");
        requireNonNull(candidate, "candidate is null");
        requireNonNull(incumbent, "incumbent is null");
        requireNonNull(outcome, "outcome is null");
        requireNonNull(createdAt, "createdAt is null");
        requireNonNull(expiresAt, "expiresAt is null");
        requireNonNull(general, "general is null");
        slices = Map.copyOf(slices);
        inputs = Map.copyOf(inputs);
        if (!(margin >= 0 && margin <= 1)) {
            throw new IllegalArgumentException("margin must be a fraction between 0 and 1, got " + margin);
        }
        if (!(confidence > 0 && confidence < 1)) {
            throw new IllegalArgumentException("confidence must be a fraction between 0 and 1, got " + confidence);
        }
    }

    /** Evidence whose record is sound. */
    public Evidence(String verdictId, String route, ModelId candidate, ModelId incumbent, Outcome outcome,
            double margin, double difference, double lower, double upper, double confidence,
            @Nullable Double candidateAccuracy, @Nullable Double incumbentAccuracy, boolean simulated,
            @Nullable String candidateFingerprint, Instant createdAt, Instant expiresAt, @Nullable String suite,
            Outcome general, Map<String, Outcome> slices, Map<String, InputMix> inputs) {
        this(verdictId, route, candidate, incumbent, outcome, margin, difference, lower, upper, confidence,
                candidateAccuracy, incumbentAccuracy, simulated, candidateFingerprint, createdAt, expiresAt, suite,
                general, slices, inputs, null);
    }

    /** Evidence that does not tell which requests it rests on. */
    public Evidence(String verdictId, String route, ModelId candidate, ModelId incumbent, Outcome outcome,
            double margin, double difference, double lower, double upper, double confidence,
            @Nullable Double candidateAccuracy, @Nullable Double incumbentAccuracy, boolean simulated,
            @Nullable String candidateFingerprint, Instant createdAt, Instant expiresAt, @Nullable String suite,
            Outcome general, Map<String, Outcome> slices) {
        this(verdictId, route, candidate, incumbent, outcome, margin, difference, lower, upper, confidence,
                candidateAccuracy, incumbentAccuracy, simulated, candidateFingerprint, createdAt, expiresAt, suite,
                general, slices, Map.of());
    }

    /** Evidence of a route's traffic as one. */
    public Evidence(String verdictId, String route, ModelId candidate, ModelId incumbent, Outcome outcome,
            double margin, double difference, double lower, double upper, double confidence,
            @Nullable Double candidateAccuracy, @Nullable Double incumbentAccuracy, boolean simulated,
            @Nullable String candidateFingerprint, Instant createdAt, Instant expiresAt) {
        this(verdictId, route, candidate, incumbent, outcome, margin, difference, lower, upper, confidence,
                candidateAccuracy, incumbentAccuracy, simulated, candidateFingerprint, createdAt, expiresAt, null,
                outcome, Map.of(), Map.of());
    }

    /** The same, made at another moment and as long-lived. */
    public Evidence madeAt(Instant when) {
        return new Evidence(verdictId, route, candidate, incumbent, outcome, margin, difference, lower, upper,
                confidence,
                candidateAccuracy, incumbentAccuracy, simulated, candidateFingerprint, when,
                when.plus(Duration.between(createdAt, expiresAt)), suite, general, slices, inputs, fault);
    }

    /** The same as a record that cannot be trusted: it opens no gate, and says why. */
    public Evidence unsound(String why) {
        return new Evidence(verdictId, route, candidate, incumbent, Outcome.INVALID, margin, difference, lower, upper,
                confidence, candidateAccuracy, incumbentAccuracy, simulated, candidateFingerprint, createdAt, expiresAt,
                suite, Outcome.INVALID, Map.of(), inputs, why);
    }

    /** What it says of one part of the traffic: the part's own judgement where there is one, never better than the general one. */
    public Outcome about(String label) {
        Outcome own = slices.get(label);
        return own == null || !general.goodEnough() ? general : own;
    }

    /** What it says of the part of a divided traffic that a swap moves. */
    Outcome about(SwapKey key, Segments segments) {
        return segments.tag() == null ? outcome : key.segment().isEmpty() ? general : about(key.segment());
    }

    /**
     * What the requests were like that it rests on, as far as this swap answers such. In a divided traffic their labels are a feature, too.
     *
     * @return null when that is not known
     */
    @Nullable
    InputMix inputs(SwapKey key, Segments segments) {
        boolean divided = segments.tag() != null;
        boolean own = !key.segment().isEmpty();
        boolean labelled = inputs.keySet().stream().anyMatch(label -> !label.isEmpty());
        InputMix sum = InputMix.NONE;
        for (Map.Entry<String, InputMix> part : inputs.entrySet()) {
            String label = part.getKey();
            boolean rest = !segments.closed().contains(label) && !segments.own().contains(label);
            if (own ? label.equals(key.segment()) : rest) {
                sum = sum.plus(part.getValue());
                if (divided && labelled && !own) {
                    sum = sum.plus(new InputMix(0, Map.of(LABEL, Map.of(label, part.getValue().n()))));
                }
            }
        }
        return sum.n() > 0 ? sum : null;
    }

    /** The labels of the requests that it rests on, sorted; empty where those have none. */
    public SortedSet<String> labels() {
        var labels = new TreeSet<>(inputs.keySet());
        labels.remove("");
        return labels;
    }

    /**
     * Whether its labels and those of the requests are of one kind: a suite may group its items by something else than the tag that
     * divides the traffic, and then no shift between the two means anything.
     *
     * @param live the requests of the present window
     */
    boolean sharesLabels(Segments segments, InputMix live) {
        SortedSet<String> own = labels();
        Map<String, Double> seen = live.counts().getOrDefault(LABEL, Map.of());
        return own.stream()
                .anyMatch(label -> segments.closed().contains(label) || segments.own().contains(label)
                        || seen.getOrDefault(label, 0.0) >= LEAST_SHARED * live.n());
    }

    public boolean expiredAt(Instant when) {
        return !when.isBefore(expiresAt);
    }
}
