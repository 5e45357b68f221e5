package dev.pareto.policies.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

final class InputMixTest {

    @Test
    void requestsLikeThoseKnownHaveNotShifted() {
        InputMix known = mix(400, 0.3);
        assertThat(mix(1_000, 0.3).shift(known, 0.2)).isNull();
        assertThat(mix(1_000, 0.36).shift(known, 0.2)).as("a small shift is within the bound").isNull();
    }

    @Test
    void theFeatureThatDiffersMostIsNamedWithItsIndex() {
        InputMix known = new InputMix(100, Map.of("language", Map.of("en", 90.0, "de", 10.0), "tools",
                Map.of("no", 60.0, "yes", 40.0)));
        InputMix live = new InputMix(200, Map.of("language", Map.of("en", 100.0, "de", 100.0), "tools",
                Map.of("no", 60.0, "yes", 140.0)));
        InputShift shift = Objects.requireNonNull(live.shift(known, 0.2));
        assertThat(shift.feature()).isEqualTo("language");
        assertThat(shift.value()).isEqualTo("de");
        // with half a request more of either: 100.5/201 and 10.5/101
        double now = 100.5 / 201;
        double then = 10.5 / 101;
        assertThat(shift.index()).isCloseTo((now - then) * Math.log(now / then)
                + (1 - now - (1 - then)) * Math.log((1 - now) / (1 - then)), within(1e-12));
        assertThat(shift.words()).isEqualTo("input drift: language de is 50 % of the last 200 requests and 10 % of the "
                + "evidence (PSI 0.85, bound 0.20)");
    }

    @Test
    void eachFeatureThatBothKnowHasItsIndexShiftedOrNot() {
        InputMix known = new InputMix(100, Map.of("language", Map.of("en", 90.0, "de", 10.0), "tools",
                Map.of("no", 60.0, "yes", 40.0), "length", Map.of("short", 100.0)));
        InputMix live = new InputMix(200, Map.of("language", Map.of("en", 100.0, "de", 100.0), "tools",
                Map.of("no", 120.0, "yes", 80.0), "segment", Map.of("a", 200.0)));
        Map<String, Double> indices = live.indices(known);
        assertThat(indices).containsOnlyKeys("language", "tools");
        assertThat(indices.get("language"))
                .isEqualTo(Objects.requireNonNull(live.shift(known, 0.2)).index());
        assertThat(indices.get("tools")).isCloseTo(0, within(1e-4));
    }

    @Test
    void aValueThatNobodyKnewIsAShiftAndAFeatureThatNobodyKnewIsNone() {
        InputMix known = new InputMix(200, Map.of("language", Map.of("en", 200.0)));
        InputMix live = new InputMix(200, Map.of("language", Map.of("en", 150.0, "fi", 50.0), "tools",
                Map.of("yes", 200.0)));
        assertThat(live.shift(known, 0.2)).isNotNull().extracting(InputShift::value).isEqualTo("fi");
        assertThat(new InputMix(9, Map.of("tools", Map.of("yes", 9.0))).shift(known, 0.01)).isNull();
    }

    @Test
    void fewRequestsAreNoShiftHoweverOddTheyAre() {
        InputMix known = new InputMix(200, Map.of("language", Map.of("en", 180.0, "de", 20.0)));
        assertThat(new InputMix(3, Map.of("language", Map.of("de", 3.0))).shift(known, 0.2)).isNull();
    }

    @Test
    void namesThatCallersMakeUpDoNotGrowWithoutBound() {
        InputMix mix = InputMix.NONE;
        for (int i = 0; i < 1_000; i++) {
            mix = mix.with(Map.of("segment", "s" + i), 1);
        }
        assertThat(mix.counts().get("segment")).hasSize(65).containsEntry("other", 936.0);
    }

    @Test
    void mixesAddUp() {
        InputMix sum = mix(30, 0.5).plus(new InputMix(2, Map.of("tools", Map.of("yes", 2.0))));
        assertThat(sum.n()).isEqualTo(32);
        assertThat(sum.counts()).containsKeys("length", "tools");
    }

    /** Looked at after every request of 300 windows of healthy traffic, against a suite of 200 items drawn from it. */
    @Test
    void healthyWindowsSeldomRaiseTheAlarm(TestReporter reporter) {
        var random = new SplittableRandom(5);
        int alarms = 0;
        for (int run = 0; run < 300; run++) {
            InputMix known = InputMix.NONE;
            for (int i = 0; i < 200; i++) {
                known = known.with(drawn(random), 1);
            }
            InputMix live = InputMix.NONE;
            boolean alarm = false;
            for (int i = 1; i <= 1_000 && !alarm; i++) {
                live = live.with(drawn(random), 1);
                alarm = i >= 500 && live.shift(known, 0.2) != null;
            }
            alarms += alarm ? 1 : 0;
        }
        reporter.publishEntry("alarms in 300 healthy windows", String.valueOf(alarms));
        assertThat(alarms).isZero();
    }

    /** Seven lengths, two of them rare. */
    private static Map<String, String> drawn(SplittableRandom random) {
        double u = random.nextDouble();
        int length = u < 0.02 ? 0 : u < 0.15 ? 1 : u < 0.45 ? 2 : u < 0.75 ? 3 : u < 0.9 ? 4 : u < 0.98 ? 5 : 6;
        return Map.of("length", "" + length, "tools", random.nextInt(4) == 0 ? "yes" : "no");
    }

    private static InputMix mix(int n, double shareOfLong) {
        return new InputMix(n, Map.of("length", Map.of("long", n * shareOfLong, "short", n * (1 - shareOfLong))));
    }
}
