package dev.pareto.evals.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;

import dev.pareto.evals.stats.Margins;
import dev.pareto.evals.stats.PairedTable;
import dev.pareto.evals.stats.PluginGro;
import dev.pareto.evals.stats.Tango;
import dev.pareto.policies.swap.Outcome;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The strongest evidence that the engine is right: candidates that are truly worse by exactly the margin, over and
 * over. At most one in twenty may slip through, however often the sequential test looks.
 */
final class NullControlTest {

    private static final int SEEDS = 2_000;
    private static final double ALPHA = 0.05;
    /** 5 % plus three Monte Carlo standard errors. */
    private static final double MOST = ALPHA + 3 * Math.sqrt(ALPHA * (1 - ALPHA) / SEEDS);

    @ParameterizedTest
    @CsvSource({"0.10, 0.03, 1000", "0.05, 0.02, 1500", "0.20, 0.05, 1000", "0.30, 0.05, 700"})
    void sequentialTestAcceptsTooBadCandidatesAtMostOneTimeInTwenty(double discordant, double margin, int items) {
        int accepted = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            PluginGro process = new PluginGro(margin, ALPHA, 1, PluginGro.Parameters.STANDARD);
            for (int i = 0; i < items; i++) {
                if (process.add(draw(random, discordant, -margin)) != Outcome.INCONCLUSIVE) {
                    break;
                }
            }
            accepted += process.outcome() == Outcome.NON_INFERIOR ? 1 : 0;
        }
        assertThat((double) accepted / SEEDS).isLessThanOrEqualTo(MOST);
    }

    @ParameterizedTest
    @CsvSource({"0.10, 0.03, 1000", "0.05, 0.02, 1500", "0.20, 0.05, 1000", "0.30, 0.05, 700"})
    void fixedTestAcceptsTooBadCandidatesAtMostOneTimeInTwenty(double discordant, double margin, int items) {
        int accepted = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            accepted += fixed(new Random(seed), discordant, -margin, margin, items).goodEnough() ? 1 : 0;
        }
        assertThat((double) accepted / SEEDS).isLessThanOrEqualTo(MOST);
    }

    @Test
    void bothTestsFindEqualModelsGoodEnoughMostOfTheTime() {
        int fixed = 0;
        int sequential = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            fixed += fixed(new Random(seed), 0.10, 0, 0.03, 1000).goodEnough() ? 1 : 0;
            Random random = new Random(seed);
            PluginGro process = new PluginGro(0.03, ALPHA, 200, PluginGro.Parameters.STANDARD);
            for (int i = 0; i < 1500 && process.outcome() == Outcome.INCONCLUSIVE; i++) {
                process.add(draw(random, 0.10, 0));
            }
            sequential += process.outcome() == Outcome.NON_INFERIOR ? 1 : 0;
        }
        assertThat((double) fixed / SEEDS).isGreaterThan(0.85);
        assertThat((double) sequential / SEEDS).isGreaterThan(0.85);
    }

    private static Outcome fixed(Random random, double discordant, double difference, double margin, int items) {
        int[] cells = new int[3];
        for (int i = 0; i < items; i++) {
            cells[draw(random, discordant, difference) + 1]++;
        }
        return Margins.outcome(Tango.interval(new PairedTable(cells[1], cells[2], cells[0], 0), 1 - 2 * ALPHA), margin);
    }

    /** -1, 0 or 1 with P(not 0) = {@code discordant} and mean {@code difference}. */
    private static int draw(Random random, double discordant, double difference) {
        double u = random.nextDouble();
        double worse = (discordant - difference) / 2;
        return u < worse ? -1 : u < discordant ? 1 : 0;
    }
}
