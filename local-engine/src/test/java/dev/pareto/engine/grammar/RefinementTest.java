package dev.pareto.engine.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;

final class RefinementTest {

    @Test
    void nodesAlikeAreThoseThatTheSlowTwinFinds() {
        var schemas = new RandomSchemas(new SplittableRandom(4));
        for (int i = 0; i < 40; i++) {
            same(Grammar.jsonSchema(schemas.next()).automaton());
        }
        same(Grammar.gbnf("root ::= (\"a\" | \"b\" root \"c\"){0,30} [x-z]*").automaton());
    }

    private static void same(Automaton automaton) {
        for (int rounds : List.of(0, 1, 2, 7, 300)) {
            int[] found = Refinement.blocks(automaton, rounds);
            int[] slow = slow(automaton, rounds);
            var pairs = new HashMap<Integer, Integer>();
            for (int node = 0; node < slow.length; node++) {
                var other = pairs.putIfAbsent(slow[node], found[node]);
                assertThat(other == null || other == found[node]).as("alike after %d rounds", rounds).isTrue();
            }
            assertThat(pairs.values()).as("told apart after %d rounds", rounds).doesNotHaveDuplicates();
        }
    }

    /** Looks at every node in every round. */
    private static int[] slow(Automaton automaton, int rounds) {
        int[] block = new int[automaton.size()];
        for (int node = 0; node < block.length; node++) {
            block[node] = automaton.accepting[node] ? 1 : 0;
        }
        for (int round = 0; round < rounds; round++) {
            var numbers = new HashMap<List<Object>, Integer>();
            int[] next = new int[block.length];
            for (int node = 0; node < block.length; node++) {
                int[] bytes = automaton.bytes[node].clone();
                for (int i = 2; i < bytes.length; i += 3) {
                    bytes[i] = block[bytes[i]];
                }
                int[] calls = automaton.calls[node].clone();
                for (int i = 1; i < calls.length; i += 2) {
                    calls[i] = block[calls[i]];
                }
                var signature = List.<Object>of(block[node], Arrays.toString(bytes), Arrays.toString(calls));
                var known = numbers.putIfAbsent(signature, numbers.size());
                next[node] = known == null ? numbers.size() - 1 : known;
            }
            boolean settled = Arrays.stream(next).distinct().count() == Arrays.stream(block).distinct().count();
            block = next;
            if (settled) {
                break;
            }
        }
        return block;
    }

    @Test
    void longStringsOfDifferentLengthsShareAllButTheirEnds() {
        var properties = new LinkedHashMap<String, Object>();
        for (int i = 0; i < 6; i++) {
            properties.put("p" + i, Map.of("type", "string", "maxLength", 1000 - i));
        }
        var automaton = Grammar.jsonSchema(Map.of("type", "object", "properties", properties)).automaton();

        assertThat(automaton.size()).isGreaterThan(30_000);
        assertThat(Arrays.stream(Refinement.blocks(automaton, 257)).distinct().count())
                .as("no more than one string's last 257 characters need")
                .isLessThan(automaton.size() / 10);
    }
}
