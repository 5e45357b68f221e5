package dev.pareto.engine.grammar;

import java.util.Random;
import java.util.function.Supplier;

import dev.pareto.engine.EngineException;
import dev.pareto.engine.fuzz.Watched;

/** A grammar of any text: compiled, put on a small vocabulary and followed for some tokens. */
final class GrammarFuzz {

    /** What the bounds on states, edges and work of a grammar come to; the heap of a run is set to less than that. */
    private static final long FLOOR_BYTES = 1L << 30;
    private static final int TOKENS = 24;
    private static final Words WORDS = Words.mixed(new Random(1), 100, "root", "foo", "2026-01-02");

    private GrammarFuzz() {}

    static void follow(int inputBytes, Supplier<Grammar> grammar) {
        Watched.run(inputBytes, FLOOR_BYTES, EngineException.InvalidRequest.class, () -> follow(grammar.get()));
    }

    private static void follow(Grammar grammar) {
        var constraint = new Constraints(WORDS).begin(grammar);
        var random = new Random(grammar.hashCode());
        for (int i = 0; i < TOKENS && !constraint.finished(); i++) {
            constraint.accept(draw(constraint.allowed(), random));
        }
    }

    /** One of the allowed tokens. */
    private static int draw(long[] allowed, Random random) {
        int start = random.nextInt(WORDS.vocabularySize());
        for (int i = 0; i < WORDS.vocabularySize(); i++) {
            int token = (start + i) % WORDS.vocabularySize();
            if ((allowed[token >> 6] >>> token & 1) != 0) {
                return token;
            }
        }
        throw new AssertionError("a mask allows nothing and says nothing");
    }
}
