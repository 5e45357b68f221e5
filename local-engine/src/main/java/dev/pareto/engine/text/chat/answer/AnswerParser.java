package dev.pareto.engine.text.chat.answer;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Reads one answer while it comes. What it tells does not depend on where the text is cut into pieces (only how events
 * are cut does): a marker is held back until it is whole, and whatever turns out to be no call becomes content.
 *
 * <p>White space between a marker and its content, between calls and behind the last one is no content. A call whose
 * arguments went out while they came and then turn out to be wrong stays as it was told, and is not among
 * {@link #calls}; what follows is content. Costs O(n) for a text of n characters but for at most 16 malformed calls,
 * after each of which the text is looked at again. Not thread-safe.
 */
public final class AnswerParser {

    private static final int MOST_OPEN = 4096;

    private final StringBuilder text = new StringBuilder();
    private final Output out;
    private Part part;

    private AnswerParser(AnswerSettings settings, Part first) {
        this.out = new Output(settings);
        this.part = first;
    }

    /** A parser for an answer that is free to call tools or not. */
    public static AnswerParser of(AnswerSettings settings) {
        var open = settings.open().substring(Math.max(0, settings.open().length() - MOST_OPEN));
        if (settings.format().family() == AnswerFormat.Family.HARMONY) {
            var parser = new AnswerParser(settings, new Harmony());
            int header = open.lastIndexOf("<|start|>assistant");
            if (header >= 0) {
                parser.accept(open.substring(header + "<|start|>assistant".length()));
            }
            return parser;
        }
        var plain = new Plain(settings.format(), !settings.tools().isEmpty());
        var thinking = settings.format().thinking();
        boolean thinks = settings.format().thought(open) != null;
        return new AnswerParser(settings, thinks && thinking != null ? new Thought(thinking, plain) : plain);
    }

    /**
     * A parser for an answer that is one call, whose {@link AnswerFormat#opening} stood in the prompt.
     *
     * @param tool whose arguments the text is; null if the text is an object with name and arguments
     */
    public static AnswerParser forced(AnswerSettings settings, @Nullable String tool) {
        var plain = new Plain(new AnswerFormat(AnswerFormat.Family.GENERIC, null), false);
        return new AnswerParser(settings,
                tool == null ? JsonCalls.bare(plain, "", 1) : NamedCalls.forced(plain, tool));
    }

    /** Takes more text and tells what became known. */
    public List<AnswerEvent> accept(String delta) {
        text.append(delta);
        read();
        return out.drain();
    }

    private void read() {
        while (true) {
            var before = part;
            int length = text.length();
            part = before.read(text, out);
            if (part.equals(before) && text.length() == length) {
                return;
            }
        }
    }

    /** Ends the answer and tells what was held back. */
    public List<AnswerEvent> finish() {
        read();
        part.end(text, out);
        text.setLength(0);
        return out.drain();
    }

    /** Whether characters wait for more text before it is known what they are. */
    public boolean holdsText() {
        return !text.isEmpty() || part.holds();
    }

    /** The calls that are complete. */
    public List<ToolCall> calls() {
        return out.calls();
    }
}
