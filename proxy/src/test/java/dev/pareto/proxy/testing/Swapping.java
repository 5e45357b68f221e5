package dev.pareto.proxy.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;

import dev.pareto.evals.verdict.Verdict;
import dev.pareto.evals.verdict.VerdictJson;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.swap.Outcome;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Route {@code r}, on which {@code cluster/tiny} is to take the place of {@code openai/gpt-4o}, seen from the admin port. */
public final class Swapping {

    public static final ModelId TINY = new ModelId("cluster", "tiny");

    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI admin;

    public Swapping(URI admin) {
        this.admin = admin;
    }

    /** @param swap the rest of the plan, e.g. {@code "approval: automatic"} */
    public static String config(FakeVendor openai, FakeVendor cluster, String swap) {
        return """
               vendors:
                 openai: {dialect: openai, url: '%s', retries: 0}
                 cluster: {dialect: openai, url: '%s', open: true, retries: 0, models: {
                           tiny: {prices: [{from: 2020-01-01, input: 1, cache_read: 1, output: 2}]}, also: {upstream: tiny}}}
               routes:
                 r: {candidates: [openai/gpt-4o, cluster/tiny, cluster/also], fallbacks: [cluster/also, cluster/tiny], policy: cheap, cache: {ttl: 10 min}}
                 alias: {candidates: [openai/gpt-4o], fallbacks: [cluster/tiny]}
               policies:
                 cheap: {minimise: cost}
               swaps:
                 r: {to: cluster/tiny, margin: 3 pp, dwell: 1 h, %s}
               """
                .formatted(openai.url(), cluster.url(), swap);
    }

    public void verdict(String id, Outcome outcome) {
        file(Verdicts.of(id, TINY, null, Instant.now(), outcome));
    }

    /** Behind what is on file. */
    public void file(Verdict verdict) {
        JsonNode newest = get("/api/verdicts/all?limit=1").at("/verdicts/0/sha256");
        JsonNode filed = post("/api/verdicts",
                VerdictJson.write(Verdicts.behind(verdict, newest.isString() ? newest.stringValue() : null)));
        if (!filed.path("filed").asBoolean(false)) {
            throw new AssertionError(filed.toString());
        }
    }

    /** Where the planned swap stands. */
    public JsonNode swap() {
        for (JsonNode swap : get("/api/swaps").path("swaps")) {
            if (swap.path("candidate").asString("").equals(TINY.toString())) {
                return swap;
            }
        }
        throw new AssertionError("there is no swap");
    }

    public String state() {
        return swap().path("state").asString("");
    }

    public JsonNode act(String action, String more) {
        return post("/api/swaps/actions",
                "{\"action\":\"%s\",\"route\":\"r\",\"candidate\":\"%s\",\"by\":\"ann\",\"reason\":\"a test\"%s}"
                        .formatted(action, TINY, more));
    }

    public JsonNode get(String path) {
        return send(HttpRequest.newBuilder(admin.resolve(path)).GET().build());
    }

    public JsonNode post(String path, String body) {
        return send(HttpRequest.newBuilder(admin.resolve(path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    private JsonNode send(HttpRequest request) {
        try {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            return JsonMapper.shared().readTree(response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
