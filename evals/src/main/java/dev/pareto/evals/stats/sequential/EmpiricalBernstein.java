package dev.pareto.evals.stats.sequential;

/**
 * The predictable plug-in empirical-Bernstein sequence (Waudby-Smith &amp; Ramdas 2024, JRSS-B 86:1, theorem 2): its width
 * adapts to the variance, so it is short where most pairs agree.
 */
public final class EmpiricalBernstein implements LowerSequence {

    private static final double LARGEST_STAKE = 0.5;

    private final double logInverseAlpha;
    private final PlugInStakes stakes;
    private double weighted;
    private double weights;
    private double penalty;
    private double highest;

    /** A bound that ever misses with a probability of at most {@code alpha}. */
    public EmpiricalBernstein(double alpha) {
        this.stakes = new PlugInStakes(alpha);
        this.logInverseAlpha = -Math.log(alpha);
    }

    @Override
    public void add(double x) {
        PlugInStakes.requireUnit(x);
        double stake = Math.min(LARGEST_STAKE, stakes.next());
        double surprise = x - stakes.mean();
        weighted += stake * x;
        weights += stake;
        penalty += surprise * surprise * (-Math.log1p(-stake) - stake);
        stakes.add(x);
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
