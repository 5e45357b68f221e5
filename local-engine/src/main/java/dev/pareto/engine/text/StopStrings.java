package dev.pareto.engine.text;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Looks for stop strings in streamed text. Text that may be the beginning of a stop string is held back until more text
 * decides; the stop string itself and what follows it never come out. The result does not depend on where the text is
 * cut into pieces: the stop string that is complete first counts, the longest where several end there.
 *
 * <p>One object serves one stream and is not safe to share.
 */
public final class StopStrings {

    private final List<String> stops;
    private String held = "";
    private @Nullable String found;

    /** @param stops the strings that end the text; an empty one is refused */
    public StopStrings(List<String> stops) {
        this.stops = List.copyOf(stops);
        if (this.stops.contains("")) {
            throw new IllegalArgumentException("a stop string is empty; it would end every text at once");
        }
    }

    /** Takes more text and gives what can be shown now; nothing once a stop string was found. */
    public String accept(String text) {
        if (found != null) {
            return "";
        }
        var buffer = held + text;
        int firstEnd = Integer.MAX_VALUE;
        for (var stop : stops) {
            int at = buffer.indexOf(stop);
            int end = at + stop.length();
            if (at >= 0 && (end < firstEnd || (end == firstEnd && found != null && stop.length() > found.length()))) {
                firstEnd = end;
                found = stop;
            }
        }
        if (found != null) {
            held = "";
            return buffer.substring(0, firstEnd - found.length());
        }
        int keep = lengthOfBeginning(buffer);
        held = buffer.substring(buffer.length() - keep);
        return buffer.substring(0, buffer.length() - keep);
    }

    /** At the end of generation: the text that was held back and turned out to be no stop string. */
    public String flush() {
        var rest = held;
        held = "";
        return rest;
    }

    /** The stop string that ended the text, or null. */
    public @Nullable String found() {
        return found;
    }

    /** How much of the end of the text a stop string may begin with. */
    private int lengthOfBeginning(String buffer) {
        int most = 0;
        for (var stop : stops) {
            for (int size = Math.min(stop.length() - 1, buffer.length()); size > most; size--) {
                if (buffer.regionMatches(buffer.length() - size, stop, 0, size)) {
                    most = size;
                }
            }
        }
        return most;
    }
}
