package dev.pareto.policies.detect;

/** What the detectors of a rate share. */
final class Rates {

    private Rates() {}

    static void require(double healthy, double broken) {
        if (!(healthy > 0 && healthy < broken && broken < 1)) {
            throw new IllegalArgumentException("need 0 < healthy < broken < 1, have " + healthy + " and " + broken
                    + "; for a rate that should be zero name the smallest one you could live with, e.g. 0.001");
        }
    }

    static void requireLoss(double loss) {
        if (!(loss >= 0 && loss <= 1)) {
            throw new IllegalArgumentException("loss " + loss + " is not within [0, 1]");
        }
    }

    /** Kullback-Leibler divergence of two Bernoulli distributions, in nats. */
    static double divergence(double of, double from) {
        return of * Math.log(of / from) + (1 - of) * (Math.log1p(-of) - Math.log1p(-from));
    }
}
