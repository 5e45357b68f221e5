package dev.pareto.policies.experiment;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * When an experiment ends. Its intervals hold at every look, so it may be looked at all the time.
 *
 * @param horizon after which it ends, decided or not
 * @param most units after which it ends, of all arms together
 * @param least units that each arm needs before the experiment is decided; guards do not wait for them
 * @param alpha probability that any arm is called different on the primary metric when none is
 * @param guardAlpha probability that any guard stops an experiment whose arms all keep within what is tolerated
 * @param early whether it ends as soon as every arm is decided
 */
public record StopRule(Duration horizon, int most, int least, double alpha, double guardAlpha, boolean early) {

    public static final StopRule DEFAULT = new StopRule(Duration.ofDays(14), 20_000, 200, 0.05, 0.01, true);

    private static final int MOST_UNITS = 1_000_000;

    public StopRule {
        requireNonNull(horizon, "horizon is null");
        if (horizon.isNegative() || horizon.isZero() || horizon.compareTo(Duration.ofDays(365)) > 0) {
            throw new IllegalArgumentException("horizon must be above zero and at most 365 d");
        }
        if (most < 2 || most > MOST_UNITS) {
            throw new IllegalArgumentException("most must be 2 to " + MOST_UNITS + " units, got " + most);
        }
        if (least < 1 || least > most) {
            throw new IllegalArgumentException("least must be 1 to most (" + most + ") units, got " + least);
        }
        probability("alpha", alpha);
        probability("guard-alpha", guardAlpha);
    }

    private static void probability(String name, double value) {
        if (!(value > 0 && value <= 0.2)) {
            throw new IllegalArgumentException(name + " must be above 0 % and at most 20 %");
        }
    }
}
