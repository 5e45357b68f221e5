package dev.pareto.engine.text.chat.answer;

import java.util.List;
import java.util.regex.Pattern;

import dev.pareto.engine.text.chat.answer.JsonScanner.At;
import dev.pareto.engine.text.chat.answer.Markers.Match;

/**
 * The messages that gpt-oss writes, each on a channel (OpenAI's harmony format): analysis is reasoning, what goes to
 * {@code functions.…} is a call, all else is content.
 */
final class Harmony implements Part {

    private static final int MOST_HEADER = 512;
    private static final int MOST_ARGUMENTS = 1 << 20;
    private static final String MESSAGE = "<|message|>";
    private static final Pattern RECIPIENT = Pattern.compile("to=functions\\.([^\\s<]{1,256})");
    private static final Pattern CHANNEL = Pattern.compile("<\\|channel\\|>\\s*([a-z]+)");
    private static final Markers ENDS = new Markers(
            List.of("<|end|>", "<|return|>", "<|call|>", "<|start|>", "<|channel|>"));

    private final StringBuilder raw = new StringBuilder();
    private State state = State.HEADER;
    private JsonScanner json = new JsonScanner();

    private enum State {
        HEADER, CONTENT, REASONING, ARGUMENTS
    }

    @Override
    public Part read(StringBuilder text, Output out) {
        switch (state) {
            case HEADER -> header(text, out);
            case CONTENT, REASONING -> message(text, out);
            case ARGUMENTS -> arguments(text, out);
        }
        return this;
    }

    private void header(StringBuilder text, Output out) {
        int at = Markers.skipSpace(text);
        if (at > MOST_HEADER) {
            out.content(text.substring(0, at));
            text.delete(0, at);
            state = State.CONTENT;
            message(text, out);
            return;
        }
        if (at == text.length()) {
            return;
        }
        var marker = Markers.at(text, at, "<|");
        var recipient = Markers.at(text, at, "to=");
        int end = text.indexOf(MESSAGE);
        if ((marker == Match.NO && recipient == Match.NO) || end > MOST_HEADER
                || (end < 0 && text.length() > MOST_HEADER + MESSAGE.length())) {
            if (marker != Match.NO) {
                out.content(text.substring(0, at + 1));
                text.delete(0, at + 1);
            }
            state = State.CONTENT; // no header at all: a model that was made to write plain text
            message(text, out);
        } else if (end >= 0) {
            raw.setLength(0);
            raw.append(text, 0, end + MESSAGE.length());
            text.delete(0, raw.length());
            state = kind(raw.toString(), out);
        }
    }

    private State kind(String header, Output out) {
        var recipient = RECIPIENT.matcher(header);
        if (recipient.find() && out.begin(recipient.group(1))) {
            json = new JsonScanner();
            return State.ARGUMENTS;
        }
        var channel = CHANNEL.matcher(header);
        return channel.find() && channel.group(1).equals("analysis") ? State.REASONING : State.CONTENT;
    }

    private void message(StringBuilder text, Output out) {
        var found = ENDS.find(text);
        int end = found == null ? text.length() - ENDS.begun(text) : found.at();
        tell(text.substring(0, end), out);
        text.delete(0, end);
        if (found != null) {
            boolean next = found.marker().equals("<|start|>") || found.marker().equals("<|channel|>");
            text.delete(0, next ? 0 : found.marker().length());
            state = State.HEADER;
            header(text, out);
        }
    }

    private void tell(CharSequence more, Output out) {
        if (state == State.REASONING) {
            out.reasoning(more);
        } else {
            out.content(more);
        }
    }

    private void arguments(StringBuilder text, Output out) {
        int at = 0;
        boolean good = raw.length() < MOST_ARGUMENTS;
        while (at < text.length() && good && json.at() != At.DONE) {
            char c = text.charAt(at++);
            good = json.accept(c) != At.BAD && out.argument(c);
        }
        raw.append(text, 0, at);
        text.delete(0, at);
        if (!good) {
            boolean told = out.abandon();
            text.insert(0, told ? raw.substring(raw.length() - 1) : raw);
            if (!told) {
                out.content(raw.substring(0, raw.indexOf(MESSAGE) + MESSAGE.length()));
                text.delete(0, raw.indexOf(MESSAGE) + MESSAGE.length());
            }
            state = State.CONTENT;
            message(text, out);
        } else if (json.at() == At.DONE) {
            out.complete();
            state = State.HEADER;
        }
    }

    @Override
    public boolean holds() {
        return state == State.ARGUMENTS;
    }

    @Override
    public void end(StringBuilder text, Output out) {
        switch (state) {
            case HEADER -> {
                int at = Markers.skipSpace(text);
                boolean header = Markers.at(text, at, "<|") == Match.YES || Markers.at(text, at, "to=") == Match.YES;
                if (!header && at < text.length()) { // a header that was cut off says nothing
                    out.content(text);
                }
            }
            case CONTENT, REASONING -> tell(text, out);
            case ARGUMENTS -> {
                if (!out.abandon()) {
                    out.content(raw);
                    out.content(text);
                }
            }
        }
    }
}
