package dev.pareto.proxy.cli.models;

import dev.pareto.engine.EngineException;
import dev.pareto.engine.FinishReason;
import dev.pareto.engine.Generation;
import dev.pareto.engine.GenerationListener;
import dev.pareto.engine.GenerationRequest;
import dev.pareto.engine.GenerationResult;
import dev.pareto.engine.LoadedModel;
import dev.pareto.engine.Sampling;
import dev.pareto.engine.TextDelta;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * A conversation line by line: each line is a message, each answer is printed as it grows. With a person at the terminal
 * there are prompts and a line of figures after each answer; otherwise only answers are printed. {@link #stop} may be
 * called by any thread, the rest by one.
 */
final class ChatSession {

    private static final Duration LONGEST_ANSWER = Duration.ofMinutes(30);
    private static final String HELP = """
                                       /reset          begin a new conversation
                                       /system TEXT    what the model is told before everything else; without TEXT nothing
                                       /quit           leave, as Ctrl-D does
                                       Ctrl-C          stop an answer; at the prompt, leave
                                       A line that begins with / after a space is a message like any other.""";

    private final LoadedModel model;
    private final Sampling sampling;
    private final int maxTokens;
    private final BufferedReader in;
    private final PrintWriter out;
    private final PrintWriter err;
    private final boolean watched;
    private final List<Map<String, String>> turns = new ArrayList<>();
    private @Nullable String system;
    private volatile @Nullable Generation answering;
    private boolean failed;

    /**
     * @param maxTokens of an answer, or {@link GenerationRequest#ENGINE_DEFAULT}
     * @param watched whether a person sits at the terminal
     */
    ChatSession(LoadedModel model, Sampling sampling, int maxTokens, @Nullable String system, BufferedReader in,
            PrintWriter out, PrintWriter err, boolean watched) {
        this.model = model;
        this.sampling = sampling;
        this.maxTokens = maxTokens;
        this.system = system;
        this.in = in;
        this.out = out;
        this.err = err;
        this.watched = watched;
    }

    /**
     * Talks until /quit or the end of the input.
     *
     * @return whether every message was answered
     */
    boolean run() throws IOException {
        tell(model.card().name() + ": /help lists the commands, /quit leaves");
        boolean more = true;
        while (more) {
            if (watched) {
                out.print("> ");
                out.flush();
            }
            String line = in.readLine();
            more = line != null && take(line);
            if (line == null && watched) {
                out.println();
            }
        }
        return !failed;
    }

    /** Stops the answer that is being written; false if there is none. */
    boolean stop() {
        Generation now = answering;
        if (now != null) {
            now.cancel();
        }
        return now != null;
    }

    /** False at the end of the conversation. */
    private boolean take(String line) {
        if (line.startsWith("/")) {
            return obey(line.strip());
        }
        if (!line.isBlank()) {
            answer(line);
        }
        return true;
    }

    private boolean obey(String command) {
        String[] words = command.split("\\s+", 2);
        switch (words[0]) {
            case "/quit", "/exit" -> {
                return false;
            }
            case "/reset" -> {
                turns.clear();
                tell("a new conversation");
            }
            case "/system" -> {
                system = words.length == 2 ? words[1] : null;
                tell(system == null ? "no system message" : "a system message from the next answer on");
            }
            case "/help" -> HELP.lines().forEach(out::println);
            default -> err.println("there is no " + TokenText.printable(words[0])
                    + "; /help lists the commands, and a space in front makes it a message");
        }
        return true;
    }

    private void answer(String message) {
        turns.add(Map.of("role", "user", "content", message));
        var heard = new Heard();
        try {
            Generation generation = model.generate(new GenerationRequest(prompt(), maxTokens, sampling, List.of(), null,
                    LONGEST_ANSWER), heard);
            answering = generation;
            GenerationResult result = generation.done().join();
            turns.add(Map.of("role", "assistant", "content", heard.text.toString()));
            out.println();
            tell(figures(result));
        } catch (EngineException refused) {
            refuse(refused);
        } catch (CompletionException broken) {
            if (!(broken.getCause() instanceof EngineException failure)) {
                throw broken;
            }
            refuse(failure);
        } finally {
            answering = null;
        }
    }

    private int[] prompt() {
        var messages = new ArrayList<Map<String, String>>();
        if (system != null) {
            messages.add(Map.of("role", "system", "content", system));
        }
        messages.addAll(turns);
        return model.prompt(messages, List.of(), Map.of());
    }

    /** The message counts as not said, so that the conversation can go on. */
    private void refuse(EngineException why) {
        turns.removeLast();
        failed = true;
        err.println("pareto: " + TokenText.printable(String.valueOf(why.getMessage()))
                + (why instanceof EngineException.ContextTooLong ? "; /reset begins a new conversation" : ""));
    }

    private static String figures(GenerationResult result) {
        var first = result.timings().firstToken();
        int tokens = result.completionTokens();
        var told = new StringBuilder(tokens + (tokens == 1 ? " token" : " tokens"));
        if (first != null) {
            double seconds = result.timings().total().minus(first).toNanos() / 1e9;
            if (tokens > 1 && seconds > 0) {
                told.append(", %.1f a second".formatted((tokens - 1) / seconds));
            }
            told.append(", the first after %d ms".formatted(first.toMillis()));
        }
        String end = switch (result.reason()) {
            case STOP -> "";
            case LENGTH -> "; cut at the most tokens that an answer may have";
            case CANCELLED -> "; stopped";
            case TIME_LIMIT -> "; cut: it took too long";
        };
        return told.append(end).toString();
    }

    /** A remark to a person; a program gets the answers alone. */
    private void tell(String remark) {
        if (watched) {
            err.println("[" + remark + "]");
        }
    }

    /** Prints an answer as it comes. A file's output does not command the terminal. */
    private final class Heard implements GenerationListener {

        private final StringBuilder text = new StringBuilder();

        @Override
        public void onText(TextDelta delta) {
            text.append(delta.text());
            out.print(watched ? TokenText.printable(delta.text()) : delta.text());
            out.flush();
        }

        @Override
        public void onFinish(GenerationResult result) {}

        @Override
        public void onError(EngineException failure) {}
    }
}
