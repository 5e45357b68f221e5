package dev.pareto.proxy.dialect.openai;

import java.io.ByteArrayOutputStream;

import org.jspecify.annotations.Nullable;

/** The data of one event: its bytes are the event's own when it has one data line, a joined copy when it has several. */
final class SseData {

    private final byte[] array;
    private final Span span;
    private final boolean inPlace;

    private SseData(byte[] array, Span span, boolean inPlace) {
        this.array = array;
        this.span = span;
        this.inPlace = inPlace;
    }

    byte[] array() {
        return array;
    }

    Span span() {
        return span;
    }

    /** Whether the span counts in the event's own bytes. */
    boolean inPlace() {
        return inPlace;
    }

    /** The data of an event; null when it has none (a comment, an id). A space behind the colon is optional. */
    static @Nullable SseData of(byte[] frame, int from, int to) {
        Span only = null;
        ByteArrayOutputStream joined = null;
        int line = from;
        while (line < to) {
            int end = line;
            while (end < to && frame[end] != '\n' && frame[end] != '\r') {
                end++;
            }
            if (isData(frame, line, end)) {
                int start = line + 5;
                if (start < end && frame[start] == ' ') {
                    start++;
                }
                if (only == null) {
                    only = new Span(start, end);
                } else {
                    if (joined == null) {
                        joined = new ByteArrayOutputStream();
                        joined.write(frame, only.from(), only.length());
                    }
                    joined.write('\n');
                    joined.write(frame, start, end - start);
                }
            }
            line = end + 1;
        }
        if (joined != null) {
            return new SseData(joined.toByteArray(), new Span(0, joined.size()), false);
        }
        return only == null ? null : new SseData(frame, only, true);
    }

    private static boolean isData(byte[] frame, int from, int to) {
        return to - from >= 5 && frame[from] == 'd' && frame[from + 1] == 'a' && frame[from + 2] == 't'
                && frame[from + 3] == 'a' && frame[from + 4] == ':';
    }

    boolean isDone() {
        return span.length() == 6 && array[span.from()] == '[' && array[span.from() + 1] == 'D'
                && array[span.from() + 5] == ']';
    }
}
