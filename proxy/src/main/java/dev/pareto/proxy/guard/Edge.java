package dev.pareto.proxy.guard;

import java.util.Locale;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.pareto.proxy.dialect.openai.Endpoint;
import dev.pareto.proxy.dialect.openai.OpenAiError;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import org.jspecify.annotations.Nullable;

/**
 * Refuses what could mean one thing here and another upstream, before anything else looks at it. Stateless. Measured on the
 * framework: {@code /v1/../x} and {@code %2e%2e} match {@code /v1/**} and are forwarded as written, two Host headers pass.
 */
public final class Edge {

    /** What vendors' APIs use; others, TRACE and CONNECT among them, have no meaning here. */
    public static final Set<HttpMethod> METHODS = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.POST,
            HttpMethod.PUT, HttpMethod.PATCH, HttpMethod.DELETE, HttpMethod.OPTIONS);

    /** Where callers say what they think of answers. */
    public static final String FEEDBACK = "/pareto/v1/feedback";

    /** Where callers ask what they may still spend. */
    public static final String BUDGETS = "/pareto/v1/budgets";

    private static final String MODELS = "/v1/models/";

    /** Paths with a meaning of their own; one that is nearly such a path must not slip by as an unknown one. */
    private static final Set<String> KNOWN = Stream.concat(Stream.of("/v1/models"),
            Stream.of(Endpoint.values()).map(Endpoint::path)).collect(Collectors.toUnmodifiableSet());

    private final LongSupplier maxBodyBytes;

    /** @param maxBodyBytes the bound in force, asked for each time */
    public Edge(LongSupplier maxBodyBytes) {
        this.maxBodyBytes = maxBodyBytes;
    }

    public long maxBodyBytes() {
        return maxBodyBytes.getAsLong();
    }

    /**
     * @param target the request line's target as received
     * @return why the request is refused; null when it may pass
     */
    public @Nullable OpenAiError refusal(HttpMethod method, String target, HttpHeaders headers) {
        if (!METHODS.contains(method)) {
            return OpenAiError.refused(405, "method_not_allowed", "The method is not one that is served here.");
        }
        int query = target.indexOf('?');
        String path = query < 0 ? target : target.substring(0, query);
        String fault = pathFault(path);
        if (fault != null) {
            return OpenAiError.badRequest("invalid_path", "The path is refused: " + fault + ".", null);
        }
        if (headers.getAll(HttpHeaderNames.HOST).size() != 1) {
            return OpenAiError.badRequest("invalid_host", "A request has exactly one Host header.", null);
        }
        if (!path.startsWith("/v1/") && !path.equals(FEEDBACK) && !path.equals(BUDGETS)) {
            return OpenAiError.refused(404, "unknown_url", "Unknown request URL: " + path + ". Calls are below /v1/.");
        }
        String known = nearlyKnown(path);
        if (known != null) {
            return OpenAiError.refused(404, "unknown_url",
                    "Unknown request URL: " + path + ". Did you mean " + known + "?");
        }
        String expected = headers.get(HttpHeaderNames.EXPECT);
        if (expected != null && !expected.equalsIgnoreCase("100-continue")) {
            return OpenAiError.refused(417, "expectation_failed",
                    "The only expectation that can be met is 100-continue.");
        }
        String encoding = headers.get(HttpHeaderNames.CONTENT_ENCODING);
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            return OpenAiError.refused(415, "unsupported_content_encoding",
                    "Request bodies are taken uncompressed; leave Content-Encoding out.");
        }
        return declaredTooLarge(headers) ? tooLarge() : null;
    }

    public OpenAiError tooLarge() {
        return OpenAiError.refused(413, "request_too_large", "The body is larger than " + maxBodyBytes() + " bytes.");
    }

    private boolean declaredTooLarge(HttpHeaders headers) {
        String length = headers.get(HttpHeaderNames.CONTENT_LENGTH);
        if (length == null) {
            return false;
        }
        try {
            return Long.parseLong(length) > maxBodyBytes();
        } catch (NumberFormatException tooManyDigits) {
            return true;
        }
    }

    /** The known path that this one is but for case and a last slash; null for all others and for the known path itself. */
    private static @Nullable String nearlyKnown(String path) {
        int length = path.endsWith("/") ? path.length() - 1 : path.length();
        for (String known : KNOWN) {
            if (length == known.length() && path.regionMatches(true, 0, known, 0, length) && !path.equals(known)) {
                return known;
            }
        }
        return null;
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
