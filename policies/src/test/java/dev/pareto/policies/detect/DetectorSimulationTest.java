package dev.pareto.policies.detect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What the detectors promise, simulated: how long healthy traffic runs without an alarm, and how many requests a break lasts
 * before it is seen. The figures are printed.
 */
final class DetectorSimulationTest {

    private static final int STREAMS = 1_000;
    private static final long ALARM_BEFORE = -1;
    /** A run length is about exponential, so its mean over the streams has a standard error of 1/sqrt(streams). */
    private static final double MONTE_CARLO = 3 / Math.sqrt(STREAMS);

    /** A detector with what it is told beside each observation. */
    private record Watch(Detector detector, BiFunction<Detector, Double, Detector> next, double threshold) {

        static Watch rate(double healthy, double broken, double arl) {
            return new Watch(RateDetector.fresh(1), (one, x) -> ((RateDetector) one).next(x, healthy, List.of(broken)),
                    Math.log(arl));
        }

        static Watch pairs(double margin, double arl) {
            return new Watch(PairDetector.FRESH, (one, x) -> ((PairDetector) one).next(x, margin, margin),
                    Math.log(arl));
        }

        Watch add(double x) {
            return new Watch(next.apply(detector, x), next, threshold);
        }

        boolean alarm() {
            return detector.logStatistic() >= threshold;
        }
    }

    @ParameterizedTest
    @CsvSource({"0.01, 0.03, 10000", "0.01, 0.05, 10000", "0.02, 0.05, 10000", "0.05, 0.10, 10000",
            "0.001, 0.01, 10000", "0.01, 0.03, 50000"})
    void healthyTrafficRunsAsLongAsStated(double healthy, double broken, double arl) {
        double mean = meanRun(Watch.rate(healthy, broken, arl), 0, random -> random.nextDouble() < healthy ? 1 : 0,
                random -> 0);
        System.out.printf("rate %s -> %s: stated run length %.0f, simulated %.0f%n", healthy, broken, arl, mean);
        assertThat(mean).isGreaterThanOrEqualTo(arl);
    }

    @ParameterizedTest
    @CsvSource({"0.03, 0.10, 10000", "0.03, 0.20, 10000", "0.045, 0.10, 10000", "0.075, 0.30, 10000"})
    void aCandidateWorseByJustTheMarginRunsAsLongAsStated(double margin, double discordant, double arl) {
        double mean = meanRun(Watch.pairs(margin, arl), 0, random -> pair(random, discordant, -margin), random -> 0);
        System.out.printf("pairs %s, discordant %s: stated run length %.0f, simulated %.0f%n", margin, discordant, arl,
                mean);
        assertThat(mean).isGreaterThanOrEqualTo(arl * (1 - MONTE_CARLO));
    }

    @ParameterizedTest
    @CsvSource({"0.01, 0.03, 1e4", "0.01, 0.05, 1e4", "0.02, 0.05, 1e4", "0.05, 0.10, 1e4", "0.001, 0.01, 1e4",
            "0.01, 0.03, 1e6", "0.01, 0.05, 1e6"})
    void aBreakIsSeenWithinLogRunLengthOverDivergence(double healthy, double broken, double arl) {
        ToDoubleFunction<SplittableRandom> well = random -> random.nextDouble() < healthy ? 1 : 0;
        ToDoubleFunction<SplittableRandom> ill = random -> random.nextDouble() < broken ? 1 : 0;
        double atOnce = meanRun(Watch.rate(healthy, broken, arl), 0, ill, well);
        double later = meanRun(Watch.rate(healthy, broken, arl), 1_000, ill, well);
        double theory = Math.log(arl) / (broken * Math.log(broken / healthy)
                + (1 - broken) * (Math.log1p(-broken) - Math.log1p(-healthy)));
        System.out.printf(
                "rate %s -> %s at run length %.0f: ln(ARL)/KL %.0f requests; broken from the start %.0f; after 1,000 healthy ones %.0f%n",
                healthy, broken, arl, theory, atOnce, later);
        assertThat(atOnce).isBetween(0.4 * theory, 1.1 * theory);
        assertThat(later).isLessThan(atOnce);
    }

    @ParameterizedTest
    @CsvSource({"0.03, 0.10, 1500", "0.045, 0.10, 1000", "0.045, 0.20, 2000"})
    void twiceTheMarginWorseIsSeen(double margin, double discordant, double most) {
        double delay = meanRun(Watch.pairs(margin, 1e4), 1_000, random -> pair(random, discordant, -2 * margin),
                random -> pair(random, discordant, 0));
        System.out.printf("pairs %s, discordant %s, twice the margin worse: seen after %.0f pairs%n", margin,
                discordant, delay);
        assertThat(delay).isLessThan(most);
    }

    /** Mean number of observations from {@code then} until the alarm, over the streams that reached it without one. */
    private static double meanRun(Watch fresh, int before, ToDoubleFunction<SplittableRandom> then,
            ToDoubleFunction<SplittableRandom> first) {
        LongSummaryStatistics runs = LongStream.range(0, STREAMS)
                .parallel()
                .map(seed -> run(fresh, before, then, first, new SplittableRandom(seed)))
                .filter(run -> run != ALARM_BEFORE)
                .summaryStatistics();
        assertThat(runs.getCount()).isGreaterThan(STREAMS * 9 / 10);
        return runs.getAverage();
    }

    /** Of one stream; {@link #ALARM_BEFORE} where it did not reach {@code then} without an alarm. */
    private static long run(Watch fresh, int before, ToDoubleFunction<SplittableRandom> then,
            ToDoubleFunction<SplittableRandom> first, SplittableRandom random) {
        Watch watch = fresh;
        for (int i = 0; i < before && !watch.alarm(); i++) {
            watch = watch.add(first.applyAsDouble(random));
        }
        if (watch.alarm()) {
            return ALARM_BEFORE;
        }
        long start = watch.detector().seen();
        while (!watch.alarm()) {
            watch = watch.add(then.applyAsDouble(random));
        }
        return watch.detector().seen() - start;
    }

    /** -1, 0 or 1 with P(not 0) = {@code discordant} and mean {@code difference}. */
    private static double pair(SplittableRandom random, double discordant, double difference) {
        double u = random.nextDouble();
        return u < (discordant - difference) / 2 ? -1 : u < discordant ? 1 : 0;
    }
}
