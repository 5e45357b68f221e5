package dev.pareto.policies.experiment;

import static java.util.Objects.requireNonNull;

/**
 * A metric that stops the experiment when an arm is worse than the control by more than is tolerated.
 *
 * @param tolerance what is still good
 */
public record Guard(Metric metric, Tolerance tolerance) {

    public Guard {
        requireNonNull(metric, "metric is null");
        requireNonNull(tolerance, "tolerance is null");
        if (metric.kind() == Metric.Kind.RATE && !(tolerance.amount() > 0 && tolerance.amount() < 1)) {
            throw new IllegalArgumentException(
                    "guard " + metric.name() + " needs a tolerance above 0 pp and below 100 pp");
        }
    }
}
