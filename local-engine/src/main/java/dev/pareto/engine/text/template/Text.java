package dev.pareto.engine.text.template;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.text.Segment;

/**
 * A string that knows for each character whether the template wrote it or whether it came with the request. Every
 * operation on strings is made of {@link #sub}, {@link Builder} and {@link #map}, so no operation loses the origin.
 * Equal are texts with the same characters, wherever they come from.
 */
final class Text {

    static final Text EMPTY = new Text("", null);

    private static final char OWN = '.';
    private static final char FOREIGN = 'f';

    private final String value;
    /** One character for each of {@link #value}; null where all are the template's own. */
    private final @Nullable String origins;

    private Text(String value, @Nullable String origins) {
        this.value = value;
        this.origins = origins;
    }

    /** Text of the template itself. */
    static Text own(String value) {
        return new Text(value, null);
    }

    /** Text that came with the request. */
    static Text foreign(String value) {
        return value.isEmpty() ? EMPTY : new Text(value, String.valueOf(FOREIGN).repeat(value.length()));
    }

    String value() {
        return value;
    }

    boolean isEmpty() {
        return value.isEmpty();
    }

    /** The characters from {@code from} to {@code to}, counted as UTF-16. */
    Text sub(int from, int to) {
        if (from == 0 && to == value.length()) {
            return this;
        }
        return new Text(value.substring(from, to), origins == null ? null : origins.substring(from, to));
    }

    /** The length as Python counts it. */
    int codePoints() {
        return value.codePointCount(0, value.length());
    }

    Text plus(Text other) {
        return new Builder().add(this).add(other).build();
    }

    /** Changes each run of one origin on its own. */
    Text map(UnaryOperator<String> change) {
        if (origins == null) {
            return own(change.apply(value));
        }
        var builder = new Builder();
        for (var run : runs()) {
            var changed = change.apply(run.text());
            builder.add(run.trusted() ? own(changed) : foreign(changed));
        }
        return builder.build();
    }

    /** The runs of one origin in order; none is empty. */
    List<Segment> runs() {
        if (value.isEmpty()) {
            return List.of();
        }
        if (origins == null) {
            return List.of(new Segment(value, true));
        }
        var runs = new ArrayList<Segment>();
        for (int at = 0; at < value.length();) {
            char origin = origins.charAt(at);
            int end = origins.indexOf(origin == OWN ? FOREIGN : OWN, at);
            end = end < 0 ? value.length() : end;
            runs.add(new Segment(value.substring(at, end), origin == OWN));
            at = end;
        }
        return runs;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Text text && value.equals(text.value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return value;
    }

    /** Joins texts. */
    static final class Builder {

        private final StringBuilder values = new StringBuilder();
        /** Kept only from the first foreign character on. */
        private @Nullable StringBuilder origins;

        Builder add(Text text) {
            if (text.origins != null || origins != null) {
                var marks = originsSoFar();
                if (text.origins == null) {
                    marks.repeat(OWN, text.value.length());
                } else {
                    marks.append(text.origins);
                }
            }
            values.append(text.value);
            return this;
        }

        Builder own(String text) {
            if (origins != null) {
                origins.repeat(OWN, text.length());
            }
            values.append(text);
            return this;
        }

        private StringBuilder originsSoFar() {
            if (origins == null) {
                origins = new StringBuilder().repeat(OWN, values.length());
            }
            return origins;
        }

        int length() {
            return values.length();
        }

        Text build() {
            return new Text(values.toString(), origins == null ? null : origins.toString());
        }
    }
}
