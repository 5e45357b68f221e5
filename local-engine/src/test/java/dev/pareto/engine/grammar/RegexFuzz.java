package dev.pareto.engine.grammar;

import java.nio.charset.StandardCharsets;

/** Any text as a regular expression. */
public final class RegexFuzz {

    private RegexFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        var source = new String(input, StandardCharsets.UTF_8);
        GrammarFuzz.follow(input.length, () -> Grammar.regex(source));
    }
}
