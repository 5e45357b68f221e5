package dev.pareto.engine.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

final class RankingTest {

    @Test
    void keysOrderByLogitThenByLowestToken() {
        float[] ascending = {Float.NEGATIVE_INFINITY, -1e30f, -1, -1e-30f, 0, 1e-30f, 1, 1e30f};
        for (int i = 1; i < ascending.length; i++) {
            assertThat(Ranking.key(ascending[i], 9)).isGreaterThan(Ranking.key(ascending[i - 1], 3));
        }
        assertThat(Ranking.key(-2, 3)).isGreaterThan(Ranking.key(-2, 4));
        assertThat(Ranking.key(-0f, 7)).isEqualTo(Ranking.key(0f, 7));
        long key = Ranking.key(-1.5f, 128_255);
        assertThat(Ranking.token(key)).isEqualTo(128_255);
        assertThat(Ranking.logit(key)).isEqualTo(-1.5f);
    }

    @Test
    void selectsWhatSortingSelects() {
        var random = new SplittableRandom(17);
        for (int round = 0; round < 200; round++) {
            int size = 1 + random.nextInt(300);
            var logits = new float[size];
            for (int i = 0; i < size; i++) {
                logits[i] = random.nextInt(10) == 0 ? Float.NEGATIVE_INFINITY : random.nextInt(40) - 20;
            }
            int most = 1 + random.nextInt(size);
            var keys = new long[size];
            int count = Ranking.selectTop(logits, 0, size, most, keys);
            int[] expected = IntStream.range(0, size)
                    .filter(i -> logits[i] > Float.NEGATIVE_INFINITY)
                    .boxed()
                    .sorted(Comparator.comparingDouble((Integer i) -> -logits[i]).thenComparing(i -> i))
                    .limit(most)
                    .mapToInt(i -> i)
                    .toArray();
            Ranking.heapify(keys, count);
            int rest = count;
            int[] found = new int[count];
            for (int i = 0; i < count; i++) {
                found[i] = Ranking.token(Ranking.pop(keys, rest--));
            }
            assertThat(found).as(() -> "logits " + Arrays.toString(logits)).isEqualTo(expected);
        }
    }
}
