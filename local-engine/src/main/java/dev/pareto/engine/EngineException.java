package dev.pareto.engine;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * What the engine refuses or fails at. {@link #code} is stable and meant for programs, the message for people: it names
 * the sizes concerned and how to mend the request. Expected refusals carry no stack trace.
 */
public abstract sealed class EngineException extends RuntimeException {

    private final String code;

    private EngineException(String code, String message, @Nullable Throwable cause, boolean trace) {
        super(message, cause, trace, trace);
        this.code = code;
    }

    /** The stable name of the kind of failure, such as {@code context_too_long}. */
    public String code() {
        return code;
    }

    /** Too much work is waiting already, or this request waited too long: try again later or elsewhere. */
    public static final class Busy extends EngineException {

        private Busy(String message) {
            super("engine_busy", message, null, false);
        }

        /** Every place is taken. */
        public static Busy full(int running, int waiting) {
            return new Busy("the model is busy: " + running + " requests run and " + waiting
                    + " wait, which is the most allowed; try again later");
        }

        /** The places that are left are kept for other tenants. */
        public static Busy share(int running, int waiting) {
            return new Busy("the model is busy: of the " + running + " requests that run and the " + waiting
                    + " that wait too many are of the same caller; the places left are for others; try again later");
        }

        /** The answer's reader did not take it, and others waited for its place. */
        public static Busy slowReader(Duration paused) {
            return new Busy("the model is busy: the answer was broken off because its reader took no more of it for "
                    + paused.toSeconds() + " s while others waited; read faster or ask for less");
        }

        /** The request left the queue without having been started. */
        public static Busy waited(Duration limit) {
            return new Busy("the model is busy: the request waited " + limit.toMillis()
                    + " ms, which is the most allowed, without being started; try again later");
        }
    }

    /** The prompt needs more room than the model, or the memory set aside for caches, has. */
    public static final class ContextTooLong extends EngineException {

        private final int promptTokens;
        private final int limit;

        /**
         * @param limit the tokens that prompt and answer may have together
         * @param reason what sets the limit
         */
        public ContextTooLong(int promptTokens, int limit, String reason) {
            super("context_too_long", "the prompt has " + promptTokens
                    + " tokens; prompt and answer together must not exceed " + limit + " (" + reason + ")", null,
                    false);
            this.promptTokens = promptTokens;
            this.limit = limit;
        }

        /** Tokens of the prompt. */
        public int promptTokens() {
            return promptTokens;
        }

        /** Tokens that prompt and answer may have together. */
        public int limit() {
            return limit;
        }
    }

    /** The request cannot be meant: a token that does not exist, an empty prompt, a template that fails. */
    public static final class InvalidRequest extends EngineException {

        /** With what is wrong and how to mend it. */
        public InvalidRequest(String message) {
            super("invalid_request", message, null, false);
        }

        /** With what is wrong and where that showed first. */
        public InvalidRequest(String message, Throwable cause) {
            super("invalid_request", message, cause, false);
        }
    }

    /** The file is no model that this engine can run. */
    public static final class UnusableModel extends EngineException {

        /** With the model's name and the reason, but no path: callers from outside may read it. */
        public UnusableModel(String message, @Nullable Throwable cause) {
            super("unusable_model", message, cause, true);
        }
    }

    /** The computation went wrong: logits that are no numbers, a failed kernel. A fault of engine or weights. */
    public static final class ComputationFailed extends EngineException {

        /** With what was seen. */
        public ComputationFailed(String message, @Nullable Throwable cause) {
            super("computation_failed", message, cause, true);
        }
    }

    /** The thread that waited for a result was interrupted; the work was stopped. */
    public static final class Interrupted extends EngineException {

        /** With the interrupt. */
        public Interrupted(InterruptedException cause) {
            super("interrupted", "the caller was interrupted while it waited", cause, false);
        }
    }

    /** The model was closed before or while it answered. */
    public static final class Closed extends EngineException {

        /** With the name of the model. */
        public Closed(String model) {
            super("model_closed", "the model " + model + " was closed", null, false);
        }
    }

    /** The model would not fit into the memory for models even if no other were loaded: it is too large for this machine. */
    public static final class ModelTooLarge extends EngineException {

        /**
         * @param needs what the model takes, and {@code pinned} what models take that always stay
         * @param limit what all models together may take
         */
        public ModelTooLarge(String model, String needs, String pinned, String limit) {
            super("model_too_large",
                    "the model " + model + " needs " + needs + " of memory, models that always stay take "
                            + pinned + ", and all together may take " + limit
                            + "; allow models more memory, or use a smaller or more strongly quantised one",
                    null, false);
        }
    }

    /** The model does not fit beside those in use: try again later or elsewhere. */
    public static final class MemoryFull extends EngineException {

        /**
         * @param needs what the model takes, and {@code used} what the others take, those in use and those that stay
         * @param limit what all models together may take
         */
        public MemoryFull(String model, String needs, String used, String limit) {
            super("model_memory_full", "the model " + model + " needs " + needs + " of memory, but of the " + limit
                    + " for models others that cannot be unloaded now take " + used + "; try again later", null,
                    false);
        }
    }
}
