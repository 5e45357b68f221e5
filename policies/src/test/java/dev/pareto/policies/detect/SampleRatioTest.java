package dev.pareto.policies.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class SampleRatioTest {

    @Test
    void agreesWithFortyDigitArithmeticAtAMillionRequests() {
        assertThat(ratio(List.of(0.5, 0.5), 821588L, 815482L).logBayesFactor())
                .isCloseTo(6.532367670619090, within(1e-11));
        assertThat(ratio(List.of(0.95, 0.05), 9450L, 550L).logBayesFactor())
                .isCloseTo(0.159187265202996, within(1e-12));
    }

    @Test
    void knowsNothingBeforeTheFirstRequestAndLittleAfterIt() {
        SampleRatio none = SampleRatio.of(List.of(0.999, 0.001));
        assertThat(none.logBayesFactor()).isZero();
        assertThat(none.add(0).logBayesFactor()).isCloseTo(0, within(1e-12));
        assertThat(none.mismatch(SampleRatio.ALPHA)).isFalse();
    }

    @Test
    void anArmThatGetsNothingIsSeen() {
        SampleRatio ratio = SampleRatio.of(List.of(0.95, 0.05));
        int requests = 0;
        while (!ratio.mismatch(SampleRatio.ALPHA)) {
            ratio = ratio.add(0);
            requests++;
        }
        assertThat(requests).isBetween(100, 1_000);
    }

    @Test
    void aRightSplitIsHardlyEverCalledWrongHoweverOftenOneLooks() {
        double alpha = 0.05;
        int called = 0;
        for (int seed = 0; seed < 1_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            SampleRatio ratio = SampleRatio.of(List.of(0.75, 0.25));
            boolean mismatch = false;
            for (int i = 0; i < 1_000 && !mismatch; i++) {
                ratio = ratio.add(random.nextDouble() < 0.75 ? 0 : 1);
                mismatch = ratio.mismatch(alpha);
            }
            called += mismatch ? 1 : 0;
        }
        assertThat(called / 1_000.0).isLessThanOrEqualTo(alpha);
    }

    @Test
    void refusesSharesAndCountsThatMakeNoSense() {
        assertThatIllegalArgumentException().isThrownBy(() -> SampleRatio.of(List.of(0.5, 0.4)))
                .withMessageContaining("sum to 1");
        assertThatIllegalArgumentException().isThrownBy(() -> SampleRatio.of(List.of(1.0, 0.0)))
                .withMessageContaining("positive");
        assertThatIllegalArgumentException().isThrownBy(() -> SampleRatio.of(List.of(1.0)));
        assertThatIllegalArgumentException().isThrownBy(() -> SampleRatio.of(List.of(0.5, Double.NaN)));
        assertThatIllegalArgumentException().isThrownBy(() -> ratio(List.of(0.5, 0.5), 1L, -1L));
        assertThatIllegalArgumentException().isThrownBy(() -> ratio(List.of(0.5, 0.5), 1L));
    }

    private static SampleRatio ratio(List<Double> shares, Long... counts) {
        return new SampleRatio(shares, List.of(counts));
    }
}
