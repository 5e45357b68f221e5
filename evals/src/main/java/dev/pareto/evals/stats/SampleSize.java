package dev.pareto.evals.stats;

/** How many items a non-inferiority test needs, by the normal approximation. */
public final class SampleSize {

    private SampleSize() {}

    /**
     * Pairs needed: (z_a + z_b)^2 (p_disc - D^2) / (margin + D)^2.
     *
     * @param discordant expected share of items on which the two models differ, or mean squared difference
     * @param trueDifference assumed true difference D, above -margin
     */
    public static long paired(double margin, double discordant, double trueDifference, double alpha, double power) {
        Margins.requireMargin(margin);
        if (!(discordant >= 0 && discordant <= 1)) {
            throw new IllegalArgumentException(
                    "the share of discordant items is " + discordant + ", not within [0, 1]");
        }
        double variance = discordant - trueDifference * trueDifference;
        if (!(variance >= 0)) {
            throw new IllegalArgumentException(
                    "with " + discordant + " of the items discordant the difference cannot be "
                            + trueDifference);
        }
        double distance = margin + trueDifference;
        if (!(distance > 0)) {
            throw new IllegalArgumentException("no number of items shows what is not so: true difference "
                    + trueDifference + " is not above the margin -" + margin);
        }
        return items(variance / (distance * distance), alpha, power);
    }

    /** Items per arm for two independent arms with the same true rate: (z_a + z_b)^2 2 p (1-p) / margin^2. */
    public static long unpairedPerArm(double margin, double rate, double alpha, double power) {
        Margins.requireMargin(margin);
        if (!(rate >= 0 && rate <= 1)) {
            throw new IllegalArgumentException("rate " + rate + " is not within [0, 1]");
        }
        return items(2 * rate * (1 - rate) / (margin * margin), alpha, power);
    }

    /** Answers without a single failure that show, with {@code confidence}, a rate of at most {@code highest}. */
    public static long withoutFailure(double highest, double confidence) {
        Quantiles.requireConfidence(confidence);
        if (!(highest > 0 && highest < 1)) {
            throw new IllegalArgumentException("the highest bearable rate must be within (0, 1), is " + highest);
        }
        return (long) Math.ceil(Math.log1p(-confidence) / Math.log1p(-highest));
    }

    private static long items(double varianceRatio, double alpha, double power) {
        Quantiles.requireAlpha(alpha);
        if (!(power > alpha && power < 1)) {
            throw new IllegalArgumentException("power " + power + " must be above alpha " + alpha + " and below 1");
        }
        double z = Quantiles.normalTail(alpha) + Quantiles.normalTail(1 - power);
        return Math.max(1, (long) Math.ceil(z * z * varianceRatio));
    }
}
