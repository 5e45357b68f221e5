package dev.pareto.policies.detect;

/**
 * Watches paired differences (candidate's score minus incumbent's on the same request, each in [-1, 1]) for "worse by more
 * than the margin": the inferiority side of the sequential verdict, restarted at every moment at once. The stake is the Kelly
 * bet for a candidate twice the margin worse, with the second moment learnt from the past only. The ARL holds for every stream
 * whose mean given the past is at least {@code -margin}.
 *
 * @param margin within (0, 1); to leave, take 1.5 times the margin that let the candidate in, so that it does not flap
 * @param averageRunLength observations between false alarms, on average at least
 * @param n observations so far
 * @param sumOfSquares of the differences so far
 * @param evidence 0 before the first; alarm at {@code averageRunLength}
 */
public record DriftDetector(double margin, double averageRunLength, long n, double sumOfSquares, double evidence)
        implements
            Detector {

    /** The tuning of the sequential verdict: it decides the delay, never the false-alarm rate. */
    private static final double PRIOR_SQUARE = 0.25;
    private static final double PRIOR_ITEMS = 20;
    private static final double LARGEST_LOSS = 0.9;

    /** Checks the design and a state that may come from a store. */
    public DriftDetector {
        if (!(margin > 0 && margin < 1)) {
            throw new IllegalArgumentException("margin " + margin + " is not within (0, 1); write 2 points as 0.02");
        }
        ShiryaevRoberts.requireRunLength(averageRunLength);
        ShiryaevRoberts.requireState(n, evidence);
        if (!(sumOfSquares >= 0 && sumOfSquares <= n)) {
            throw new IllegalArgumentException(n + " differences cannot have " + sumOfSquares + " as sum of squares");
        }
    }

    /** A detector that has seen nothing. */
    public static DriftDetector of(double margin, double averageRunLength) {
        return new DriftDetector(margin, averageRunLength, 0, 0, 0);
    }

    @Override
    public DriftDetector add(double difference) {
        if (!(difference >= -1 && difference <= 1)) {
            throw new IllegalArgumentException("difference " + difference + " is not within [-1, 1]");
        }
        if (alarm()) {
            return this;
        }
        double square = (PRIOR_ITEMS * PRIOR_SQUARE + sumOfSquares) / (PRIOR_ITEMS + n);
        double stake = Math.min(margin / (square + margin * margin), LARGEST_LOSS / (1 + margin));
        return new DriftDetector(margin, averageRunLength, n + 1, sumOfSquares + difference * difference,
                ShiryaevRoberts.next(evidence, 1 - stake * (difference + margin)));
    }

    @Override
    public boolean alarm() {
        return evidence >= averageRunLength;
    }

    @Override
    public double threshold() {
        return averageRunLength;
    }

    @Override
    public DriftDetector restarted() {
        return of(margin, averageRunLength);
    }
}
