package dev.pareto.engine.grammar;

/** How short the texts of a grammar can be. */
public final class TextLengths {

    private TextLengths() {}

    /** In bytes. */
    public static int shortest(Grammar grammar) {
        var automaton = grammar.automaton();
        return automaton.shortest[automaton.root];
    }
}
