package dev.pareto.engine.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

final class TrendTest {

    private static final Trend HEAP = new Trend("heap", 0.1, 2);

    private static double[] samples(int count, IntToDoubleFunction value) {
        return IntStream.range(0, count).mapToDouble(value).toArray();
    }

    @Test
    void whatStaysIsFineThoughItFilledUpFirstAndSwings() {
        assertThat(HEAP.fault(samples(100, i -> Math.min(i, 20) * 5 + (i % 7)))).isEmpty();
    }

    @Test
    void aSlowLeakIsFound() {
        assertThat(HEAP.fault(samples(100, i -> 100 + i * 0.5))).hasValueSatisfying(
                fault -> assertThat(fault).isEqualTo("heap grows: 118.5 early, 143.5 late, at most 132.4 allowed"));
    }

    @Test
    void littleMayDoubleWithinTheFloor() {
        assertThat(HEAP.fault(samples(40, i -> i < 20 ? 1 : 3))).isEmpty();
        assertThat(HEAP.fault(samples(40, i -> i < 20 ? 1 : 3.2))).isPresent();
    }

    @Test
    void fewSamplesAreNoProof() {
        assertThat(HEAP.fault(samples(11, _ -> 1))).hasValueSatisfying(fault -> assertThat(fault).contains("too few"));
    }
}
