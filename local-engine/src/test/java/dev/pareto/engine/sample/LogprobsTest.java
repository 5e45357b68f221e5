package dev.pareto.engine.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import dev.pareto.engine.TokenLogprob;

final class LogprobsTest {

    @Test
    void areTheLogSoftmaxOfTheRawLogits() {
        float[] logits = {(float) Math.log(0.5), (float) Math.log(0.3), (float) Math.log(0.2)};
        var logprobs = new Logprobs(new Scratch(3), token -> new byte[]{(byte) ('a' + token)});
        var told = logprobs.of(logits, 0, 1, 2);
        assertThat(told.token()).isEqualTo(1);
        assertThat(told.bytes()).containsExactly('b');
        assertThat(Math.exp(told.logprob())).isCloseTo(0.3, within(1e-6));
        assertThat(told.top()).extracting(TokenLogprob::token).containsExactly(0, 1);
        assertThat(told.top()).extracting(TokenLogprob::top).allMatch(List::isEmpty);
        assertThat(Math.exp(told.top().getFirst().logprob())).isCloseTo(0.5, within(1e-6));
    }

    @Test
    void sumToOneOverAHugeVocabularyWithHugeLogits() {
        var random = new SplittableRandom(8);
        var logits = new float[128_000];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) (1000 + random.nextGaussian() * 5);
        }
        var logprobs = new Logprobs(new Scratch(logits.length), _ -> new byte[0]);
        double sum = IntStream.range(0, 200)
                .mapToDouble(i -> logprobs.of(logits, 0, i * 640, 0).logprob())
                .map(Math::exp)
                .sum();
        double first = logprobs.of(logits, 0, 0, 0).logprob();
        double direct = IntStream.range(0, logits.length).mapToDouble(i -> Math.exp(logits[i] - logits[0])).sum();
        assertThat(first).isCloseTo(-Math.log(direct), within(1e-9));
        assertThat(sum).isBetween(0.0, 1.0);
    }

    @Test
    void topIsInOrderWithTheLowestFirstAmongEqualsAndWithoutMaskedTokens() {
        float[] logits = {1, 2, 2, Float.NEGATIVE_INFINITY, 0};
        var logprobs = new Logprobs(new Scratch(5), _ -> new byte[0]);
        assertThat(logprobs.of(logits, 0, 4, 20).top()).extracting(TokenLogprob::token).containsExactly(1, 2, 0, 4);
        assertThat(logprobs.of(logits, 0, 4, 0).top()).isEmpty();
    }
}
