package dev.pareto.evals.stats.sequential;

import dev.pareto.evals.stats.Quantiles;

/** Hoeffding's bound for every look (Waudby-Smith &amp; Ramdas 2024, proposition 1): the widest of the family, as a yardstick. */
public final class PredictableHoeffding implements LowerSequence {

    private final double logInverseAlpha;
    private long n;
    private double weighted;
    private double weights;
    private double penalty;
    private double highest;

    /** A bound that ever misses with a probability of at most {@code alpha}. */
    public PredictableHoeffding(double alpha) {
        Quantiles.requireAlpha(alpha);
        this.logInverseAlpha = -Math.log(alpha);
    }

    @Override
    public void add(double x) {
        PlugInStakes.requireUnit(x);
        n++;
        double t = n;
        double stake = Math.min(1, Math.sqrt(8 * logInverseAlpha / (t * Math.log1p(t))));
        weighted += stake * x;
        weights += stake;
        penalty += stake * stake / 8;
        highest = Math.max(highest, lower());
    }

    @Override
    public double lower() {
        return weights == 0 ? 0 : Math.max(0, (weighted - logInverseAlpha - penalty) / weights);
    }

    @Override
    public double highest() {
        return highest;
    }
}
