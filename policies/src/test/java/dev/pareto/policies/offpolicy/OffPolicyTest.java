package dev.pareto.policies.offpolicy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

final class OffPolicyTest {

    @Test
    void weighsWhatWasSeenByItsProbability() {
        // two arms drawn evenly, the policy always takes the first: outcomes 1 and 0 of it
        List<Sample> samples = List.of(new Sample(2, 1, 0.5, 0.5, "a"), new Sample(2, 0, 0.5, 0.5, "b"),
                new Sample(0, 1, 0.5, 0.5, "c"), new Sample(0, 1, 0.5, 0.5, "d"));
        assertThat(OffPolicy.estimate(Method.IPS, samples, 0, 1).value()).isEqualTo(0.5);
        assertThat(OffPolicy.estimate(Method.SNIPS, samples, 0, 1).value()).isEqualTo(0.5);
        Estimate dr = OffPolicy.estimate(Method.DR, samples, 0, 1);
        assertThat(dr.value()).isEqualTo(0.5);
        assertThat(dr.matched()).isEqualTo(2);
        assertThat(dr.effective()).isCloseTo(2, within(1e-12));
    }

    @Test
    void isNotCertainAfterAFewGoodAnswers() {
        List<Sample> samples = java.util.stream.IntStream.range(0, 12)
                .mapToObj(i -> new Sample(1, 1, 1, 1, "u" + i))
                .toList();
        Estimate dr = OffPolicy.estimate(Method.DR, samples, 0, 1);
        assertThat(dr.value()).isEqualTo(1);
        assertThat(dr.low()).isLessThan(0.9);
    }

    @Test
    void knowsNothingWhereNothingMatches() {
        Estimate none = OffPolicy.estimate(Method.SNIPS, List.of(new Sample(0, 1, 1, 1, "a")), 0, 1);
        assertThat(none.value()).isNaN();
        assertThat(none.low()).isZero();
        assertThat(none.high()).isEqualTo(1);
    }

    @Test
    void quantilesAreThoseOfTheTables() {
        assertThat(OffPolicy.student975(4)).isCloseTo(2.776, within(0.01));
        assertThat(OffPolicy.student975(10)).isCloseTo(2.228, within(0.002));
        assertThat(OffPolicy.student975(100)).isCloseTo(1.984, within(0.001));
    }
}
