package dev.pareto.engine.text.chat;

import java.util.List;
import java.util.stream.Collectors;

import dev.pareto.engine.text.Segment;
import dev.pareto.engine.text.Tokenizer;

/**
 * A rendered conversation.
 *
 * @param segments the text in order; trusted is what the template wrote, foreign what the messages held
 */
public record Prompt(List<Segment> segments) {

    public Prompt {
        segments = List.copyOf(segments);
    }

    /** The whole text. */
    public String text() {
        return segments.stream().map(Segment::text).collect(Collectors.joining());
    }

    /**
     * The tokens to run. The whole text is tokenized at once, so they are those of the plain text, except that names of
     * control tokens within messages stay text. The begin token stands in front once where the model wants it, whether
     * or not the template writes it; no end token is added.
     */
    public int[] tokens(Tokenizer tokenizer) {
        int[] tokens = tokenizer.encode(segments, false);
        var begin = tokenizer.beginOfText();
        if (!tokenizer.addsBeginOfText() || begin == null || (tokens.length > 0 && tokens[0] == begin)) {
            return tokens;
        }
        int[] begun = new int[tokens.length + 1];
        begun[0] = begin;
        System.arraycopy(tokens, 0, begun, 1, tokens.length);
        return begun;
    }
}
