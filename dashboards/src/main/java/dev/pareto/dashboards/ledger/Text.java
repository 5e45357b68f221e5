package dev.pareto.dashboards.ledger;

import org.jspecify.annotations.Nullable;

/** Bounds on text that others chose. */
final class Text {
    private Text() {}

    /** The first {@code max} characters, never half a surrogate pair. */
    static String bounded(String text, int max) {
        if (text.length() <= max) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(max - 1)) ? max - 1 : max;
        return text.substring(0, end);
    }

    static @Nullable String boundedOrNull(@Nullable String text, int max) {
        return text == null ? null : bounded(text, max);
    }
}
