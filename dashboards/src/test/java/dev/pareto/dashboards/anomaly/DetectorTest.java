package dev.pareto.dashboards.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class DetectorTest {

    private static final Detector DETECTOR = new Detector(24, 5, 0);
    private static final int WEEK = 168;
    private static final int WEEKS = 9;
    private static final int LAST_WEEK = 8 * WEEK;

    @Test
    void seldomAlarmsWhereNothingIsOdd() {
        int alarms = 0;
        int judged = 0;
        for (int seed = 0; seed < 40; seed++) {
            double[] hours = hours(0.15, seed % 2 * 0.003, seed);
            alarms += DETECTOR.incidents(hours, 5 * WEEK).size();
            judged += hours.length - 5 * WEEK;
        }
        assertThat(alarms).as("of %d hours, less than one in a scope's quarter", judged)
                .isLessThan(judged / (13 * WEEK));
    }

    @Test
    void findsHoursThatCostAMultiple() {
        int found = 0;
        for (int seed = 0; seed < 40; seed++) {
            double[] hours = hours(0.15, 0.001, seed);
            int start = LAST_WEEK + 30 + seed;
            for (int i = start; i < start + 4; i++) {
                hours[i] *= 3;
            }
            found += DETECTOR.incidents(hours, LAST_WEEK)
                    .stream()
                    .anyMatch(it -> it.from() <= start + 1 && it.to() >= start + 3) ? 1 : 0;
        }
        assertThat(found).isGreaterThanOrEqualTo(38);
    }

    @Test
    void tellsWhatTheHoursCostTooMuch() {
        double[] hours = hours(0.05, 0, 1);
        double extra = 0;
        for (int i = LAST_WEEK + 50; i < LAST_WEEK + 56; i++) {
            extra += 4 * hours[i];
            hours[i] *= 5;
        }
        assertThat(DETECTOR.incidents(hours, LAST_WEEK)).singleElement().satisfies(it -> {
            assertThat(it.to() - it.from()).isEqualTo(6);
            assertThat(it.upper()).isBetween(it.expected(), it.actual());
        });
        assertThat(DETECTOR.incidents(hours, LAST_WEEK).getFirst().excess()).isCloseTo(extra, within(0.1 * extra));
    }

    @Test
    void ordinaryHoursBetweenOddOnesAreNoExcess() {
        double[] hours = hours(0.05, 0, 1);
        double extra = 0;
        for (int odd : new int[]{LAST_WEEK + 50, LAST_WEEK + 53}) {
            extra += 4 * hours[odd];
            hours[odd] *= 5;
        }
        double of = extra;
        assertThat(DETECTOR.incidents(hours, LAST_WEEK)).singleElement().satisfies(it -> {
            assertThat(it.to() - it.from()).isEqualTo(4);
            assertThat(it.actual())
                    .isCloseTo(Arrays.stream(hours, it.from(), it.to()).sum(), within(1e-9 * it.actual()));
            assertThat(it.excess()).isCloseTo(of, within(0.1 * of));
        });
    }

    @Test
    void leavesOutWhatIsNotWorthTheTime() {
        double[] hours = hours(0.05, 0, 1);
        hours[LAST_WEEK + 50] *= 5;
        assertThat(DETECTOR.incidents(hours, LAST_WEEK)).hasSize(1);
        assertThat(new Detector(24, 5, 1_000_000).incidents(hours, LAST_WEEK)).isEmpty();
    }

    @Test
    void saysNothingBeforeItKnowsWhatIsUsual() {
        double[] hours = hours(0.1, 0, 1);
        hours[100] *= 50;
        assertThat(DETECTOR.incidents(hours, 0)).isEmpty();
        assertThat(DETECTOR.incidents(new double[2_000], 0)).isEqualTo(List.of());
    }

    @Test
    void judgesByTheDayWhatSpendsNowAndThen() {
        RandomGenerator random = new SplittableRandom(1);
        double[] hours = new double[WEEKS * WEEK];
        for (int i = 0; i < hours.length; i++) {
            hours[i] = random.nextDouble() < 0.15 ? Math.exp(0.5 * random.nextGaussian()) : 0;
        }
        Detector fitting = Detector.fitting(hours, 0, 5, 0);
        assertThat(fitting.perDay()).isOne();
        assertThat(fitting.incidents(fitting.steps(hours), 35)).isEmpty();
        assertThat(Detector.fitting(hours(0.1, 0, 1), 0, 5, 0).perDay()).isEqualTo(24);
    }

    /** Busy by day, quiet by night and on weekends. */
    private static double[] hours(double noise, double growthADay, long seed) {
        RandomGenerator random = new SplittableRandom(seed);
        double[] hours = new double[WEEKS * WEEK];
        double lasting = 0;
        for (int i = 0; i < hours.length; i++) {
            double day = 0.25 + Math.exp(-Math.pow((i % 24 - 14) / 4.0, 2));
            double weekend = i / 24 % 7 >= 5 ? 0.4 : 1;
            lasting = 0.6 * lasting + 0.3 * noise * random.nextGaussian();
            hours[i] = 20 * day * weekend
                    * Math.exp(growthADay * i / 24 + lasting + noise * random.nextGaussian());
        }
        return hours;
    }
}
