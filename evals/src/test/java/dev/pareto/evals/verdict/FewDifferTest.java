package dev.pareto.evals.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

import dev.pareto.evals.stats.paired.ClusteredMean;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Clusters of passes and failures of which few differ, truly worse by exactly the margin: how often the verdict accepts, and how
 * often Student's t alone would. The figures are printed and stand in docs/statistics.md.
 */
final class FewDifferTest {

    private static final int SEEDS = 2_000;
    private static final int ITEMS = 10;

    /** @param most 5 % with three Monte Carlo standard errors; more where many differ, all one way, which is t's own */
    @ParameterizedTest
    @CsvSource({"20, 0.01, 0, 0.065", "20, 0.02, 0, 0.065", "20, 0.05, 0, 0.065", "20, 0.02, 0.5, 0.065",
            "20, 0.02, 0.8, 0.065",
            "40, 0.01, 0, 0.065", "40, 0.02, 0, 0.065", "40, 0.01, 0.5, 0.065", "40, 0.01, 0.8, 0.065",
            "40, 0.05, 0.5, 0.065",
            "20, 0.1, 0, 0.1", "40, 0.05, 0, 0.1"})
    void acceptsHardlyMoreThanItStates(int clusters, double margin, double betterToWorse, double most) {
        Design design = Design.ofRecords(margin, 0.05, Design.Test.FIXED,
                draw(clusters, margin, betterToWorse, new SplittableRandom(0)));
        QualityTest test = new QualityTest(design);
        int accepted = 0;
        int byT = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            List<PairRecord> records = draw(clusters, margin, betterToWorse, new SplittableRandom(seed));
            accepted += test.assess(records).quality().verdict().goodEnough() ? 1 : 0;
            ClusteredMean mean = ClusteredMean.of(records.stream().mapToDouble(PairRecord::difference).toArray(),
                    records.stream().map(PairRecord::clusterOrOwn).toList());
            byT += mean.interval(0.9).lower() > -margin ? 1 : 0;
        }
        System.out.printf("%d clusters of %d, margin %s, better to worse %s: accepted %.2f %%, by t alone %.2f %%%n",
                clusters, ITEMS, margin, betterToWorse, 100.0 * accepted / SEEDS, 100.0 * byT / SEEDS);
        assertThat((double) accepted / SEEDS).isLessThanOrEqualTo(most);
        assertThat(accepted).isLessThanOrEqualTo(byT);
    }

    /** Each item is lost or won alone; what is lost more than won is the margin. */
    private static List<PairRecord> draw(int clusters, double margin, double betterToWorse, SplittableRandom random) {
        double worse = margin / (1 - betterToWorse);
        List<PairRecord> records = new ArrayList<>();
        for (int i = 0; i < clusters * ITEMS; i++) {
            double coin = random.nextDouble();
            boolean lost = coin < worse;
            boolean won = !lost && coin < worse * (1 + betterToWorse);
            records.add(new PairRecord("i" + i, "c" + i / ITEMS, null, PairRecord.Side.scored(lost ? 0.0 : 1.0),
                    PairRecord.Side.scored(won ? 0.0 : 1.0)));
        }
        return records;
    }
}
