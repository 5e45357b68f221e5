package dev.pareto.engine.text.chat.answer;

import java.util.List;

import org.jspecify.annotations.Nullable;

/** Looks for markers in text that is still growing. */
record Markers(List<String> all) {

    static final String DEEPSEEK_OPENS = "<｜tool▁calls▁begin｜>";

    /** A marker and where it begins. */
    record Found(int at, String marker) {}

    Markers {
        all = List.copyOf(all);
    }

    /** The first marker in the text, the longest where several begin there; null if none is complete. */
    @Nullable
    Found find(StringBuilder text) {
        Found first = null;
        for (var marker : all) {
            int at = text.indexOf(marker);
            if (at >= 0 && (first == null || at < first.at()
                    || (at == first.at() && marker.length() > first.marker().length()))) {
                first = new Found(at, marker);
            }
        }
        return first;
    }

    /** How many characters at the end of the text may be the beginning of a marker. */
    int begun(StringBuilder text) {
        int most = 0;
        for (var marker : all) {
            for (int size = Math.min(marker.length() - 1, text.length()); size > most; size--) {
                if (endsWith(text, marker, size)) {
                    most = size;
                }
            }
        }
        return most;
    }

    private static boolean endsWith(StringBuilder text, String marker, int size) {
        int from = text.length() - size;
        for (int i = 0; i < size; i++) {
            if (text.charAt(from + i) != marker.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** What a text begins with. */
    enum Match {
        /** The marker. */
        YES,
        /** Something else. */
        NO,
        /** Less than the marker; more text decides. */
        OPEN
    }

    static Match at(StringBuilder text, int from, String marker) {
        int length = Math.min(marker.length(), text.length() - from);
        for (int i = 0; i < length; i++) {
            if (text.charAt(from + i) != marker.charAt(i)) {
                return Match.NO;
            }
        }
        return length == marker.length() ? Match.YES : Match.OPEN;
    }

    /** White space longer than this is not waited through: each look at it would cost as much as the one before. */
    static final int MOST_SPACE = 1024;

    static int skipSpace(StringBuilder text) {
        int at = 0;
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at;
    }
}
