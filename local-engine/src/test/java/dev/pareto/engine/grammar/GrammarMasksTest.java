package dev.pareto.engine.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.pareto.engine.EngineException;

final class GrammarMasksTest {

    /** The slow twin tries every token byte by byte, on states of its own. */
    @ParameterizedTest
    @ValueSource(strings = {"root ::= [^\"]* \"\\\"\" root2\nroot2 ::= \"a\" | \"[\" root \"]\"",
            "root ::= item (\",\" item)*\nitem ::= [a-z]+ | \"{\" root \"}\" | string\nstring ::= \"\\\"\" char* \"\\\"\"\n"
                    + "char ::= [^\"\\\\] | \"\\\\\" [nu\"]",
            "root ::= ([ab] | \"中\" | \"é\"){0,40} \"x\"", "root ::= line*\nline ::= [^\\n]* \"\\n\"",
            "root ::= \"1\"* \"20\"* (\"-\" root)? ", "JSON", "SCHEMA"})
    void masksAreWhatTryingEveryTokenGives(String source) {
        var grammar = switch (source) {
            case "JSON" -> Grammar.jsonObject();
            case "SCHEMA" -> SchemaTest.grammar("{\"properties\":{\"name\":{\"type\":\"string\",\"maxLength\":6},"
                    + "\"id\":{\"type\":\"integer\"},\"x\":{\"type\":\"array\",\"items\":{\"$ref\":\"#\"}}}}");
            default -> Grammar.gbnf(source);
        };
        var random = new SplittableRandom(12);
        var words = Words.mixed(random, 400);
        var constraints = new Constraints(words);
        for (int walk = 0; walk < 12; walk++) {
            var constraint = constraints.begin(grammar);
            var twin = new Configurations(grammar.automaton());
            var state = twin.start();
            for (int step = 0; step < 25 && !constraint.finished(); step++) {
                var allowed = BitSet.valueOf(constraint.allowed());
                assertThat(allowed).isEqualTo(slow(grammar, twin, state, words));
                int token = pick(allowed, random);
                constraint.accept(token);
                state = read(grammar, twin, state, words.bytes(token));
            }
        }
    }

    private static BitSet slow(Grammar grammar, Configurations twin, Configurations.State state, Words words) {
        var allowed = new BitSet();
        for (int token = 1; token < words.vocabularySize(); token++) {
            allowed.set(token, !read(grammar, twin, state, words.bytes(token)).isDead());
        }
        allowed.set(Words.END, state.complete);
        return allowed;
    }

    private static Configurations.State read(Grammar grammar, Configurations twin, Configurations.State from,
            byte[] bytes) {
        var state = from;
        for (byte value : bytes) {
            state = twin.step(state, grammar.automaton().classes[value & 0xFF]);
        }
        return state;
    }

    private static int pick(BitSet allowed, SplittableRandom random) {
        int[] tokens = allowed.stream().toArray();
        return tokens[random.nextInt(tokens.length)];
    }

    @Test
    void theEndIsAllowedOnlyWhereTheTextIsComplete() {
        var words = Words.mixed(new SplittableRandom(1), 0);
        var constraint = new Constraints(words).begin(Grammar.regex("ab?"));
        assertThat(BitSet.valueOf(constraint.allowed()).get(Words.END)).isFalse();
        constraint.accept('a' + 1);
        assertThat(BitSet.valueOf(constraint.allowed()).stream()).containsExactly(Words.END, 'b' + 1);
        assertThat(constraint.finished()).isFalse();
        constraint.accept('b' + 1);
        assertThat(constraint.finished()).isTrue();
        assertThat(BitSet.valueOf(constraint.allowed()).stream()).containsExactly(Words.END);
        constraint.accept(Words.END);
        assertThat(constraint.finished()).isTrue();
    }

    @Test
    void sequencesOfOneGrammarDoNotDisturbEachOther() {
        var words = Words.mixed(new SplittableRandom(1), 50);
        var constraints = new Constraints(words);
        var one = constraints.begin(Grammar.regex("a+b"));
        var two = constraints.begin(Grammar.regex("a+b"));
        one.accept('a' + 1);
        one.accept('b' + 1);
        assertThat(one.finished()).isTrue();
        assertThat(two.finished()).isFalse();
        assertThat(BitSet.valueOf(two.allowed()).get('b' + 1)).isFalse();
    }

    @Test
    void aVocabularyThatCannotSpellWhatMustComeFailsByName() {
        var words = new Words(List.of("a".getBytes(StandardCharsets.UTF_8)));
        var constraint = new Constraints(words).begin(Grammar.regex("ab"));
        constraint.accept(1);
        assertThatThrownBy(constraint::allowed).isInstanceOf(EngineException.InvalidRequest.class)
                .hasMessageContaining("no token");
    }

    @Test
    void aGrammarWithMoreReadingsThanCanBeFollowedFailsByName() {
        // Each "a" may be closed by either of two rules that say the same: twice the stacks with every one.
        var grammar = Grammar.gbnf("""
                                   root ::= "a" p "b" | "a" q "c" | "x"
                                   p ::= root ""
                                   q ::= "" root
                                   """);
        var constraint = new Constraints(Words.mixed(new SplittableRandom(1), 0)).begin(grammar);
        assertThatThrownBy(() -> {
            for (int i = 0; i < 40; i++) {
                constraint.accept('a' + 1);
            }
        }).isInstanceOf(EngineException.InvalidRequest.class).hasMessageContaining("too ambiguous");
    }

    @Test
    void whatIsForgottenIsLearntAgain() {
        // Ever new stacks: each state is seen once, so that more of them pass than are kept.
        var grammar = Grammar.gbnf("root ::= (\"(\" root \")\" | \"[\" root \"]\" | \"x\")*");
        var configurations = new Configurations(grammar.automaton());
        var random = new SplittableRandom(2);
        for (int walk = 0; walk < 200; walk++) {
            var open = new ArrayList<Character>();
            var state = configurations.start();
            for (int step = 0; step < 600; step++) {
                boolean closes = !open.isEmpty() && (open.size() > 200 || random.nextInt(5) == 0);
                char next = closes ? open.removeLast() : random.nextBoolean() ? '(' : '[';
                if (!closes) {
                    open.add(next == '(' ? ')' : ']');
                }
                state = configurations.step(configurations.renewed(state), grammar.automaton().classes[next]);
                assertThat(state.isDead()).isFalse();
                assertThat(state.complete).isEqualTo(open.isEmpty());
            }
        }
        assertThat(configurations.era()).isPositive();
    }

    @Test
    void statesOfManyStacksAreForgottenSooner() {
        var properties = new LinkedHashMap<String, Object>();
        for (int i = 0; i < 500; i++) {
            properties.put("p" + i, Map.of("type", "integer"));
        }
        var grammar = Grammar.jsonSchema(Map.of("type", "object", "properties", properties));
        var configurations = new Configurations(grammar.automaton());
        var state = configurations.start();
        for (int i = 0; i < 500; i++) {
            var text = (i == 0 ? "{" : ",") + "\"p" + i + "\":1234567890";
            for (byte value : text.getBytes(StandardCharsets.UTF_8)) {
                state = configurations.step(configurations.renewed(state), grammar.automaton().classes[value]);
                assertThat(configurations.references()).isLessThan(Configurations.MAX_REFERENCES + 5_000);
            }
        }
        assertThat(state.isDead()).isFalse();
        assertThat(configurations.era()).isPositive();
    }

    @Test
    void atTheDeepestEveryTextCanStillBeEnded() {
        var grammar = Grammar.jsonObject();
        var words = Words.mixed(new SplittableRandom(1), 0);
        var constraint = new Constraints(words).begin(grammar);
        "{\"a\":".chars().forEach(value -> constraint.accept(value + 1));
        int depth = 0;
        while (BitSet.valueOf(constraint.allowed()).get('[' + 1)) {
            constraint.accept('[' + 1);
            depth++;
        }
        assertThat(depth).isBetween(100, Configurations.MAX_DEPTH);
        while (!constraint.finished()) {
            var allowed = BitSet.valueOf(constraint.allowed());
            int token = List.of(']' + 1, '}' + 1, '0' + 1, '"' + 1)
                    .stream()
                    .filter(allowed::get)
                    .findFirst()
                    .orElseThrow();
            constraint.accept(token);
        }
    }
}
