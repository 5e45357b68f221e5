package dev.pareto.engine.text;

/** What a token is, in the order of the numbers that {@code tokenizer.ggml.token_type} holds (GGUF specification). */
enum TokenKind {
    UNDEFINED, NORMAL, UNKNOWN, CONTROL, USER_DEFINED, UNUSED, BYTE;

    private static final TokenKind[] BY_NUMBER = values();

    /** The kind of a number in a file; numbers that the format does not know are undefined. */
    static TokenKind of(int number) {
        return number >= 0 && number < BY_NUMBER.length ? BY_NUMBER[number] : UNDEFINED;
    }

    /** Whether the token has a meaning but no text: it is never formed from plain text and prints as nothing. */
    boolean isControl() {
        return this == CONTROL || this == UNKNOWN;
    }

    /** Whether plain text may become this token by merging. */
    boolean isText() {
        return this == NORMAL || this == USER_DEFINED || this == UNUSED;
    }
}
