package dev.pareto.evals.stats.agreement;

/** The true pass rate behind a judge that errs at known rates (Rogan &amp; Gladen 1978, Am. J. Epidemiol. 107:71). */
public final class RoganGladen {

    private RoganGladen() {}

    /**
     * (observed + tnr - 1) / (tpr + tnr - 1), kept within [0, 1].
     *
     * @param observed share of the items that the judge passes
     * @param truePositiveRate share of good items that it passes
     * @param trueNegativeRate share of bad items that it fails
     */
    public static double rate(double observed, double truePositiveRate, double trueNegativeRate) {
        requireRate("observed rate", observed);
        requireRate("true positive rate", truePositiveRate);
        requireRate("true negative rate", trueNegativeRate);
        double better = truePositiveRate + trueNegativeRate - 1;
        if (!(better > 0)) {
            throw new IllegalArgumentException("a judge with rates " + truePositiveRate + " and " + trueNegativeRate
                    + " is no better than a coin; nothing can be learnt from it");
        }
        return Math.clamp((observed + trueNegativeRate - 1) / better, 0, 1);
    }

    private static void requireRate(String what, double rate) {
        if (!(rate >= 0 && rate <= 1)) {
            throw new IllegalArgumentException("the " + what + " must be within [0, 1], is " + rate);
        }
    }
}
