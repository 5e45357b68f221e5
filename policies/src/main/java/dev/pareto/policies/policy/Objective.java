package dev.pareto.policies.policy;

import java.math.BigDecimal;

/** What a policy wants most among the candidates that meet its constraints. */
public sealed interface Objective {

    /** The least predicted cost of the request. */
    Objective MINIMISE_COST = Single.MINIMISE_COST;

    /** The least total latency at the 95th percentile. */
    Objective MINIMISE_LATENCY = Single.MINIMISE_LATENCY;

    /** The best accuracy that is predicted of the prompt, or else that evidence supports. */
    Objective MAXIMISE_ACCURACY = Single.MAXIMISE_ACCURACY;

    /** One of the three alone. */
    enum Single implements Objective {
        MINIMISE_COST, MINIMISE_LATENCY, MAXIMISE_ACCURACY
    }

    /**
     * All three as one sum of money: what the request costs, what waiting for it costs and what its errors cost.
     *
     * @param cost what a dollar of the bill counts; 1 leaves it as it is
     * @param usdPerSecond what a second of waiting is worth (total, at the 95th percentile)
     * @param usdPerError what one wrong answer costs
     */
    record Weighted(BigDecimal cost, BigDecimal usdPerSecond, BigDecimal usdPerError) implements Objective {

        public Weighted {
            if (cost.signum() < 0 || usdPerSecond.signum() < 0 || usdPerError.signum() < 0) {
                throw new IllegalArgumentException("weights must not be negative, got cost " + cost + ", latency "
                        + usdPerSecond + " USD/s, error " + usdPerError + " USD");
            }
            if (cost.signum() + usdPerSecond.signum() + usdPerError.signum() == 0) {
                throw new IllegalArgumentException("at least one weight must be above zero");
            }
        }
    }
}
