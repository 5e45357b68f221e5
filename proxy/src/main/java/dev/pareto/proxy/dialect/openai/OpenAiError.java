package dev.pareto.proxy.dialect.openai;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.io.JsonStringEncoder;

/**
 * A refusal in OpenAI's shape: {@code {"error":{"message","type","param","code"}}}.
 *
 * @param status the HTTP status
 * @param type OpenAI's class of error, e.g. {@code invalid_request_error}
 * @param code stable and for programs, e.g. {@code model_not_found}
 * @param param the field at fault, where there is one
 * @param retryAfter told to the caller where waiting helps
 */
public record OpenAiError(int status, String type, String code, String message, @Nullable String param,
        @Nullable Duration retryAfter) {

    public OpenAiError {
        Objects.requireNonNull(type, "type is null");
        Objects.requireNonNull(code, "code is null");
        Objects.requireNonNull(message, "message is null");
    }

    /** The caller's request is wrong and stays wrong. */
    public static OpenAiError badRequest(String code, String message, @Nullable String param) {
        return new OpenAiError(400, "invalid_request_error", code, message, param, null);
    }

    public static OpenAiError refused(int status, String code, String message) {
        return new OpenAiError(status, "invalid_request_error", code, message, null, null);
    }

    /** The money for it is spent. Asking again does not help, so no client library tries by itself. */
    public static OpenAiError unaffordable(String code, String message) {
        return new OpenAiError(402, "insufficient_quota", code, message, null, null);
    }

    /** The request may be right; the vendor or the model's server failed. */
    public static OpenAiError upstream(int status, String code, String message) {
        return new OpenAiError(status, "upstream_error", code, message, null, null);
    }

    /** Come back later. */
    public static OpenAiError later(int status, String code, String message, Duration retryAfter) {
        return new OpenAiError(status, status == 429 ? "rate_limit_error" : "server_error", code, message, null,
                retryAfter);
    }

    public static OpenAiError internal() {
        return new OpenAiError(500, "server_error", "internal_error",
                "The gateway failed; its log has the details under the request id.", null, null);
    }

    public byte[] json() {
        return text().getBytes(StandardCharsets.UTF_8);
    }

    /** The same as one event of a stream; no {@code [DONE]} follows, so that no client takes it for an end. */
    public byte[] event() {
        return ("data: " + text() + "\n\n").getBytes(StandardCharsets.UTF_8);
    }

    private String text() {
        return "{\"error\":{\"message\":" + quoted(message) + ",\"type\":" + quoted(type) + ",\"param\":"
                + quoted(param)
                + ",\"code\":" + quoted(code) + "}}";
    }

    private static String quoted(@Nullable String value) {
        return value == null ? "null" : '"' + new String(JsonStringEncoder.getInstance().quoteAsCharArray(value)) + '"';
    }
}
