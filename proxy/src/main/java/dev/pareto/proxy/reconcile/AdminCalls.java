package dev.pareto.proxy.reconcile;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Calls of a vendor's admin API that come in pages of time buckets: {@code {"data": […], "has_more", "next_page"}}. */
final class AdminCalls {

    private static final int MOST_PAGES = 200;
    private static final int MOST_BYTES = 16 << 20;
    private static final int MOST_TRIES = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

    /** Amounts as they were sent, digit by digit. */
    private static final JsonMapper EXACT = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private final HttpClient http;
    private final URI url;
    private final String header;
    private final String secret;

    AdminCalls(HttpClient http, URI url, String header, String secret) {
        this.http = http;
        this.url = url;
        this.header = header;
        this.secret = secret;
    }

    /**
     * Every time bucket of every page.
     *
     * @param path with the query but for the page
     */
    List<JsonNode> buckets(String path) throws IOException, InterruptedException {
        List<JsonNode> buckets = new ArrayList<>();
        String page = null;
        for (int pages = 0; pages < MOST_PAGES; pages++) {
            JsonNode body = get(page == null ? path : path + "&page=" + URLEncoder.encode(page, UTF_8));
            JsonNode data = body.path("data");
            if (!data.isArray()) {
                throw new IOException(url + " answered " + path + " without 'data'");
            }
            data.forEach(buckets::add);
            JsonNode next = body.path("next_page");
            if (!body.path("has_more").asBoolean(false) || !next.isString()) {
                return buckets;
            }
            page = next.stringValue();
        }
        throw new IOException(url + " answered " + path + " with more than " + MOST_PAGES + " pages");
    }

    private JsonNode get(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(url.resolve(path))
                .timeout(PATIENCE)
                .header(header, secret)
                .header("anthropic-version", "2023-06-01")
                .GET()
                .build();
        for (int attempt = 1;; attempt++) {
            HttpResponse<InputStream> response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
            byte[] body;
            try (InputStream in = response.body()) {
                body = in.readNBytes(MOST_BYTES + 1);
            }
            int status = response.statusCode();
            if (body.length > MOST_BYTES) {
                throw new IOException(url.resolve(path) + " answered with more than 16 MiB");
            }
            if (status == 200) {
                return json(body, path);
            }
            Optional<Duration> wait = wait(response, attempt);
            if (wait.isEmpty()) {
                throw new IOException(url.resolve(path) + " answered " + status + why(body)
                        + (status == 401 || status == 403 ? "; it needs an administrator's key" : ""));
            }
            Thread.sleep(wait.get());
        }
    }

    /** How long to wait before it is tried again; empty when it is not. */
    private static Optional<Duration> wait(HttpResponse<?> response, int attempt) {
        int status = response.statusCode();
        if ((status != 429 && status < 500) || attempt == MOST_TRIES) {
            return Optional.empty();
        }
        long seconds = response.headers()
                .firstValue("Retry-After")
                .filter(value -> value.matches("\\d{1,4}"))
                .map(Long::parseLong)
                .orElse(1L << attempt);
        return Optional.of(Duration.ofSeconds(Math.min(seconds, LONGEST_WAIT.toSeconds())));
    }

    private JsonNode json(byte[] body, String path) throws IOException {
        try {
            return EXACT.readTree(body);
        } catch (JacksonException malformed) {
            throw new IOException(url.resolve(path) + " answered with something that is not JSON", malformed);
        }
    }

    private static String why(byte[] body) {
        String message = null;
        try {
            message = text(EXACT.readTree(body).path("error").path("message"));
        } catch (JacksonException notJson) {
            // the status says enough
        }
        return message == null ? "" : ": " + message;
    }

    static @Nullable String text(JsonNode value) {
        return value.isString() ? value.stringValue() : null;
    }
}
