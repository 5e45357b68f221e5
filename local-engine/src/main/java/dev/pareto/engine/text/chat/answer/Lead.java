package dev.pareto.engine.text.chat.answer;

import static java.util.Objects.requireNonNull;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What an answer writes before what it says, for those who tell a model what its answer must match.
 *
 * @param reasoning that comes first, or null if none may come
 * @param headers of which one stands in front of what the answer says, but not of a call; empty ones stand for none
 */
public record Lead(@Nullable Reasoning reasoning, List<String> headers) {

    /** What the answer says begins at once. */
    public static final Lead NONE = new Lead(null, List.of(""));

    private static final String ASSISTANT = "<|start|>assistant";
    private static final List<String> FINAL = List.of("<|channel|>final<|message|>",
            "<|channel|>final <|constrain|>json<|message|>");

    /** Checks and copies. */
    public Lead {
        headers = List.copyOf(headers);
    }

    /**
     * Reasoning.
     *
     * @param opens how it begins; empty where the prompt began it, and then it must come
     * @param closes where this stands first it ends
     * @param next what follows it always
     */
    public record Reasoning(String opens, String closes, String next) {

        /** Checks. */
        public Reasoning {
            requireNonNull(opens, "opens is null");
            requireNonNull(closes, "closes is null");
            requireNonNull(next, "next is null");
        }

        /** Whether the model may leave it out. */
        public boolean optional() {
            return !opens.isEmpty();
        }
    }

    /** The same for a model that must not reason, unless the prompt began it. */
    public Lead withoutReasoning() {
        return reasoning != null && reasoning.optional() ? new Lead(null, headers) : this;
    }

    static Lead of(AnswerFormat format, String open) {
        return switch (format.family()) {
            case HARMONY -> harmony(open.stripTrailing());
            case COMMAND -> new Lead(marked(format, open), List.of("", "<|START_RESPONSE|>"));
            case DEEPSEEK, XML, HERMES, MISTRAL, LLAMA3, LIST, GENERIC -> new Lead(marked(format, open), NONE.headers);
        };
    }

    /** A prompt that closes its reasoning wants none; where it says nothing the model decides. */
    private static @Nullable Reasoning marked(AnswerFormat format, String open) {
        var marks = format.thinking();
        if (marks == null || open.stripTrailing().endsWith(marks.closes())) {
            return null;
        }
        return new Reasoning(format.thought(open) == null ? marks.opens() : "", marks.closes(), "");
    }

    /** Each message has a header, and the reasoning is one. */
    private static Lead harmony(String open) {
        String analysis = "<|channel|>analysis<|message|>";
        int assistant = open.lastIndexOf(ASSISTANT);
        String begun = assistant < 0 ? open : open.substring(assistant + ASSISTANT.length());
        if (!begun.isEmpty() && !begun.equals(analysis)) {
            return NONE;
        }
        return new Lead(new Reasoning(begun.isEmpty() ? analysis : "", "<|end|>", ASSISTANT), FINAL);
    }
}
