package dev.pareto.engine.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import dev.pareto.engine.EngineException;
import dev.pareto.engine.Sampling;

final class SamplerTest {

    private static final int DRAWS = 40_000;
    private static final float MASKED = Float.NEGATIVE_INFINITY;
    private static final Sampling PLAIN = Sampling.atTemperature(1);

    @Test
    void greedyTakesTheLikeliestAndTheLowestAmongEquals() {
        assertThat(sampler(Sampling.greedy(), 4).next(new float[]{1, 3, 3, 2}, 0)).isEqualTo(1);
        assertThat(sampler(Sampling.greedy(), 3).next(new float[]{-0f, 0f, -1}, 0)).isZero();
        assertThat(sampler(Sampling.greedy(), 3).next(new float[]{MASKED, -5, MASKED}, 0)).isEqualTo(1);
    }

    @Test
    void drawsFollowTheSoftmax() {
        float[] logits = randomLogits(50, 3);
        assertDistribution(PLAIN, logits, softmax(logits, 1));
    }

    @Test
    void drawsFollowTheTemperature() {
        float[] logits = randomLogits(50, 4);
        assertDistribution(Sampling.atTemperature(0.5), logits, softmax(logits, 0.5));
        assertDistribution(Sampling.atTemperature(3), logits, softmax(logits, 3));
    }

    @Test
    void topKKeepsTheBestRenormalised() {
        float[] logits = randomLogits(200, 5);
        assertDistribution(cuts(7, 1, 0), logits, reference(logits, 7, 1, 0, 1));
    }

    @Test
    void topPKeepsTheSmallestNucleus() {
        float[] logits = randomLogits(500, 6);
        assertDistribution(cuts(0, 0.7, 0), logits, reference(logits, 0, 0.7, 0, 1));
    }

    @Test
    void minPKeepsWhatIsLikelyEnough() {
        float[] logits = randomLogits(500, 7);
        assertDistribution(cuts(0, 1, 0.2), logits, reference(logits, 0, 1, 0.2, 1));
    }

    @Test
    void cutsApplyInOrderAndTemperatureLast() {
        float[] logits = randomLogits(300, 8);
        var all = new Sampling(0.7, 40, 0.8, 0.05, 1, 0, 0, 0, null, Map.of());
        assertDistribution(all, logits, reference(logits, 40, 0.8, 0.05, 0.7));
    }

    @Test
    void everyCombinationOfCutsKeepsTheSetOfTheSlowTwin() {
        var random = new SplittableRandom(99);
        for (int round = 0; round < 300; round++) {
            float[] logits = randomLogits(1 + random.nextInt(400), random.nextLong());
            int topK = random.nextBoolean() ? 0 : random.nextInt(1, 60);
            double topP = random.nextBoolean() ? 1 : random.nextDouble();
            double minP = random.nextBoolean() ? 0 : random.nextDouble();
            double[] expected = reference(logits, topK, topP, minP, 100);
            var sampler = sampler(new Sampling(100, topK, topP, minP, 1, 0, 0, 0, 1L, Map.of()), logits.length);
            var seen = new boolean[logits.length];
            // At temperature 100 what is kept is all but equally likely, so the draws reach every kept token.
            int kept = (int) Arrays.stream(expected).filter(p -> p > 0).count();
            for (int i = 0; i < kept * 25; i++) {
                seen[sampler.next(logits, 0)] = true;
            }
            for (int token = 0; token < logits.length; token++) {
                assertThat(seen[token]).as("token %d, k %d, p %f, min-p %f", token, topK, topP, minP)
                        .isEqualTo(expected[token] > 0);
            }
        }
    }

    @Test
    void topPOfZeroAndMinPOfOneLeaveTheLikeliest() {
        float[] logits = randomLogits(100, 9);
        int best = best(logits);
        for (var sampling : List.of(cuts(0, 0, 0), cuts(0, 1, 1), cuts(1, 1, 0), cuts(50, 0, 1))) {
            var sampler = sampler(sampling, logits.length);
            assertThat(IntStream.range(0, 50).map(_ -> sampler.next(logits, 0))).as(sampling.toString())
                    .containsOnly(best);
        }
        var ties = sampler(cuts(0, 1, 1), 3);
        float[] equal = {2, 2, 1};
        assertThat(IntStream.range(0, 200).map(_ -> ties.next(equal, 0)).distinct()).containsExactlyInAnyOrder(0, 1);
    }

    @Test
    void maskedTokensAreNeverDrawn() {
        float[] logits = {MASKED, 0, MASKED, 0, MASKED};
        for (var sampling : List.of(PLAIN, cuts(4, 1, 0), cuts(0, 0.99, 0), cuts(0, 1, 0.01))) {
            var sampler = sampler(sampling, 5);
            assertThat(IntStream.range(0, 300).map(_ -> sampler.next(logits, 0)).distinct()).as(sampling.toString())
                    .containsExactlyInAnyOrder(1, 3);
        }
    }

    @Test
    void logitsThatAreNoNumbersAreRefusedByName() {
        for (var sampling : List.of(Sampling.greedy(), PLAIN)) {
            assertThatThrownBy(() -> sampler(sampling, 3).next(new float[]{1, Float.NaN, 2}, 0))
                    .isInstanceOf(EngineException.ComputationFailed.class)
                    .hasMessageContaining("token 1 is NaN");
            assertThatThrownBy(() -> sampler(sampling, 3).next(new float[]{1, 2, Float.POSITIVE_INFINITY}, 0))
                    .isInstanceOf(EngineException.ComputationFailed.class)
                    .hasMessageContaining("token 2 is Infinity");
            assertThatThrownBy(() -> sampler(sampling, 2).next(new float[]{MASKED, MASKED}, 0))
                    .isInstanceOf(EngineException.ComputationFailed.class)
                    .hasMessageContaining("minus infinity");
        }
    }

    @Test
    void theSameSeedGivesTheSameTokens() {
        float[] logits = randomLogits(1000, 10);
        var one = new Sampler(PLAIN, new SplittableRandom(5), new Scratch(1000), new int[0]);
        var two = new Sampler(PLAIN, new SplittableRandom(5), new Scratch(1000), new int[0]);
        assertThat(IntStream.range(0, 100).map(_ -> one.next(logits, 0)).toArray())
                .isEqualTo(IntStream.range(0, 100).map(_ -> two.next(logits, 0)).toArray());
    }

    @Test
    void samplersThatShareScratchDoNotDisturbEachOther() {
        float[] first = randomLogits(100, 11);
        float[] second = randomLogits(100, 12);
        var scratch = new Scratch(100);
        var one = new Sampler(cuts(0, 0.9, 0), new SplittableRandom(1), scratch, new int[0]);
        var two = new Sampler(cuts(5, 1, 0), new SplittableRandom(2), scratch, new int[0]);
        var alone = new Sampler(cuts(0, 0.9, 0), new SplittableRandom(1), new Scratch(100), new int[0]);
        for (int i = 0; i < 100; i++) {
            int token = one.next(first, 0);
            two.next(second, 0);
            assertThat(token).isEqualTo(alone.next(first, 0));
        }
    }

    @Test
    void biasMovesOrBansATokenAndIsCheckedAgainstTheVocabulary() {
        var bias = new Sampling(0, 0, 1, 0, 1, 0, 0, 0, null, Map.of(0, 100f, 2, -100f));
        assertThat(sampler(bias, 3).next(new float[]{-50, 3, 40}, 0)).isZero();
        var foreign = new Sampling(0, 0, 1, 0, 1, 0, 0, 0, null, Map.of(3, 1f));
        assertThatThrownBy(() -> sampler(foreign, 3)).isInstanceOf(EngineException.InvalidRequest.class)
                .hasMessageContaining("token 3");
    }

    @Test
    void theRowOfLogitsIsNotChanged() {
        float[] logits = randomLogits(60, 13);
        float[] before = logits.clone();
        var sampling = new Sampling(0.8, 10, 0.9, 0.01, 1.3, 0.5, 0.5, -1, null, Map.of(4, 3f));
        var sampler = new Sampler(sampling, new SplittableRandom(1), new Scratch(60), new int[]{1, 2, 3});
        for (int i = 0; i < 20; i++) {
            sampler.next(logits, 0);
        }
        assertThat(logits).isEqualTo(before);
    }

    private static Sampler sampler(Sampling sampling, int vocabulary) {
        return new Sampler(sampling, new SplittableRandom(42), new Scratch(vocabulary), new int[0]);
    }

    private static Sampling cuts(int topK, double topP, double minP) {
        return new Sampling(1, topK, topP, minP, 1, 0, 0, 0, null, Map.of());
    }

    private static float[] randomLogits(int count, long seed) {
        var random = new SplittableRandom(seed);
        var logits = new float[count];
        for (int i = 0; i < count; i++) {
            logits[i] = (float) (random.nextGaussian() * 2);
        }
        return logits;
    }

    private static int best(float[] logits) {
        return IntStream.range(0, logits.length).boxed().max(Comparator.comparingDouble(i -> logits[i])).orElseThrow();
    }

    private static double[] softmax(float[] logits, double temperature) {
        return reference(logits, 0, 1, 0, temperature);
    }

    /** The slow twin: sorts everything, then cuts step by step. */
    private static double[] reference(float[] logits, int topK, double topP, double minP, double temperature) {
        var order = IntStream.range(0, logits.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -logits[i]).thenComparing(i -> i))
                .toList();
        int kept = topK == 0 ? order.size() : Math.min(topK, order.size());
        double[] weights = order.stream().mapToDouble(i -> Math.exp(logits[i] - logits[order.getFirst()])).toArray();
        double total = Arrays.stream(weights, 0, kept).sum();
        if (topP < 1) {
            double sum = 0;
            int nucleus = 0;
            while (nucleus < kept && (nucleus == 0 || sum < topP * total)) {
                sum += weights[nucleus++];
            }
            kept = nucleus;
        }
        while (kept > 1 && weights[kept - 1] < minP) {
            kept--;
        }
        var result = new double[logits.length];
        for (int i = 0; i < kept; i++) {
            result[order.get(i)] = Math.pow(weights[i], 1 / temperature);
        }
        double sum = Arrays.stream(result).sum();
        return Arrays.stream(result).map(w -> w / sum).toArray();
    }

    /** Pearson's chi-square over the tokens expected at least 8 times, the rest pooled. */
    private static void assertDistribution(Sampling sampling, float[] logits, double[] expected) {
        var sampler = sampler(sampling, logits.length);
        var counts = new int[logits.length];
        for (int i = 0; i < DRAWS; i++) {
            counts[sampler.next(logits, 0)]++;
        }
        double statistic = 0;
        int cells = 0;
        double pooledExpected = 0;
        int pooledCount = 0;
        for (int token = 0; token < logits.length; token++) {
            double wanted = expected[token] * DRAWS;
            if (expected[token] == 0) {
                assertThat(counts[token]).as("draws of token %d, which is cut", token).isZero();
            } else if (wanted < 8) {
                pooledExpected += wanted;
                pooledCount += counts[token];
            } else {
                statistic += (counts[token] - wanted) * (counts[token] - wanted) / wanted;
                cells++;
            }
        }
        if (pooledExpected >= 8) {
            statistic += (pooledCount - pooledExpected) * (pooledCount - pooledExpected) / pooledExpected;
            cells++;
        }
        int freedom = cells - 1;
        assertThat(freedom).isPositive();
        // Wilson and Hilferty's approximation of the 99.9 % point; 3.09 is that of the normal distribution.
        double limit = freedom * Math.pow(1 - 2.0 / (9 * freedom) + 3.09 * Math.sqrt(2.0 / (9 * freedom)), 3);
        assertThat(statistic).as("chi-square with %d degrees of freedom", freedom).isLessThan(limit);
    }
}
