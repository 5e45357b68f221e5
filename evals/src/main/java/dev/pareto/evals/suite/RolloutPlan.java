package dev.pareto.evals.suite;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * How a suite's author would let the candidate in and take it out again. Advice: {@code swaps:} in pareto.yaml decides.
 *
 * @param shadow share of live requests to copy; null when unstated
 * @param shadowUsdPerDay most to spend on copies; null when unstated
 * @param stages shares served, growing, within (0, 1]
 * @param holdback share that stays with the incumbent; null when unstated
 * @param falseAlarmRunLength mean number of healthy requests between two false alarms; null when unstated
 * @param exitMargin how much worse sends the candidate back; null when unstated
 * @param cooldown how long it stays out after its first, second, … roll-back
 */
public record RolloutPlan(@Nullable Double shadow, @Nullable BigDecimal shadowUsdPerDay, List<Double> stages,
        @Nullable Double holdback, @Nullable Double falseAlarmRunLength, @Nullable Double exitMargin,
        List<Duration> cooldown) {

    /** No advice. */
    public static final RolloutPlan NONE = new RolloutPlan(null, null, List.of(), null, null, null, List.of());

    /** Copies the lists. */
    public RolloutPlan {
        requireNonNull(stages, "stages is null");
        stages = List.copyOf(stages);
        cooldown = List.copyOf(cooldown);
    }
}
