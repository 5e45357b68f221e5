package dev.pareto.engine.grammar;

import java.nio.charset.StandardCharsets;

/** Any text as a GBNF grammar. */
public final class GbnfFuzz {

    private GbnfFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        var source = new String(input, StandardCharsets.UTF_8);
        GrammarFuzz.follow(input.length, () -> Grammar.gbnf(source));
    }
}
