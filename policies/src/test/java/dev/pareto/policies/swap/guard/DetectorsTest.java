package dev.pareto.policies.swap.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.pareto.policies.detect.PairDetector;
import dev.pareto.policies.detect.RateDetector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The detectors against the reference numbers, and against what they promise. */
final class DetectorsTest {

    @Test
    void theEDetectorReproducesTheReference() {
        JsonNode group = vectors().path("guard_monitor");
        String bits = group.path("x_bits").stringValue();
        double p0 = group.path("p0").doubleValue();
        List<Double> rates = List.of(group.path("p1").doubleValue());
        RateDetector detector = RateDetector.fresh(1);
        int alarm = 0;
        int point = 0;
        for (int t = 1; t <= bits.length(); t++) {
            detector = detector.next(bits.charAt(t - 1) - '0', p0, rates);
            if (alarm == 0 && detector.logStatistic() >= Math.log(1e4)) {
                alarm = t;
            }
            if (group.path("points").path(point).asInt(-1) == t) {
                double expected = group.path("sr_edetector").path(point++).doubleValue();
                assertThat(Math.exp(detector.logStatistic())).isCloseTo(expected, within(1e-9 * expected));
            }
        }
        assertThat(point).isEqualTo(group.path("points").size());
        assertThat(alarm).isEqualTo(group.path("sr_alarm_1e4").intValue());
    }

    @Test
    void theLivePairsReproduceTheReference() {
        JsonNode all = vectors();
        JsonNode stream = all.path("stream").path("d");
        JsonNode points = all.path("plugin_gro_eprocess").path("points");
        for (JsonNode one : all.path("plugin_gro_eprocess").path("cases")) {
            if (one.has("stream")) {
                continue;
            }
            double margin = one.path("delta").doubleValue();
            PairDetector pairs = PairDetector.FRESH;
            int point = 0;
            for (int i = 0; i < stream.size(); i++) {
                pairs = pairs.next(stream.path(i).doubleValue(), margin, margin);
                if (points.path(point).asInt(-1) == i + 1) {
                    assertThat(pairs.logNonInferior())
                            .isCloseTo(one.path("log_e_noninferior").path(point++).doubleValue(), within(1e-9));
                }
            }
            assertThat(point).isEqualTo(points.size());
            assertThat(pairs.nonInferior(0.05)).isEqualTo(!one.path("first_noninferior").isNull());
        }
    }

    /** 1,000 streams whose rate is exactly what is still good, all guards at once. */
    @Test
    void falseAlarmsComeNoSoonerThanStated() {
        GuardRules rules = new GuardRules(GuardRules.DEFAULT.atMost(), Duration.ofSeconds(1), 300);
        var random = new SplittableRandom(11);
        double total = 0;
        int streams = 1_000;
        for (int stream = 0; stream < streams; stream++) {
            Monitor monitor = Monitor.FRESH;
            long t = 0;
            while (t < 20_000 && monitor.alarm(rules) == null) {
                t++;
                monitor = monitor.next(new Observation(Arm.CANDIDATE, false, random.nextDouble() < 0.02,
                        random.nextDouble() < 0.01, random.nextDouble() < 0.02,
                        Duration.ofMillis(random.nextDouble() < 0.05 ? 2_000 : 500)), rules);
            }
            total += t;
        }
        System.out.printf("all guards: mean observations to a false alarm %.0f, stated 300%n", total / streams);
        assertThat(total / streams).isGreaterThan(300);
    }

    /** A jump of the failure rate from half of what is allowed; beside ln(ARL) / KL of the best single bet. */
    @Test
    void aJumpIsSeenAboutAsSoonAsItCanBe() {
        var random = new SplittableRandom(12);
        GuardRules rules = GuardRules.DEFAULT;
        double p0 = 0.02;
        for (double p1 : new double[]{0.05, 0.1, 0.3, 1}) {
            double delays = 0;
            int runs = 200;
            for (int run = 0; run < runs; run++) {
                Monitor monitor = Monitor.FRESH;
                for (int i = 0; i < 500; i++) {
                    monitor = monitor.next(observed(random.nextDouble() < p0 / 2), rules);
                }
                while (monitor.alarm(rules) == null) {
                    monitor = monitor.next(observed(random.nextDouble() < p1), rules);
                    delays++;
                }
            }
            double kl = p1 * Math.log(p1 / p0) + (p1 < 1 ? (1 - p1) * Math.log((1 - p1) / (1 - p0)) : 0);
            double bound = rules.threshold() / kl;
            System.out.printf("errors 1 %% -> %d %%: mean delay %.0f, ln(k ARL)/KL %.0f%n", Math.round(100 * p1),
                    delays / runs, bound);
            assertThat(delays / runs).isLessThan(1.6 * bound + 5);
        }
    }

    private static Observation observed(boolean failed) {
        return new Observation(Arm.CANDIDATE, false, failed, null, null, null);
    }

    private static JsonNode vectors() {
        Path folder = Path.of("").toAbsolutePath();
        while (folder != null && !Files.isDirectory(folder.resolve(".mvn"))) {
            folder = folder.getParent();
        }
        Path file = folder == null ? null : folder.resolveSibling("shared/vectors/stats_vectors.json");
        assumeThat(file).as("reference numbers beside the repository").isNotNull().exists();
        return JsonMapper.shared().readTree(file);
    }
}
