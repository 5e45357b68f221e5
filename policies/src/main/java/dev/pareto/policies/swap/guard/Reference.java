package dev.pareto.policies.swap.guard;

import org.jspecify.annotations.Nullable;

/**
 * What the incumbent's own live answers lack by the word of one source: the measure for the candidate's.
 *
 * @param n answers
 * @param lacking sum of what was missing to the full score
 */
public record Reference(long n, double lacking) {

    public static final Reference NONE = new Reference(0, 0);

    /** Fewer say too little. */
    static final int LEAST = 20;

    /** Beyond so many all count half. */
    private static final long MEMORY = 2_000;

    /** Of a one-sided 95 % limit. */
    private static final double Z = 1.6448536269514722;

    /** Old ones weigh ever less. */
    public Reference next(double score) {
        return n < MEMORY
                ? new Reference(n + 1, lacking + 1 - score)
                : new Reference(n / 2, lacking / 2).next(score);
    }

    /**
     * Wilson's upper limit of what is lacking; for scores between 0 and 1 it is wider than it need be, for their variance is at most
     * p(1 - p). Null below {@value #LEAST} answers.
     */
    @Nullable
    Double upper() {
        if (n < LEAST) {
            return null;
        }
        double p = lacking / n;
        double z2 = Z * Z / n;
        return (p + z2 / 2 + Math.sqrt(z2 * p * (1 - p) + z2 * z2 / 4)) / (1 + z2);
    }
}
