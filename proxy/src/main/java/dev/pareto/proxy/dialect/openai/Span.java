package dev.pareto.proxy.dialect.openai;

/** A range of bytes, the end exclusive. */
public record Span(int from, int to) {

    public Span {
        if (from < 0 || to < from) {
            throw new IllegalArgumentException("not a range: " + from + ".." + to);
        }
    }

    public int length() {
        return to - from;
    }
}
