package dev.pareto.engine.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import dev.pareto.engine.FinishReason;
import dev.pareto.engine.GenerationRequest;
import dev.pareto.engine.Sampling;
import dev.pareto.engine.TextDelta;
import dev.pareto.engine.TokenLogprob;

final class AnswerTest {

    @Test
    void theTokenThatEndsTheTurnHasNoTextAndIsCounted() {
        var heard = answer("Hello", List.of(), null, 50);
        assertThat(heard.text()).isEqualTo("Hello");
        assertThat(heard.requireResult().reason()).isEqualTo(FinishReason.STOP);
        assertThat(heard.requireResult().promptTokens()).isEqualTo(3);
        assertThat(heard.requireResult().completionTokens()).isEqualTo(6);
        assertThat(heard.requireResult().stopText()).isNull();
    }

    @Test
    void theLastTokenAllowedEndsByLengthEvenIfTheTurnWouldEndNext() {
        var heard = answer("Hello", List.of(), null, 5);
        assertThat(heard.text()).isEqualTo("Hello");
        assertThat(heard.requireResult().reason()).isEqualTo(FinishReason.LENGTH);
        assertThat(heard.requireResult().completionTokens()).isEqualTo(5);
        assertThat(answer("Hello", List.of(), null, 6).requireResult().reason()).isEqualTo(FinishReason.STOP);
    }

    @Test
    void charactersComeWholeThoughTheirBytesAreTokens() {
        var heard = answer("né 🦊 €!", List.of(), null, 50);
        assertThat(heard.text()).isEqualTo("né 🦊 €!");
        assertThat(heard.deltas).extracting(TextDelta::text).containsExactly("n", "é", " ", "🦊", " ", "€", "!");
    }

    @Test
    void aCharacterThatIsCutOffBecomesAReplacementCharacter() {
        var heard = answer("a🦊", List.of(), 0, 3);
        assertThat(heard.text()).isEqualTo("a\uFFFD");
        assertThat(heard.logprobs()).hasSize(3);
    }

    @Test
    void aStopTextEndsTheAnswerAndIsNotPartOfIt() {
        var heard = answer("one END two", List.of("END", "never"), null, 50);
        assertThat(heard.text()).isEqualTo("one ");
        assertThat(heard.requireResult().reason()).isEqualTo(FinishReason.STOP);
        assertThat(heard.requireResult().stopText()).isEqualTo("END");
        assertThat(heard.requireResult().completionTokens()).isEqualTo(7);
    }

    @Test
    void textThatOnlyBeginsLikeAStopTextIsTold() {
        var heard = answer("one EN two E", List.of("END"), null, 50);
        assertThat(heard.text()).isEqualTo("one EN two E");
        assertThat(heard.deltas).extracting(TextDelta::text).contains("EN ");
    }

    @Test
    void logprobsTravelWithTheirText() {
        var heard = answer("é EN x END", List.of("END"), 2, 50);
        assertThat(heard.deltas.getFirst().text()).isEqualTo("é");
        assertThat(heard.deltas.getFirst().logprobs()).extracting(TokenLogprob::token).containsExactly(0xC3, 0xA9);
        var held = heard.deltas.stream().filter(delta -> delta.text().equals("EN ")).findFirst().orElseThrow();
        assertThat(held.logprobs()).extracting(TokenLogprob::token).containsExactly((int) 'E', (int) 'N', (int) ' ');
        assertThat(heard.logprobs()).hasSize("é".getBytes(StandardCharsets.UTF_8).length + " EN x ".length());
        assertThat(heard.logprobs()).allSatisfy(one -> {
            assertThat(one.top()).hasSize(2);
            assertThat(one.top().getFirst().token()).isEqualTo(one.token());
            assertThat(one.logprob()).isBetween(-3.0, -2.0); // 2 against 256 times -1
        });
    }

    @Test
    void withoutTheWishThereAreNoLogprobs() {
        assertThat(answer("Hello", List.of(), null, 50).logprobs()).isEmpty();
        assertThat(answer("Hello", List.of(), 0, 50).logprobs()).hasSize(5).allMatch(one -> one.top().isEmpty());
    }

    private static Heard answer(String text, List<String> stop, @Nullable Integer topLogprobs, int maxTokens) {
        var request = new GenerationRequest(new int[]{1, 2, 3}, maxTokens, Sampling.greedy(), stop, topLogprobs,
                Duration.ofHours(1));
        return Bench.alone(FakeModel.saying(3, text.getBytes(StandardCharsets.UTF_8)), request);
    }
}
