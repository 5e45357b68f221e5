package dev.pareto.engine.grammar;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * How short and how long the texts of a grammar can be.
 *
 * @param shortest in bytes
 * @param longest in bytes; null if there is always a longer one
 */
public record TextLengths(long shortest, @Nullable Long longest) {

    private static final long ENDLESS = Long.MAX_VALUE / 4;

    public static TextLengths of(Grammar grammar) {
        var automaton = grammar.automaton();
        long longest = new Longest(automaton).from(automaton.root);
        return new TextLengths(shortest(automaton), longest >= ENDLESS ? null : longest);
    }

    private static long shortest(Automaton automaton) {
        var least = new long[automaton.size()];
        Arrays.fill(least, ENDLESS);
        boolean changed = true;
        while (changed) {
            changed = false;
            for (int node = least.length - 1; node >= 0; node--) {
                long found = automaton.accepting[node] ? 0 : ENDLESS;
                int[] bytes = automaton.bytes[node];
                for (int i = 2; i < bytes.length; i += 3) {
                    found = Math.min(found, 1 + least[bytes[i]]);
                }
                int[] calls = automaton.calls[node];
                for (int i = 0; i < calls.length; i += 2) {
                    found = Math.min(found, least[calls[i]] + least[calls[i + 1]]);
                }
                if (found < least[node]) {
                    least[node] = found;
                    changed = true;
                }
            }
        }
        return least[automaton.root];
    }

    /** Looks for the longest way from each node; one that comes back to where it was has no end. */
    private static final class Longest {

        private static final long UNKNOWN = -1;
        private final Automaton automaton;
        private final long[] known;

        Longest(Automaton automaton) {
            this.automaton = automaton;
            known = new long[automaton.size()];
            Arrays.fill(known, UNKNOWN);
        }

        long from(int node) {
            if (known[node] != UNKNOWN) {
                return known[node];
            }
            known[node] = ENDLESS; // until it is known: whoever comes back here goes round
            long most = 0;
            int[] bytes = automaton.bytes[node];
            for (int i = 2; i < bytes.length; i += 3) {
                most = Math.max(most, 1 + from(bytes[i]));
            }
            int[] calls = automaton.calls[node];
            for (int i = 0; i < calls.length; i += 2) {
                most = Math.max(most, from(calls[i]) + from(calls[i + 1]));
            }
            known[node] = Math.min(most, ENDLESS);
            return known[node];
        }
    }
}
