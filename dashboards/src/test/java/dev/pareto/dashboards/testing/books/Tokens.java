package dev.pareto.dashboards.testing.books;

/** What an attempt used: prompt tokens by kind, and output with the reasoning in it. */
record Tokens(long fresh, long cacheRead, long cacheWrite, long output, long reasoning) {

    static final Tokens NONE = new Tokens(0, 0, 0, 0, 0);

    long prompt() {
        return fresh + cacheRead + cacheWrite;
    }

    Tokens withOutput(long tokens) {
        return new Tokens(fresh, cacheRead, cacheWrite, tokens, Math.min(reasoning, tokens));
    }
}
