package dev.pareto.policies.detect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What the detectors promise, simulated: how long healthy traffic runs without an alarm, and how many requests a break lasts
 * before it is seen. The figures are printed.
 */
final class DetectorSimulationTest {

    private static final int STREAMS = 1_000;
    /** A run length is about exponential, so its mean over the streams has a standard error of 1/sqrt(streams). */
    private static final double MONTE_CARLO = 3 / Math.sqrt(STREAMS);

    @ParameterizedTest
    @CsvSource({"0.01, 0.03, 10000", "0.01, 0.05, 10000", "0.02, 0.05, 10000", "0.05, 0.10, 10000",
            "0.001, 0.01, 10000", "0.01, 0.03, 50000"})
    void healthyTrafficRunsAsLongAsStated(double healthy, double broken, double arl) {
        Detector detector = RateDetector.of(healthy, broken, arl);
        double mean = meanRun(detector, 0, random -> random.nextDouble() < healthy ? 1 : 0, random -> 0);
        System.out.printf("rate %s -> %s: stated run length %.0f, simulated %.0f%n", healthy, broken, arl, mean);
        assertThat(mean).isGreaterThanOrEqualTo(arl);
    }

    @ParameterizedTest
    @CsvSource({"0.03, 0.10, 10000", "0.03, 0.20, 10000", "0.045, 0.10, 10000", "0.075, 0.30, 10000"})
    void aCandidateWorseByJustTheMarginRunsAsLongAsStated(double margin, double discordant, double arl) {
        double mean = meanRun(DriftDetector.of(margin, arl), 0, random -> pair(random, discordant, -margin),
                random -> 0);
        System.out.printf("drift %s, discordant %s: stated run length %.0f, simulated %.0f%n", margin, discordant, arl,
                mean);
        assertThat(mean).isGreaterThanOrEqualTo(arl * (1 - MONTE_CARLO));
    }

    @ParameterizedTest
    @CsvSource({"0.01, 0.03, 5", "0.05, 0.10, 5"})
    void theSumRunsAtLeastTheExponentialOfItsThreshold(double healthy, double broken, double threshold) {
        double mean = meanRun(Cusum.of(healthy, broken, threshold), 0,
                random -> random.nextDouble() < healthy ? 1 : 0, random -> 0);
        assertThat(mean).isGreaterThanOrEqualTo(Math.exp(threshold));
    }

    @ParameterizedTest
    @CsvSource({"0.01, 0.03, 1e4", "0.01, 0.05, 1e4", "0.02, 0.05, 1e4", "0.05, 0.10, 1e4", "0.001, 0.01, 1e4",
            "0.01, 0.03, 1e6", "0.01, 0.05, 1e6"})
    void aBreakIsSeenWithinLogRunLengthOverDivergence(double healthy, double broken, double arl) {
        RateDetector detector = RateDetector.of(healthy, broken, arl);
        ToDoubleFunction<SplittableRandom> well = random -> random.nextDouble() < healthy ? 1 : 0;
        ToDoubleFunction<SplittableRandom> ill = random -> random.nextDouble() < broken ? 1 : 0;
        double atOnce = meanRun(detector, 0, ill, well);
        double later = meanRun(detector, 1_000, ill, well);
        double theory = detector.expectedDelay();
        System.out.printf(
                "rate %s -> %s at run length %.0f: ln(ARL)/KL %.0f requests; broken from the start %.0f; after 1,000 healthy ones %.0f%n",
                healthy, broken, arl, theory, atOnce, later);
        assertThat(atOnce).isBetween(0.4 * theory, 1.1 * theory);
        assertThat(later).isLessThan(atOnce);
    }

    @ParameterizedTest
    @CsvSource({"0.03, 0.10, 1500", "0.045, 0.10, 1000", "0.045, 0.20, 2000"})
    void twiceTheMarginWorseIsSeen(double margin, double discordant, double most) {
        double delay = meanRun(DriftDetector.of(margin, 1e4), 1_000, random -> pair(random, discordant, -2 * margin),
                random -> pair(random, discordant, 0));
        System.out.printf("drift %s, discordant %s, twice the margin worse: seen after %.0f pairs%n", margin,
                discordant, delay);
        assertThat(delay).isLessThan(most);
    }

    /** Mean number of observations from {@code then} until the alarm, over the streams that reached it without one. */
    private static double meanRun(Detector fresh, int before, ToDoubleFunction<SplittableRandom> then,
            ToDoubleFunction<SplittableRandom> first) {
        double sum = 0;
        int counted = 0;
        for (int seed = 0; seed < STREAMS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Detector detector = fresh;
            for (int i = 0; i < before; i++) {
                detector = detector.add(first.applyAsDouble(random));
            }
            if (detector.alarm()) {
                continue;
            }
            long start = detector.n();
            while (!detector.alarm()) {
                detector = detector.add(then.applyAsDouble(random));
            }
            sum += detector.n() - start;
            counted++;
        }
        assertThat(counted).isGreaterThan(STREAMS * 9 / 10);
        return sum / counted;
    }

    /** -1, 0 or 1 with P(not 0) = {@code discordant} and mean {@code difference}. */
    private static double pair(SplittableRandom random, double discordant, double difference) {
        double u = random.nextDouble();
        return u < (discordant - difference) / 2 ? -1 : u < discordant ? 1 : 0;
    }
}
