package dev.pareto.policies.swap.guard;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.price.Money;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Who judges live answers, and how many. A judge whose calibration is not over the bar is never asked.
 *
 * @param model who is asked
 * @param kind how
 * @param rubric file with what to judge by; null for the kind's own words
 * @param calibration file with its agreement with people
 * @param sample the share of answers (of shadow: of pairs) that is judged, above 0
 * @param perDay the most that judging may cost from midnight to midnight UTC; null for no bound
 * @param atOnce the most judgements under way; beyond it none is begun
 * @param timeLimit of one call
 */
public record JudgePlan(ModelId model, Kind kind, @Nullable String rubric, String calibration, double sample,
        @Nullable Money perDay, int atOnce, Duration timeLimit) {

    /** How a judge is asked; the names are those of the graders. */
    public enum Kind {
        /** Good enough or not, each answer by itself. */
        JUDGE_BINARY,
        /** One to five points, each answer by itself. */
        JUDGE_SCORE,
        /** Which of two is better, in both orders: of shadow pairs alone. */
        JUDGE_PAIRWISE
    }

    public static final double DEFAULT_SAMPLE = 0.05;
    public static final Money DEFAULT_PER_DAY = Money.usd("5");
    public static final int DEFAULT_AT_ONCE = 2;
    public static final Duration DEFAULT_TIME_LIMIT = Duration.ofSeconds(60);

    public JudgePlan {
        requireNonNull(model, "model is null");
        requireNonNull(kind, "kind is null");
        requireNonNull(calibration, "calibration is null");
        requireNonNull(timeLimit, "timeLimit is null");
        if (!(sample > 0 && sample <= 1)) {
            throw new IllegalArgumentException("sample must be above 0 % and at most 100 %, got " + sample);
        }
        if (perDay != null && perDay.amount().signum() < 0) {
            throw new IllegalArgumentException("per-day is negative: " + perDay);
        }
        if (atOnce < 1 || atOnce > 64) {
            throw new IllegalArgumentException("at-once must be 1 to 64, got " + atOnce);
        }
        if (timeLimit.isNegative() || timeLimit.isZero()) {
            throw new IllegalArgumentException("time-limit must be above zero, got " + timeLimit);
        }
    }
}
