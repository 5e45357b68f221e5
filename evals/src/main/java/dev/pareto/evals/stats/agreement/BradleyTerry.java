package dev.pareto.evals.stats.agreement;

import java.util.Arrays;

/** Strengths from pairwise wins (Bradley &amp; Terry 1952): P(i beats j) = 1 / (1 + exp(s_j - s_i)). */
public final class BradleyTerry {

    private static final int MOST_ROUNDS = 100_000;
    private static final double PRECISION = 1e-13;

    private BradleyTerry() {}

    /**
     * Most likely log strengths, centred at 0, by minorisation (Hunter 2004, Ann. Stat. 32:384).
     *
     * @param wins {@code wins[i][j]} times i beat j; half a win for a tie; the diagonal is ignored
     */
    public static double[] logStrengths(double[][] wins) {
        int n = wins.length;
        requireWins(wins);
        requireConnected(wins);
        double[] log = new double[n];
        for (int round = 0; round < MOST_ROUNDS; round++) {
            double change = 0;
            for (int i = 0; i < n; i++) {
                double won = 0;
                double expected = 0;
                for (int j = 0; j < n; j++) {
                    if (i != j) {
                        won += wins[i][j];
                        expected += (wins[i][j] + wins[j][i]) / (1 + Math.exp(log[j] - log[i]));
                    }
                }
                double step = Math.log(won / expected);
                log[i] += step;
                change = Math.max(change, Math.abs(step));
            }
            double mean = Arrays.stream(log).sum() / n;
            for (int i = 0; i < n; i++) {
                log[i] -= mean;
            }
            if (change < PRECISION) {
                break;
            }
        }
        return log;
    }

    private static void requireWins(double[][] wins) {
        if (wins.length < 2) {
            throw new IllegalArgumentException("need two players or more, have " + wins.length);
        }
        for (double[] row : wins) {
            if (row.length != wins.length || Arrays.stream(row).anyMatch(won -> !(won >= 0 && won < 1e15))) {
                throw new IllegalArgumentException("wins must be a square of counts >= 0, has " + Arrays.toString(row));
            }
        }
    }

    /** Without a chain of wins from each player to each other some strength would be infinite (Ford 1957). */
    private static void requireConnected(double[][] wins) {
        if (!reachesAll(wins, false) || !reachesAll(wins, true)) {
            throw new IllegalArgumentException(
                    "some players never won against, or never lost to, the others; their strength has"
                            + " no bound. Add games, or leave them out");
        }
    }

    private static boolean reachesAll(double[][] wins, boolean reversed) {
        boolean[] reached = new boolean[wins.length];
        reached[0] = true;
        for (int round = 0; round < wins.length; round++) {
            for (int i = 0; i < wins.length; i++) {
                for (int j = 0; j < wins.length && reached[i]; j++) {
                    reached[j] |= i != j && (reversed ? wins[j][i] : wins[i][j]) > 0;
                }
            }
        }
        for (boolean one : reached) {
            if (!one) {
                return false;
            }
        }
        return true;
    }
}
