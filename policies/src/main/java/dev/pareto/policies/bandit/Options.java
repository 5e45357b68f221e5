package dev.pareto.policies.bandit;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.decide.Assessment;
import dev.pareto.policies.decide.Decision;
import dev.pareto.policies.decide.Violation;
import dev.pareto.policies.predict.AccuracyForecast;
import dev.pareto.policies.price.Money;
import dev.pareto.policies.swap.Evidence;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What a decision leaves to choose from: who meets everything, and who only a forecast of latency keeps away. */
public final class Options {

    private Options() {}

    /**
     * @param worst cost of a request at a model, to be set aside; null when unknown
     * @param unsettled whose latency is about to be another one
     */
    public static List<Option> of(Decision decision, Function<ModelId, @Nullable Money> worst,
            Predicate<ModelId> unsettled) {
        List<Option> options = new ArrayList<>();
        for (Assessment one : decision.assessments()) {
            boolean suspended = !one.feasible();
            // who is there for the others' failures alone is not tried out
            if (one.candidate() && (one.feasible() || onlySlow(one))) {
                Duration latency = one.totalP95();
                options.add(new Option(one.model(), one.predictedCost(), worst.apply(one.model()),
                        latency != null && !suspended ? latency.toNanos() / 1e9 : 0, prior(one), priorLabels(one),
                        suspended, unsettled.test(one.model())));
            }
        }
        return options;
    }

    /** What is never let go is never tried out. */
    private static boolean onlySlow(Assessment one) {
        return one.admitted() && !one.violations().isEmpty() && one.violations()
                .stream()
                .allMatch(violation -> !violation.hard() && slow(violation));
    }

    private static boolean slow(Violation violation) {
        return violation.constraint().startsWith("latency ");
    }

    private static @Nullable Double prior(Assessment one) {
        AccuracyForecast forecast = one.accuracy();
        if (forecast != null) {
            return forecast.probability();
        }
        Evidence evidence = one.evidence();
        return evidence == null ? null : evidence.candidateAccuracy();
    }

    /** As many labels as would give an interval of that width. */
    private static int priorLabels(Assessment one) {
        AccuracyForecast forecast = one.accuracy();
        if (forecast != null) {
            return labels(forecast.high() - forecast.low());
        }
        Evidence evidence = one.evidence();
        return evidence == null ? 0 : labels(evidence.upper() - evidence.lower());
    }

    private static int labels(double width) {
        double error = Math.max(0.005, width / 3.29);
        return (int) Math.clamp(0.25 / (error * error), 1, 1_000);
    }
}
