package dev.pareto.policies.detect;

/**
 * Both models graded on the same requests: the plug-in GRO e-process for "not more than the margin worse", which may be looked at after
 * every pair, and the same bet turned round as an e-detector of "more than the exit margin worse". Differences are candidate minus
 * incumbent, in [-1, 1]. Immutable.
 *
 * @param pairs seen so far
 * @param sum of the differences
 * @param squares sum of their squares
 * @param logNonInferior ln of the e-process against "worse by the margin or more"
 * @param peak the most that it ever was; evidence once gained is kept
 * @param logDrift ln(1 + M) of the e-detector
 */
public record PairDetector(long pairs, double sum, double squares, double logNonInferior, double peak,
        double logDrift) implements Detector {

    public static final PairDetector FRESH = new PairDetector(0, 0, 0, 0, 0, ShiryaevRoberts.FRESH);

    /** Prior guess of the squared difference and its weight in pairs; bets stay this far within what cannot go broke. */
    private static final double V0 = 0.25;
    private static final double K0 = 20;
    private static final double TRUNC = 0.9;

    /**
     * One pair more. The bets rest on the pairs before it alone.
     *
     * @param margin how much worse is still good enough
     * @param exitMargin how much worse takes traffic back; at least the margin
     */
    public PairDetector next(double difference, double margin, double exitMargin) {
        if (!(difference >= -1 && difference <= 1)) {
            throw new IllegalArgumentException("a difference of scores is between -1 and 1, got " + difference);
        }
        double v = (K0 * V0 + squares) / (K0 + pairs);
        double in = Math.min(margin / (v + margin * margin), TRUNC / (1 - margin));
        double out = Math.min(exitMargin / (v + exitMargin * exitMargin), TRUNC / (1 + exitMargin));
        double log = logNonInferior + Math.log1p(in * (difference + margin));
        double drift = ShiryaevRoberts.next(logDrift, Math.log1p(-out * (difference + exitMargin)));
        return new PairDetector(pairs + 1, sum + difference, squares + difference * difference, log,
                Math.max(peak, log), drift);
    }

    @Override
    public long seen() {
        return pairs;
    }

    /** Observed difference; not a number before the first pair. */
    public double mean() {
        return sum / pairs;
    }

    /** Whether the live pairs alone show, at this one-sided level, that the candidate is not more than the margin worse. */
    public boolean nonInferior(double alpha) {
        return peak >= -Math.log(alpha);
    }

    @Override
    public double logStatistic() {
        return ShiryaevRoberts.logStatistic(logDrift);
    }
}
