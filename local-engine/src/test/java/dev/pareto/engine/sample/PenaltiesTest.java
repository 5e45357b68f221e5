package dev.pareto.engine.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;

import dev.pareto.engine.Sampling;

final class PenaltiesTest {

    @Test
    void repetitionDividesPositiveAndMultipliesNegativeLogitsOfPromptAndAnswer() {
        var penalties = new Penalties(penalties(2, 0, 0, -1), new int[]{0, 1});
        penalties.accept(2);
        float[] logits = {4, -4, 1, 5};
        penalties.apply(logits);
        assertThat(logits).containsExactly(2, -8, 0.5f, 5);
    }

    @Test
    void frequencyAndPresenceCountDrawnTokensOnly() {
        var penalties = new Penalties(penalties(1, 0.5, 1.5, -1), new int[]{0, 0, 0, 1});
        penalties.accept(1);
        penalties.accept(1);
        penalties.accept(2);
        float[] logits = {10, 10, 10, 10};
        penalties.apply(logits);
        assertThat(logits).containsExactly(10, 10 - 2 * 0.5f - 1.5f, 10 - 0.5f - 1.5f, 10);
    }

    @Test
    void tokensLeaveTheWindow() {
        var penalties = new Penalties(penalties(2, 0, 1, 2), new int[]{0, 1, 2});
        float[] logits = {4, 4, 4, 4};
        penalties.apply(logits);
        assertThat(logits).containsExactly(4, 2, 2, 4);
        penalties.accept(3);
        penalties.accept(3);
        logits = new float[]{4, 4, 4, 4};
        penalties.apply(logits);
        assertThat(logits).containsExactly(4, 4, 4, 1);
    }

    @Test
    void countsEqualThoseOfASlowTwinForLongTexts() {
        var random = new SplittableRandom(3);
        for (int window : new int[]{1, 7, 64, 1000, 5000, -1}) {
            int[] prompt = random.ints(600, 0, 3000).toArray();
            var penalties = new Penalties(penalties(1.5, 0.1, 0.2, window), prompt);
            var drawn = new ArrayList<Integer>();
            for (int i = 0; i < 3000; i++) {
                int token = random.nextInt(3000);
                penalties.accept(token);
                drawn.add(token);
            }
            float[] logits = new float[3000];
            Arrays.fill(logits, 3);
            penalties.apply(logits);
            float[] expected = slowTwin(prompt, drawn, window);
            for (int token = 0; token < logits.length; token++) {
                assertThat(logits[token]).as("token %d, window %d", token, window)
                        .isCloseTo(expected[token],
                                within(1e-5f));
            }
        }
    }

    private static float[] slowTwin(int[] prompt, List<Integer> drawn, int window) {
        var seen = new int[3000];
        var count = new int[3000];
        int total = prompt.length + drawn.size();
        for (int i = window < 0 ? 0 : Math.max(0, total - window); i < total; i++) {
            if (i < prompt.length) {
                seen[prompt[i]]++;
            } else {
                seen[drawn.get(i - prompt.length)]++;
                count[drawn.get(i - prompt.length)]++;
            }
        }
        var expected = new float[3000];
        for (int token = 0; token < 3000; token++) {
            expected[token] = seen[token] > 0 ? 2 : 3;
            expected[token] -= count[token] > 0 ? count[token] * 0.1f + 0.2f : 0;
        }
        return expected;
    }

    private static Sampling penalties(double repetition, double frequency, double presence, int window) {
        return new Sampling(1, 0, 1, 0, repetition, frequency, presence, window, null, Map.of());
    }
}
