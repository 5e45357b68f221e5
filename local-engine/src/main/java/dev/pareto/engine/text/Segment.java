package dev.pareto.engine.text;

import static java.util.Objects.requireNonNull;

/**
 * A run of text of one origin.
 *
 * @param text the characters
 * @param trusted whether names of control tokens in it count: true for what a chat template writes itself, false for
 *        what came with a request
 */
public record Segment(String text, boolean trusted) {

    public Segment {
        requireNonNull(text, "text is null");
    }
}
