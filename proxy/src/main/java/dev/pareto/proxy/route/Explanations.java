package dev.pareto.proxy.route;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.decide.Assessment;
import dev.pareto.policies.decide.Decision;
import dev.pareto.policies.decide.RequestFeatures;
import dev.pareto.policies.decide.Snapshot;
import dev.pareto.policies.predict.AccuracyForecasts;
import dev.pareto.policies.predict.accuracy.Influence;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * What moved the accuracies of a decision, for its record. One candidate takes a quarter of a millisecond, and prompts are gone with their
 * decisions: so ten decisions a second are explained, in bursts more, and no more than four candidates of each. Thread-safe.
 */
final class Explanations {

    private static final int MOST_CANDIDATES = 4;
    private static final long EVERY_NANOS = 100_000_000;

    /** So many can be explained at once after a pause. */
    private static final int BURST = 200;

    private final LongSupplier nanoTime;
    private long left = BURST;
    private long since;

    Explanations(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.since = nanoTime.getAsLong();
    }

    /** By candidate, the chosen one first; empty where nothing was learnt, or where enough others were explained just now. */
    Map<ModelId, List<Influence>> of(Decision decision, RequestFeatures features, Snapshot now) {
        if (features.prompt() == null || decision.assessments().stream().noneMatch(one -> one.accuracy() != null)
                || !permitted()) {
            return Map.of();
        }
        AccuracyForecasts forecasts = now.accuracies().forecast(decision.route(), features.prompt());
        Map<ModelId, List<Influence>> why = new LinkedHashMap<>();
        if (forecasts != null) {
            decision.assessments()
                    .stream()
                    .filter(one -> one.accuracy() != null)
                    .sorted(Comparator.comparingInt((Assessment one) -> one.place() == 0
                            ? Integer.MAX_VALUE
                            : one.place()))
                    .limit(MOST_CANDIDATES)
                    .forEach(one -> why.put(one.model(), forecasts.why(one.model())));
        }
        return why;
    }

    private synchronized boolean permitted() {
        long passed = nanoTime.getAsLong() - since;
        long earned = passed / EVERY_NANOS;
        if (earned > 0) {
            left = Math.min(BURST, left + earned);
            since += earned * EVERY_NANOS;
        }
        if (left == 0) {
            return false;
        }
        left--;
        return true;
    }
}
