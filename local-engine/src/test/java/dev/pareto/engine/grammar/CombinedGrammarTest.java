package dev.pareto.engine.grammar;

import static dev.pareto.engine.grammar.Matching.matches;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.pareto.engine.EngineException;
import dev.pareto.engine.text.StubTokenizer;

final class CombinedGrammarTest {

    private static final Grammar A = Grammar.regex("a+");
    private static final Grammar B = Grammar.gbnf("root ::= b\nb ::= \"b\" b?");

    @Test
    void rulesOfOneNameDoNotMix() {
        var both = Grammar.sequence(List.of(A, Grammar.gbnf("root ::= b\nb ::= \"c\""), B));

        assertThat(matches(both, "aacbb")).isTrue();
        assertThat(matches(both, "aabb")).isFalse();
        assertThat(matches(Grammar.anyOf(List.of(A, B)), "bb")).isTrue();
        assertThat(matches(Grammar.anyOf(List.of(A, B)), "ab")).isFalse();
    }

    @Test
    void aListHasAtLeastOneElement() {
        var list = Grammar.list(A, Grammar.text(", ", List.of()));

        assertThat(matches(list, "a")).isTrue();
        assertThat(matches(list, "a, aa, a")).isTrue();
        assertThat(matches(list, "")).isFalse();
        assertThat(matches(list, "a, ")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"</b>", "x</b>", "<</b>", "</</b>", "<b></a></b>", "é🦊\n</b>"})
    void aTextEndsAtTheFirstPlace(String text) {
        var grammar = Grammar.until("</b>");

        assertThat(matches(grammar, text)).isTrue();
        assertThat(matches(grammar, text + "x")).isFalse();
        assertThat(matches(grammar, text + "</b>")).isFalse();
        assertThat(matches(grammar, text.substring(0, text.length() - 1))).isFalse();
    }

    @Test
    void anEndThatHoldsItsOwnBeginningIsFound() {
        assertThat(matches(Grammar.until("aab"), "aaab")).isTrue();
        assertThat(matches(Grammar.until("abac"), "ababac")).isTrue();
        assertThat(matches(Grammar.until("abac"), "abaabac")).isTrue();
    }

    @Test
    void combinationsOfEqualGrammarsAreEqual() {
        assertThat(Grammar.anyOf(List.of(A, B))).isEqualTo(Grammar.anyOf(List.of(A, B)))
                .isNotEqualTo(Grammar.anyOf(List.of(B, A)))
                .isNotEqualTo(Grammar.sequence(List.of(A, B)));
        assertThat(Grammar.text("<x>", List.of("<x>"))).isNotEqualTo(Grammar.text("<x>", List.of()));
    }

    @Test
    void aCombinationThatIsTooLargeIsRefusedWhenItIsUsed() {
        var large = Grammar.gbnf("root ::= \"" + "a".repeat(120_000) + "\"");
        var both = Grammar.sequence(List.of(large, large));

        assertThatThrownBy(both::states).isInstanceOf(EngineException.InvalidRequest.class)
                .hasMessageContaining("too large");
    }

    /** A vocabulary of bytes, in which token 300 is the control token {@code <x>}. */
    private static final class Marked extends StubTokenizer {

        static final int X = 300;

        Marked() {
            super(256);
        }

        @Override
        public String name(int token) {
            return token == X ? "<x>" : super.name(token);
        }

        @Override
        public byte[] bytes(int token) {
            return token < 256 ? new byte[]{(byte) token} : new byte[0];
        }

        @Override
        public boolean isControl(int token) {
            return token >= 256;
        }

        @Override
        public int vocabularySize() {
            return 301;
        }
    }

    private static boolean takes(Grammar grammar, Set<Integer> shown, Object... pieces) {
        var constraint = new Constraints(new Marked()).begin(grammar, shown);
        for (var piece : pieces) {
            int[] tokens = piece instanceof String text
                    ? new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1).chars().toArray()
                    : new int[]{(Integer) piece};
            for (int token : tokens) {
                if (!BitSet.valueOf(constraint.allowed()).get(token)) {
                    return false;
                }
                constraint.accept(token);
            }
        }
        return true;
    }

    @Test
    void aControlTokenStandsForAMarkerOfItsNameAndForNoOtherText() {
        var grammar = Grammar.sequence(List.of(Grammar.text("a<x>b", List.of("<x>")), Grammar.text("<x>", List.of())));
        var shown = Set.of(Marked.X);

        assertThat(takes(grammar, shown, "a", Marked.X, "b<x>")).isTrue();
        assertThat(takes(grammar, shown, "a<x>b<x>")).isTrue();
        assertThat(takes(grammar, shown, "a<x>b", Marked.X)).isFalse();
        assertThat(takes(grammar, Set.of(), "a", Marked.X)).isFalse();
        assertThat(takes(grammar, shown, "a", 255)).isFalse();
        assertThat(takes(Grammar.until("<x>"), shown, "a<", Marked.X)).isTrue();
        assertThat(takes(Grammar.regex(".*"), shown, Marked.X)).isFalse();
    }
}
