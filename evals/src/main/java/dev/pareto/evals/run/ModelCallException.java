package dev.pareto.evals.run;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/** There was no answer to grade, for a reason that is not the model's: a refused connection, a limit, a time-out. */
public final class ModelCallException extends Exception {

    private final boolean retryable;
    private final boolean denied;
    private final transient @Nullable Duration retryAfter;

    /** @param retryAfter how long the other side asked to wait; null when it did not say */
    public ModelCallException(String message, boolean retryable, @Nullable Duration retryAfter) {
        this(message, retryable, false, retryAfter);
    }

    private ModelCallException(String message, boolean retryable, boolean denied, @Nullable Duration retryAfter) {
        super(message, null, false, false);
        this.retryable = retryable;
        this.denied = denied;
        this.retryAfter = retryAfter;
    }

    /** The caller is not let in (401, 403): no other question will fare better. */
    public static ModelCallException denied(String message) {
        return new ModelCallException(message, false, true, null);
    }

    /** Whether it is who asks that was refused, and not what was asked. */
    public boolean denied() {
        return denied;
    }

    /** Whether the same request may succeed later. */
    public boolean retryable() {
        return retryable;
    }

    /** How long to wait first; null when unknown. */
    public @Nullable Duration retryAfter() {
        return retryAfter;
    }
}
