package dev.pareto.engine.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.pareto.engine.EngineException;

final class GbnfTest {

    private static final Grammar ARITHMETIC = Grammar.gbnf("""
                                                           # sums of products
                                                           root  ::= expr "=" ws num "\\n"?
                                                           expr  ::= term ([-+*/] ws term)*   # left to right
                                                           term  ::= num | "(" ws expr ")" ws
                                                           num   ::= [0-9]+ ws
                                                           ws    ::= [ \\t]*
                                                           """);

    @Test
    void readsTheNotationOfLlamaCpp() {
        var matching = new Matching(ARITHMETIC);
        assertThat(matching.matches("1=2")).isTrue();
        assertThat(matching.matches("(1 + 2) * ((3)) / 44 = 7\n")).isTrue();
        assertThat(matching.matches("1 + = 2")).isFalse();
        assertThat(matching.matches("(1 + 2 = 3")).isFalse();
        assertThat(matching.matches("1=2\n\n")).isFalse();
    }

    @Test
    void countsRepetitions() {
        var grammar = Grammar.gbnf("root ::= \"a\"{2} \"b\"{1,3} \"c\"{2,} (\"d\" | \"e\"){0,1}");
        var matching = new Matching(grammar);
        assertThat(matching.matches("aabcc")).isTrue();
        assertThat(matching.matches("aabbbcccccce")).isTrue();
        assertThat(matching.matches("abcc")).isFalse();
        assertThat(matching.matches("aabbbbcc")).isFalse();
        assertThat(matching.matches("aabc")).isFalse();
        assertThat(matching.matches("aabccde")).isFalse();
    }

    @Test
    void classesAndEscapesAreCharactersNotBytes() {
        var grammar = Grammar.gbnf("root ::= [а-я]+ [^a-z\\n\\]] . \"\\x41\\u00e9\\U0001F98A\"");
        assertThat(Matching.matches(grammar, "привет中🦊Aé🦊")).isTrue();
        assertThat(Matching.matches(grammar, "приветa🦊Aé🦊")).isFalse();
        assertThat(Matching.matches(grammar, "при]xAé🦊")).isFalse();
    }

    @Test
    void everyCharacterClassEqualsItsSet() {
        var random = new Random(3);
        for (int round = 0; round < 60; round++) {
            int first = random.nextInt(0x110000);
            int last = Math.min(0x10FFFF, first + random.nextInt(round % 3 == 0 ? 100_000 : 300));
            var set = CodePoints.of(first, last, 0x7F, 0x80, 0x7FF, 0x800, 0xFFFF, 0x10000);
            var used = round % 2 == 0 ? set : set.not();
            if (used.isEmpty()) {
                continue;
            }
            var matching = new Matching(Grammar.gbnf(notation(used)));
            for (int code : new int[]{first, last, first - 1, last + 1, (first + last) / 2, 0, 0x7F, 0x80, 0x7FF, 0x800,
                    0xD7FF, 0xE000, 0xFFFF, 0x10000, 0x10FFFF, random.nextInt(0x110000)}) {
                if (code >= 0 && code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF)) {
                    assertThat(matching.matches(Character.toString(code))).as("%x in %s", code, used)
                            .isEqualTo(used.contains(code));
                }
            }
        }
    }

    private static String notation(CodePoints set) {
        var text = new StringBuilder("root ::= [");
        for (int i = 0; i < set.count(); i++) {
            text.append("\\U%08x-\\U%08x".formatted(set.first(i), set.last(i)));
        }
        return text.append(']').toString();
    }

    @Test
    void rightRecursionDoesNotDeepenAndNestingHasABottom() {
        var list = Grammar.gbnf("root ::= item root | item\nitem ::= \"a\"+ \";\"");
        assertThat(Matching.matches(list, "aa;a;".repeat(5000))).isTrue();
        var nested = Grammar.gbnf("root ::= \"(\" root \")\" | \"x\"");
        assertThat(Matching.matches(nested, "(".repeat(500) + "x" + ")".repeat(500))).isTrue();
        assertThat(Matching.matches(nested, "(".repeat(5000) + "x" + ")".repeat(5000))).isFalse();
    }

    @Test
    void whatIsAmbiguousIsReadInEveryWay() {
        var grammar = Grammar.gbnf("root ::= a b | a \"!\"\na ::= \"x\" | \"x\" a\nb ::= \"x\"{2} \"y\"");
        assertThat(Matching.matches(grammar, "xxxxxy")).isTrue();
        assertThat(Matching.matches(grammar, "xxxxx!")).isTrue();
        assertThat(Matching.matches(grammar, "xxy")).isFalse();
    }

    @Test
    void alternativesThatNeverEndAreLeftOut() {
        var grammar = Grammar.gbnf("root ::= \"a\" | \"b\" loop\nloop ::= \"c\" loop");
        assertThat(Matching.matches(grammar, "a")).isTrue();
        var matching = new Configurations(grammar.automaton());
        assertThat(matching.step(matching.start(), grammar.automaton().classes['b']).isDead()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '#', commentCharacter = '~', quoteCharacter = '`',
            textBlock = """
                        root ::= "a # line 1, column 12
                        root = "a" # '::='
                        root ::= ("a" # ')'
                        root ::= [a-z # ']'
                        root ::= "\\q" # no escape
                        root ::= "a"{3,2} # no length
                        root ::= foo # 'foo', which is not there
                        start ::= "a" # no rule 'root'
                        root ::= root "a" | "a" # begins with itself
                        root ::= x root\\nx ::= "a"? # begins with itself
                        root ::= "a" root # matches no text
                        root ::= "a"{999999}{999} # too large
                        root ::= "a"\\nroot ::= "b" # twice
                        root ::= "a" % # out of place
                        """)
    void sayWhatIsWrong(String source, String message) {
        assertThatThrownBy(() -> Grammar.gbnf(source.replace("\\n", "\n")))
                .isInstanceOf(EngineException.InvalidRequest.class)
                .hasMessageContaining(message);
    }

    @Test
    void hostileGrammarsAreRefusedNotFollowed() {
        var nested = "root ::= " + "(".repeat(5000) + "\"a\"" + ")".repeat(5000);
        assertThatThrownBy(() -> Grammar.gbnf(nested)).hasMessageContaining("nested deeper");
        assertThatThrownBy(() -> Grammar.gbnf("root ::= (([a-z]{0,1000}){0,1000}){0,1000}"))
                .hasMessageContaining("too large");
        var rules = new StringBuilder("root ::= \"a\"\n");
        for (int i = 0; i <= RuleGraph.MAX_RULES; i++) {
            rules.append("r").append(i).append(" ::= \"a\"\n");
        }
        assertThatThrownBy(() -> Grammar.gbnf(rules.toString())).hasMessageContaining("rules");
        var chain = new StringBuilder("root ::= r0\n");
        for (int i = 0; i < 3000; i++) {
            chain.append("r").append(i).append(" ::= r").append(i + 1).append('\n');
        }
        assertThat(Matching.matches(Grammar.gbnf(chain + "r3000 ::= \"x\"+"), "xxx")).isTrue();
        assertThatThrownBy(() -> Grammar.gbnf("root ::= ([ab]* \"a\" [ab]{30})"))
                .isInstanceOf(EngineException.InvalidRequest.class);
        assertThatThrownBy(() -> Grammar.gbnf("root ::= \"a\" | ([]{999999}){999999}"))
                .as("what matches nothing costs too")
                .hasMessageContaining("too large");
    }

    @Test
    void rulesInATangledOrderAreFollowedSoFarAsThatIsCheap() {
        assertThat(Matching.matches(tangled(100), "Zxyxyz")).isTrue();
        assertThatThrownBy(() -> tangled(4_500)).hasMessageContaining("tangled");
    }

    /** Each pair of rules uses the pair before it, so that what is known of the first reaches one pair a round. */
    private static Grammar tangled(int count) {
        var text = new StringBuilder("root ::= c1");
        for (int group = 0; group * 500 < count; group++) {
            text.append(" | \"").append((char) ('Z' - group)).append("\" g").append(group);
        }
        for (int i = 1; i <= count; i++) {
            text.append(i % 500 == 1 ? "\ng" + i / 500 + " ::= " : " | ").append("c").append(i);
        }
        text.append("\nc0 ::= \"z\"+\n");
        for (int i = 1; i <= count; i++) {
            text.append("c%d ::= \"x\"+ d%d\nd%d ::= \"y\"+ c%d\n".formatted(i, i, i, i - 1));
        }
        return Grammar.gbnf(text.toString());
    }
}
