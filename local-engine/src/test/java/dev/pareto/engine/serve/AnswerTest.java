package dev.pareto.engine.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import dev.pareto.engine.FinishReason;
import dev.pareto.engine.GenerationRequest;
import dev.pareto.engine.Sampling;
import dev.pareto.engine.TextDelta;
import dev.pareto.engine.TokenLogprob;
import dev.pareto.engine.grammar.Grammar;

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

    @Test
    void aGrammarHoldsTheTextWhateverTheModelWouldSay() {
        var heard = constrained("I would say: no", Grammar.regex("[a-z ]{2,4}!"), 50);
        assertThat(heard.text()).matches("[a-z ]{2,4}!");
        assertThat(heard.requireResult().reason()).isEqualTo(FinishReason.STOP);
        assertThat(heard.requireResult().completionTokens()).as("no token after the last that can follow")
                .isEqualTo(heard.text().length());
    }

    @Test
    void whatTheModelSaysStaysWhereTheGrammarAllowsIt() {
        var heard = constrained("{\"a\": 1}", Grammar.jsonObject(), 50);
        assertThat(heard.text()).isEqualTo("{\"a\": 1}");
        assertThat(heard.requireResult().completionTokens()).isEqualTo(8);
        var open = constrained("12", Grammar.regex("\\d+"), 50);
        assertThat(open.text()).as("the end of the turn is allowed once complete").isEqualTo("12");
        assertThat(open.requireResult().completionTokens()).isEqualTo(3);
    }

    @Test
    void aConstrainedAnswerIsClosedWhereItsTokensRunOut() {
        var heard = constrained("{\"a\": 1}", Grammar.jsonObject(), 4);
        assertThat(heard.text()).matches("\\{\\s*}");
        assertThat(heard.requireResult().reason()).isEqualTo(FinishReason.LENGTH);
        assertThat(constrained("[1, 22, 333]", Grammar.regex("\\[.*\\]"), 6).text()).isEqualTo("[1, 2]");
    }

    @Test
    void aConstrainedAnswerIsCutWhereNoneIsShortEnough() {
        var heard = constrained("{\"a\": 1}", Grammar.jsonObject(), 1);
        assertThat(heard.text()).isEqualTo("{");
        assertThat(heard.requireResult().reason()).isEqualTo(FinishReason.LENGTH);
    }

    @Test
    void tokensThatAreShownHaveTheirNamesAsText() {
        var request = Bench.request(new int[]{1, 2, 3}, 50).withShown(Set.of((int) 'l'));
        var heard = Bench.alone(FakeModel.saying(3, "Hello".getBytes(StandardCharsets.UTF_8)), request);

        assertThat(heard.text()).isEqualTo("He<108><108>o");
    }

    private static Heard constrained(String text, Grammar grammar, int maxTokens) {
        var request = Bench.request(new int[]{1, 2, 3}, maxTokens).withGrammar(grammar);
        return Bench.alone(FakeModel.saying(3, text.getBytes(StandardCharsets.UTF_8)), request);
    }

    private static Heard answer(String text, List<String> stop, @Nullable Integer topLogprobs, int maxTokens) {
        var request = new GenerationRequest(new int[]{1, 2, 3}, maxTokens, Sampling.greedy(), stop, topLogprobs,
                Duration.ofHours(1));
        return Bench.alone(FakeModel.saying(3, text.getBytes(StandardCharsets.UTF_8)), request);
    }
}
