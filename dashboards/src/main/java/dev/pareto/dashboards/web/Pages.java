package dev.pareto.dashboards.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The pages' files, from the jar's folder {@code dev/pareto/dashboards/ui/}. Thread-safe; reads are small and from the class path.
 */
public final class Pages {

    private static final String FOLDER = "/dev/pareto/dashboards/ui/";
    private static final String INDEX = "index.html";
    private static final Pattern SAFE = Pattern.compile("(?:assets/)?[A-Za-z0-9_-]+(?:\\.[A-Za-z0-9_-]+)*\\.[a-z0-9]+");

    private static final Map<String, String> TYPES = Map.of("html", "text/html; charset=utf-8", "js",
            "text/javascript; charset=utf-8", "css", "text/css; charset=utf-8", "svg", "image/svg+xml", "woff2",
            "font/woff2", "png", "image/png", "ico", "image/x-icon");

    /** Everything from this host, no inline script or style, no frames. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
            + "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /** The first words of the pages' addresses; the browser finds the rest by itself (App.tsx). */
    private static final Set<String> SECTIONS = Set.of(
            "changes", "chargeback", "units",
            "forecast", "savings", "anomalies", "budgets",
            "models", "cache", "capacity",
            "requests", "quality",
            "price-book", "reconciliation", "month-close", "reports",
            "evals", "verdicts", "swaps", "experiments", "routing",
            "admin");

    /** Whether a page of that address is known; what it is about may still be missing. */
    public boolean known(String path) {
        String[] words = path.split("/", -1);
        return path.equals("/") || (words.length > 1 && SECTIONS.contains(words[1]));
    }

    /** What every page begins with. Empty when the pages were not built. */
    public Optional<Page> index() {
        return find("/");
    }

    /** The file for a URL path; {@code /} is the page itself. Empty when there is none. */
    public Optional<Page> find(String path) {
        String name = path.startsWith("/") ? path.substring(1) : path;
        String file = name.isEmpty() ? INDEX : name;
        if (!SAFE.matcher(file).matches()) {
            return Optional.empty();
        }
        String type = TYPES.get(file.substring(file.lastIndexOf('.') + 1));
        if (type == null) {
            return Optional.empty();
        }
        try (InputStream in = Pages.class.getResourceAsStream(FOLDER + file)) {
            return in == null ? Optional.empty() : Optional.of(new Page(in.readAllBytes(), headers(file, type)));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the page " + file, e);
        }
    }

    private static Map<String, String> headers(String file, String type) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", type);
        // Names under assets/ hold a hash of their content.
        headers.put("Cache-Control", file.startsWith("assets/") ? "public, max-age=31536000, immutable" : "no-cache");
        headers.put("Content-Security-Policy", POLICY);
        headers.put("X-Content-Type-Options", "nosniff");
        headers.put("Referrer-Policy", "no-referrer");
        return headers;
    }

    /** A file and the headers to send with it; the bytes are the caller's own. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Page(byte[] body, Map<String, String> headers) {
        public Page {
            headers = Map.copyOf(headers);
        }
    }
}
