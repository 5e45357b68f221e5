package dev.pareto.policies.policy;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.price.Money;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * That a policy learns from its own answers which of the models that it allows serves best.
 *
 * @param share of requests drawn evenly among the allowed models that are not the best
 * @param leastAccuracy what a model's labels must show with 95 % confidence before it leads; null for nothing
 * @param cap on what the requests may cost in a period; null for none
 * @param period of the cap
 * @param labelsWithin after which time a label is no longer waited for
 */
public record Exploration(double share, @Nullable Double leastAccuracy, @Nullable Money cap, Period period,
        Duration labelsWithin) {

    public static final double DEFAULT_SHARE = 0.02;
    public static final Duration DEFAULT_LABELS_WITHIN = Duration.ofDays(1);

    private static final double MOST_SHARE = 0.2;
    private static final Duration LONGEST = Duration.ofDays(8);

    /** When what was not spent lapses, by the calendar (UTC). */
    public enum Period {
        DAY, MONTH
    }

    public Exploration {
        requireNonNull(period, "period is null");
        requireNonNull(labelsWithin, "labelsWithin is null");
        if (!(share >= 0 && share <= MOST_SHARE)) {
            throw new IllegalArgumentException("the share is at most a fifth, for what is learnt must be served, too");
        }
        if (leastAccuracy != null && !(leastAccuracy > 0 && leastAccuracy < 1)) {
            throw new IllegalArgumentException("accuracy-at-least is above 0 % and below 100 %");
        }
        if (cap != null && (cap.amount().signum() <= 0 || !cap.currency().equals("USD"))) {
            throw new IllegalArgumentException("a budget is above zero and in USD, got " + cap);
        }
        if (!labelsWithin.isPositive() || labelsWithin.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("labels are waited for at most 8 days");
        }
    }
}
