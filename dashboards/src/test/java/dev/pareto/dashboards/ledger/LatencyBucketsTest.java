package dev.pareto.dashboards.ledger;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

final class LatencyBucketsTest {

    @Test
    void quantilesAreWithinTheirStatedError() {
        SplittableRandom random = new SplittableRandom(3);
        long[] micros = random.doubles(5_000).mapToLong(u -> (long) (1_000 * Math.exp(2 + 6 * u))).sorted().toArray();
        TreeMap<Integer, Long> counts = new TreeMap<>();
        Arrays.stream(micros).forEach(value -> counts.merge(LatencyBuckets.of(value), 1L, Long::sum));
        for (double q : new double[]{0.01, 0.5, 0.95, 0.99, 1}) {
            double exact = micros[(int) Math.ceil(q * micros.length) - 1] / 1000.0;
            Long found = LatencyBuckets.quantileMillis(counts, q);

            assertThat(requireNonNull(found).doubleValue()).isCloseTo(exact,
                    Percentage.withPercentage(exact < 30 ? 7 : 3));
        }
    }

    @Test
    void nothingMeasuredIsUnknown() {
        assertThat(LatencyBuckets.quantileMillis(new TreeMap<>(), 0.95)).isNull();
    }
}
