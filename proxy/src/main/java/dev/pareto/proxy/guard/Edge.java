package dev.pareto.proxy.guard;

import java.util.Locale;

import dev.pareto.proxy.dialect.openai.OpenAiError;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Refuses what could mean one thing here and another upstream, before anything else looks at it. Stateless. Measured on the
 * framework: {@code /v1/../x} and {@code %2e%2e} match {@code /v1/**} and are forwarded as written, two Host headers pass.
 */
public final class Edge {

    private static final String MODELS = "/v1/models/";

    private final long maxBodyBytes;

    public Edge(long maxBodyBytes) {
        if (maxBodyBytes < 1) {
            throw new IllegalArgumentException("maxBodyBytes must be above zero, got " + maxBodyBytes);
        }
        this.maxBodyBytes = maxBodyBytes;
    }

    public long maxBodyBytes() {
        return maxBodyBytes;
    }

    /**
     * @param target the request line's target as received
     * @return why the request is refused; null when it may pass
     */
    public @Nullable OpenAiError refusal(String target, HttpHeaders headers) {
        int query = target.indexOf('?');
        String path = query < 0 ? target : target.substring(0, query);
        String fault = pathFault(path);
        if (fault != null) {
            return OpenAiError.badRequest("invalid_path", "The path is refused: " + fault + ".", null);
        }
        if (headers.getAll(HttpHeaderNames.HOST).size() != 1) {
            return OpenAiError.badRequest("invalid_host", "A request has exactly one Host header.", null);
        }
        if (!path.startsWith("/v1/")) {
            return OpenAiError.refused(404, "unknown_url", "Unknown request URL: " + path + ". Calls are below /v1/.");
        }
        String encoding = headers.get(HttpHeaderNames.CONTENT_ENCODING);
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            return OpenAiError.refused(415, "unsupported_content_encoding",
                    "Request bodies are taken uncompressed; leave Content-Encoding out.");
        }
        return declaredTooLarge(headers) ? tooLarge() : null;
    }

    public OpenAiError tooLarge() {
        return OpenAiError.refused(413, "request_too_large", "The body is larger than " + maxBodyBytes + " bytes.");
    }

    private boolean declaredTooLarge(HttpHeaders headers) {
        String length = headers.get(HttpHeaderNames.CONTENT_LENGTH);
        if (length == null) {
            return false;
        }
        try {
            return Long.parseLong(length) > maxBodyBytes;
        } catch (NumberFormatException tooManyDigits) {
            return true;
        }
    }

    private static @Nullable String pathFault(String path) {
        if (!path.startsWith("/")) {
            return "it must begin with a slash";
        }
        if (path.contains("//")) {
            return "it has an empty segment";
        }
        if (path.contains("/./") || path.contains("/../") || path.endsWith("/.") || path.endsWith("/..")) {
            return "it has a dot segment";
        }
        for (int i = 0; i < path.length(); i++) {
            char letter = path.charAt(i);
            if (letter == ';' || letter == '\\' || letter == '#' || letter <= ' ' || letter >= 0x7f) {
                return "it has a character that paths here do not have";
            }
            if (letter == '%') {
                String code = path.substring(i + 1, Math.min(i + 3, path.length())).toLowerCase(Locale.ROOT);
                // a model's name holds a slash, which clients encode
                boolean modelName = code.equals("2f") && path.startsWith(MODELS);
                if (!modelName) {
                    return "it is percent-encoded where it need not be";
                }
            }
        }
        return null;
    }
}
