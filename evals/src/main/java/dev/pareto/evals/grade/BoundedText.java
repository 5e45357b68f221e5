package dev.pareto.evals.grade;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * A text that counts every look at it, so that a regular expression which explodes on some answer ends instead of
 * hanging the run. Views of it share the count. Not thread-safe.
 */
public final class BoundedText implements CharSequence {

    /** Looks allowed at one text. */
    public static final int MAX_STEPS = 2_000_000;

    private final String text;
    private final AtomicInteger left;
    private final int from;
    private final int to;

    private BoundedText(String text, AtomicInteger left, int from, int to) {
        this.text = text;
        this.left = left;
        this.from = from;
        this.to = to;
    }

    /** The text with the full allowance. */
    public static BoundedText of(String text) {
        return new BoundedText(text, new AtomicInteger(MAX_STEPS), 0, text.length());
    }

    @Override
    public char charAt(int index) {
        if (left.decrementAndGet() < 0) {
            throw new StepsExceeded();
        }
        return text.charAt(from + index);
    }

    @Override
    public int length() {
        return to - from;
    }

    @Override
    public BoundedText subSequence(int start, int end) {
        return new BoundedText(text, left, from + start, from + end);
    }

    @Override
    public String toString() {
        return text.substring(from, to);
    }

    /** The allowance is used up. */
    public static final class StepsExceeded extends RuntimeException {

        StepsExceeded() {
            super("too many steps", null, false, false);
        }
    }
}
