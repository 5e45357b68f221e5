package dev.pareto.evals.stats;

/** How many items a non-inferiority test needs, by the normal approximation. */
public final class SampleSize {

    private SampleSize() {}

    /**
     * Pairs needed: (z_a + z_b)^2 (p_disc - D^2) / (margin + D)^2.
     *
     * @param discordant expected share of items on which the two models differ
     * @param trueDifference assumed true difference D, above -margin
     */
    public static long paired(double margin, double discordant, double trueDifference, double alpha, double power) {
        Margins.requireMargin(margin);
        double z = Quantiles.normal(1 - alpha) + Quantiles.normal(power);
        double distance = margin + trueDifference;
        if (!(distance > 0)) {
            throw new IllegalArgumentException("no number of items shows what is not so: true difference "
                    + trueDifference + " is not above the margin -" + margin);
        }
        return (long) Math.ceil(z * z * (discordant - trueDifference * trueDifference) / (distance * distance));
    }

    /** Items per arm for two independent arms with the same true rate: (z_a + z_b)^2 2 p (1-p) / margin^2. */
    public static long unpairedPerArm(double margin, double rate, double alpha, double power) {
        Margins.requireMargin(margin);
        double z = Quantiles.normal(1 - alpha) + Quantiles.normal(power);
        return (long) Math.ceil(z * z * 2 * rate * (1 - rate) / (margin * margin));
    }
}
