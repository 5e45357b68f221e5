package dev.pareto.proxy.dialect.openai;

import java.util.Objects;

/** Carries a refusal to the caller. A refusal is no accident, so it has no stack trace and is cheap. */
public final class RefusedException extends RuntimeException {

    private final transient OpenAiError error;

    public RefusedException(OpenAiError error) {
        super(error.code() + ": " + error.message(), null, false, false);
        this.error = Objects.requireNonNull(error, "error is null");
    }

    public OpenAiError error() {
        return error;
    }
}
