package dev.pareto.proxy.access;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.PathContainer;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * The right that each address of the admin port asks for. Whoever adds an address adds its row here; one without a row is for
 * administrators alone, and the gateway does not start with it. The first row that fits holds.
 */
public final class Rights {

    private record Row(HttpMethod method, PathPattern path, Right right) {}

    private final List<Row> rows = new ArrayList<>();
    private final List<PathPattern> guarded = patterns("/api/**", "/actuator/**");
    private final List<PathPattern> open = patterns("/api/session", "/actuator/health/**");

    public Rights() {
        words();
        books();
        steering();
        administration();
        figures();
    }

    private void words() {
        row(HttpMethod.GET, "/api/evals/{id}/items", Right.READ_WORDS);
        row(HttpMethod.GET, "/api/evals/{id}/item", Right.READ_WORDS);
        row(HttpMethod.GET, "/api/swaps/story", Right.READ_WORDS);
        row(HttpMethod.GET, "/api/feedback", Right.READ_WORDS);
    }

    private void books() {
        row(HttpMethod.POST, "/api/ledger/actions", Right.KEEP_BOOKS);
        row(HttpMethod.POST, "/api/prices/actions", Right.KEEP_BOOKS);
        row(HttpMethod.POST, "/api/report-schedules/actions", Right.KEEP_BOOKS);
        row(HttpMethod.POST, "/api/money/anomalies/actions", Right.KEEP_BOOKS);
        row(HttpMethod.POST, "/api/budgets/actions", Right.KEEP_BOOKS);
    }

    private void steering() {
        row(HttpMethod.POST, "/api/verdicts", Right.STEER);
        row(HttpMethod.POST, "/api/swaps/actions", Right.STEER);
        row(HttpMethod.POST, "/api/swaps/scores", Right.STEER);
        row(HttpMethod.POST, "/api/experiments/actions", Right.STEER);
        row(HttpMethod.POST, "/api/experiments/outcomes", Right.STEER);
        row(HttpMethod.POST, "/api/predictors/train", Right.STEER);
        // computes and changes nothing
        row(HttpMethod.POST, "/api/routing/simulate", Right.SEE);
    }

    private void administration() {
        row(HttpMethod.GET, "/api/access/keys", Right.ADMINISTER);
        row(HttpMethod.POST, "/api/access/actions", Right.ADMINISTER);
        row(HttpMethod.GET, "/api/access/acts", Right.SEE);
        row(HttpMethod.GET, "/api/system", Right.SEE);
        row(HttpMethod.GET, "/api/config", Right.ADMINISTER);
        row(HttpMethod.GET, "/actuator/**", Right.SEE);
    }

    private void figures() {
        for (String path : List.of("/api/overview", "/api/attempts", "/api/decisions/{id}", "/api/models",
                "/api/verdicts/**", "/api/evals", "/api/evals/{id}", "/api/swaps", "/api/swaps/moves",
                "/api/experiments", "/api/experiments/{name}", "/api/predictors", "/api/routing",
                "/api/routing/{route}", "/api/ledger/check", "/api/ledger/focus", "/api/reconciliation",
                "/api/months", "/api/months/{month}", "/api/prices", "/api/report-schedules", "/api/budgets",
                "/api/budgets/{name}", "/api/commitments")) {
            row(HttpMethod.GET, path, Right.SEE);
        }
        for (String report : List.of("overview", "choices", "changes", "chargeback", "statement", "units", "reconciled",
                "models", "cache", "capacity", "forecast", "anomalies", "savings", "calls", "calls/{id}", "quality",
                "quality/check", "anomalies/series")) {
            row(HttpMethod.GET, "/api/money/" + report, Right.SEE);
        }
    }

    private void row(HttpMethod method, String path, Right right) {
        rows.add(new Row(method, PathPatternParser.defaultInstance.parse(path), right));
    }

    /** Each method and address (a pattern) with what it asks for, for tests and for those who want to read it. */
    public Map<Map.Entry<HttpMethod, String>, Right> all() {
        Map<Map.Entry<HttpMethod, String>, Right> all = new LinkedHashMap<>();
        rows.forEach(row -> all.put(Map.entry(row.method(), row.path().getPatternString()), row.right()));
        return Collections.unmodifiableMap(all);
    }

    /**
     * Looks whether every address under {@code /api} has a row.
     *
     * @throws IllegalStateException naming those that have none: the gateway must not start with them
     */
    public void require(RouterFunction<?> routes) {
        List<String> without = new ArrayList<>();
        routes.accept(new Addresses((method, path) -> {
            PathContainer address = PathContainer.parsePath(path);
            if (!open(address) && rows.stream().noneMatch(row -> fits(row, method, address))) {
                without.add(method + " " + path);
            }
        }));
        if (!without.isEmpty()) {
            throw new IllegalStateException("say in Rights.java what these addresses of the admin port ask for: "
                    + String.join(", ", without));
        }
    }

    /**
     * What it asks for.
     *
     * @param path of the request, read as the router reads it, so that no way of writing it is another address here than there
     */
    public Right needed(HttpMethod method, PathContainer path) {
        return rows.stream()
                .filter(row -> fits(row, method, path))
                .findFirst()
                .map(Row::right)
                .orElse(Right.ADMINISTER);
    }

    /** Whether anybody may ask: for the pages' files, the way in, and whether the gateway lives. */
    public boolean open(PathContainer path) {
        return guarded.stream().noneMatch(pattern -> pattern.matches(path))
                || open.stream().anyMatch(pattern -> pattern.matches(path));
    }

    private static List<PathPattern> patterns(String... texts) {
        return Stream.of(texts).map(PathPatternParser.defaultInstance::parse).toList();
    }

    private static boolean fits(Row row, HttpMethod method, PathContainer path) {
        HttpMethod like = method.equals(HttpMethod.HEAD) ? HttpMethod.GET : method;
        return row.method().equals(like) && row.path().matches(path);
    }
}
