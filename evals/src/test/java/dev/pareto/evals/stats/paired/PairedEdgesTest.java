package dev.pareto.evals.stats.paired;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;

import dev.pareto.evals.stats.Interval;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PairedEdgesTest {

    @ParameterizedTest
    @CsvSource({"1,0,0,0", "0,1,0,0", "0,0,1,0", "0,0,0,1", "100,0,0,0", "0,0,0,100", "0,50,0,50", "0,100,0,0",
            "0,0,100,0", "2000000000,1,1,5"})
    void everyTableHasIntervalsAroundItsDifference(int both, int candidate, int incumbent, int neither) {
        PairedTable table = new PairedTable(both, candidate, incumbent, neither);
        for (double confidence : new double[]{1e-6, 0.9, 1 - 1e-10}) {
            for (Interval interval : new Interval[]{Tango.interval(table, confidence),
                    PairedNewcombe.interval(table, confidence)}) {
                assertThat(interval.lower()).isBetween(-1.0, table.difference() + 1e-6);
                assertThat(interval.upper()).isBetween(table.difference() - 1e-6, 1.0);
            }
        }
        for (double margin : new double[]{1e-9, 0.02, 0.999}) {
            assertThat(Tango.nonInferiority(table, margin).p()).isBetween(0.0, 1.0);
        }
    }

    @Test
    void withoutDiscordantItemsMoreItemsStillMeanMoreCertainty() {
        double few = Tango.interval(new PairedTable(50, 0, 0, 0), 0.9).lower();
        double many = Tango.interval(new PairedTable(5_000, 0, 0, 0), 0.9).lower();
        assertThat(few).isLessThan(-0.02);
        assertThat(many).isBetween(-0.02, 0.0);
        assertThat(McNemar.test(0, 0)).isEqualTo(new McNemar.Result(1, 1, 0, 1, 0, 1));
        assertThat(McNemar.worseMidP(0, 0)).isEqualTo(1);
    }

    @Test
    void tangosStatisticFallsWithTheHypothesis() {
        for (PairedTable table : List.of(new PairedTable(80, 7, 12, 1), new PairedTable(0, 1, 0, 0),
                new PairedTable(9, 0, 3, 0), new PairedTable(1_000_000, 30, 3, 7))) {
            double before = Double.POSITIVE_INFINITY;
            for (double d = -0.999; d < 1; d += 0.001) {
                double z = Tango.z(table, d);
                assertThat(z).isLessThanOrEqualTo(before + 1e-9);
                before = z;
            }
        }
        assertThatIllegalArgumentException().isThrownBy(() -> Tango.z(new PairedTable(1, 1, 1, 1), Double.NaN));
    }

    @Test
    void impossibleTablesAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new PairedTable(0, 0, 0, 0))
                .withMessageContaining("empty");
        assertThatIllegalArgumentException().isThrownBy(() -> new PairedTable(1, -1, 0, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> McNemar.test(-1, 0));
    }

    @Test
    void differencesThatAreAllAlikeGiveAPointAndCertainty() {
        PairedT same = PairedT.of(new double[]{0.1, 0.1, 0.1});
        assertThat(same.interval(0.95)).isEqualTo(new Interval(0.1, 0.1));
        assertThat(same.nonInferiorityP(0.02)).isZero();
        assertThat(PairedT.of(new double[]{0, 0}).p()).isEqualTo(1);
        assertThat(SignedRank.of(new double[]{0, 0}).p()).isEqualTo(1);
        assertThat(SignedRank.of(new double[0]).p()).isEqualTo(1);
        BcaBootstrap resampled = BcaBootstrap.of(new double[]{0.3, 0.3, 0.3}, 1_000, new SplittableRandom(1));
        assertThat(resampled.interval(0.95).lower()).isCloseTo(0.3, within(1e-12));
        assertThat(resampled.interval(0.95).upper()).isCloseTo(0.3, within(1e-12));
        assertThat(resampled.bias()).isCloseTo(0, within(1e-12));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void tooFewPairsAreRefused(int n) {
        double[] d = new double[n];
        assertThatIllegalArgumentException().isThrownBy(() -> PairedT.of(d));
        assertThatIllegalArgumentException().isThrownBy(() -> BcaBootstrap.of(d, 10_000, new SplittableRandom(1)))
                .withMessageContaining("at least 2 differences");
        assertThatIllegalArgumentException().isThrownBy(() -> RatioOfMeans.of(new double[]{1}, new double[n]));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new StratifiedMean.Stratum(1, n == 0 ? List.of() : List.of(0.5)));
    }

    @Test
    void oneClusterSaysNothingAboutOthers() {
        ClusteredMean one = ClusteredMean.of(new double[]{1, 0, 1}, List.of("a", "a", "a"));
        assertThat(one.interval(0.95).lower()).isEqualTo(Double.NEGATIVE_INFINITY);
        ClusteredMean each = ClusteredMean.of(new double[]{1, 0, 1}, List.of("a", "b", "c"));
        assertThat(each.correctedStandardError())
                .isCloseTo(PairedT.of(new double[]{1, 0, 1}).standardError(), within(1e-15));
        assertThatIllegalArgumentException().isThrownBy(() -> ClusteredMean.of(new double[]{1}, List.of()));
    }

    @Test
    void whatWasNotMeasuredIsRefused() {
        double[] d = {0, Double.NaN, 1};
        assertThatIllegalArgumentException().isThrownBy(() -> PairedT.of(d)).withMessageContaining("NaN");
        assertThatIllegalArgumentException().isThrownBy(() -> SignedRank.of(d));
        assertThatIllegalArgumentException().isThrownBy(() -> BcaBootstrap.of(d, 10_000, new SplittableRandom(1)));
        assertThatIllegalArgumentException().isThrownBy(() -> ClusteredMean.of(d, List.of("a", "b", "c")));
        assertThatIllegalArgumentException().isThrownBy(() -> RatioOfMeans.of(d, new double[]{1, 1, 1}));
    }

    @Test
    void theBootstrapCoversSkewedMeansAsStated() {
        int covered = 0;
        for (int seed = 0; seed < 500; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            double[] d = new double[100];
            for (int i = 0; i < d.length; i++) {
                d[i] = random.nextDouble() < 0.2 ? random.nextDouble() : 0;
            }
            covered += BcaBootstrap.of(d, 1_000, random).interval(0.9).contains(0.1) ? 1 : 0;
        }
        assertThat(covered / 500.0).isBetween(0.85, 0.95);
    }
}
