package dev.pareto.proxy.upstream;

import java.util.Objects;

import dev.pareto.proxy.dialect.openai.OpenAiError;

/** An upstream that gave no answer, or broke off in the middle of one. An expected event: no stack trace. */
public final class UpstreamException extends RuntimeException {

    /** In which phase it went wrong; each has its own status and code. */
    public enum Kind {
        /** No connection: nothing was sent, nothing is owed. */
        CONNECT(502, "upstream_unreachable"),
        /** All connections to the vendor are in use. */
        SATURATED(503, "upstream_saturated"),
        /** No first byte in time. */
        FIRST_TOKEN(504, "upstream_first_token_timeout"),
        /** Bytes stopped coming. */
        IDLE(504, "upstream_idle_timeout"),
        /** The whole took too long. */
        TOTAL(504, "upstream_total_timeout"),
        /** The connection broke before any byte of the answer. */
        RESET(502, "upstream_reset"),
        /** The answer broke off. */
        INCOMPLETE(502, "upstream_incomplete"),
        /** What came was no answer. */
        INVALID(502, "upstream_invalid");

        private final int status;
        private final String code;

        Kind(int status, String code) {
            this.status = status;
            this.code = code;
        }

        public String code() {
            return code;
        }

        /** Whether the vendor may have begun to work, and may send a bill. */
        public boolean dispatched() {
            return this != CONNECT && this != SATURATED;
        }

        /** Whether another try could end better; a call that ran out of all its time has none left. */
        public boolean worthRetrying() {
            return this != TOTAL;
        }
    }

    private final Kind kind;

    public UpstreamException(Kind kind, String message) {
        super(message, null, false, false);
        this.kind = Objects.requireNonNull(kind, "kind is null");
    }

    public Kind kind() {
        return kind;
    }

    public OpenAiError error() {
        return OpenAiError.upstream(kind.status, kind.code, String.valueOf(getMessage()));
    }
}
