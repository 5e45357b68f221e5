package dev.pareto.engine.serve;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.TextDelta;
import dev.pareto.engine.TokenLogprob;
import dev.pareto.engine.text.StopStrings;
import dev.pareto.engine.text.Utf8Stream;

/**
 * The text of one answer as it grows: bytes of tokens in, whole characters out, stop texts held back. Keeps each token's
 * log-probability until the token's text is out, so that both travel together. Not thread-safe.
 */
final class AnswerText {

    private final Utf8Stream characters = new Utf8Stream();
    private final StopStrings stops;
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private long decoded;
    private long released;

    /** A token's log-probability and where its text ends, in characters from the start. */
    private record Waiting(long end, TokenLogprob logprob) {}

    AnswerText(List<String> stops) {
        this.stops = new StopStrings(stops);
    }

    /** What a token's bytes add to the visible text, or null if nothing yet. */
    @Nullable
    TextDelta accept(byte[] bytes, @Nullable TokenLogprob logprob) {
        var text = characters.accept(bytes);
        decoded += text.length();
        if (logprob != null) {
            waiting.add(new Waiting(decoded, logprob));
        }
        var visible = text.isEmpty() ? "" : stops.accept(text);
        return visible.isEmpty() ? null : release(visible);
    }

    /** The stop text that appeared, or null. */
    @Nullable
    String stopText() {
        return stops.found();
    }

    /** What is left at the end, or null. After a stop text that is nothing. */
    @Nullable
    TextDelta finish() {
        if (stops.found() != null) {
            return null;
        }
        var tail = characters.flush();
        decoded += tail.length();
        var rest = stops.accept(tail);
        var delta = release(stops.found() == null ? rest + stops.flush() : rest);
        return delta.text().isEmpty() && delta.logprobs().isEmpty() ? null : delta;
    }

    private TextDelta release(String visible) {
        released += visible.length();
        var logprobs = new ArrayList<TokenLogprob>();
        while (!waiting.isEmpty() && waiting.element().end() <= released) {
            logprobs.add(waiting.remove().logprob());
        }
        return new TextDelta(visible, logprobs);
    }
}
