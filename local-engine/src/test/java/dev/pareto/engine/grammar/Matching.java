package dev.pareto.engine.grammar;

import java.nio.charset.StandardCharsets;

/** Reads whole texts with a grammar, byte by byte. */
final class Matching {

    private final Automaton automaton;
    private final Configurations configurations;

    Matching(Grammar grammar) {
        automaton = grammar.automaton();
        configurations = new Configurations(automaton);
    }

    static boolean matches(Grammar grammar, String text) {
        return new Matching(grammar).matches(text);
    }

    boolean matches(String text) {
        var state = configurations.start();
        for (byte value : text.getBytes(StandardCharsets.UTF_8)) {
            state = configurations.step(state, automaton.classes[value & 0xFF]);
        }
        return state.complete;
    }
}
