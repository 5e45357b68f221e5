package dev.pareto.proxy.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Route {@code r} with a closed and an open model, compared by experiment {@code x}, seen from outside. */
public final class Trials {

    /**
     * One answer.
     *
     * @param part of the header {@code Pareto-Experiment}; {@code none} without
     */
    public record Answer(int status, String id, String model, String part) {}

    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI data;
    private final URI admin;

    public Trials(URI data, URI admin) {
        this.data = data;
        this.admin = admin;
    }

    /** @param experiment the rest of experiment {@code x}, in one line */
    public static String config(FakeVendor openai, FakeVendor cluster, String experiment) {
        return """
               vendors:
                 openai: {dialect: openai, url: '%s', retries: 0}
                 cluster: {dialect: openai, url: '%s', open: true, retries: 0, models: {
                           tiny: {prices: [{from: 2020-01-01, input: 1, cache_read: 1, output: 2}]}}}
               routes:
                 r: {candidates: [openai/gpt-4o, cluster/tiny], cache: {ttl: 10 min}}
               swaps:
                 r: {to: cluster/tiny, margin: 3 pp, approval: manual, guards: {errors: off, format: off, truncated: off}}
               experiments:
                 x: {hypothesis: tiny does as well, route: r, unit: user, %s}
               """
                .formatted(openai.url(), cluster.url(), experiment);
    }

    /** The swap's gate lets the open model through wholly. */
    public Trials gateOpen() {
        post("/api/swaps/actions", """
                                   {"action": "override", "route": "r", "candidate": "cluster/tiny", "by": "ann",
                                    "reason": "a test", "share": "100 %", "for": "1 h"}""");
        return this;
    }

    public JsonNode act(String action, String more) {
        return post("/api/experiments/actions",
                "{\"action\":\"%s\",\"name\":\"x\",\"by\":\"ann\",\"reason\":\"a test\"%s}".formatted(action, more));
    }

    public JsonNode experiment() {
        return get("/api/experiments/x");
    }

    public String state() {
        return experiment().path("experiment").path("state").asString("");
    }

    /** Says of a request how it went on. */
    public JsonNode outcome(String request, String metric, double value) {
        return post("/api/experiments/outcomes",
                "{\"outcomes\":[{\"request\":\"%s\",\"metric\":\"%s\",\"value\":%s}]}".formatted(request, metric,
                        value));
    }

    /** The same as callers say it, on the data port. */
    public int feedback(String request, String metric, double value) {
        return send(HttpRequest.newBuilder(data.resolve("/pareto/v1/feedback"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"request_id\":\"%s\",\"metrics\":{\"%s\":%s}}".formatted(request,
                        metric, value)))
                .build()).statusCode();
    }

    /** A user asks something. */
    public Answer ask(String user, String what, String... headers) {
        String body = """
                      {"model":"r","user":"%s","messages":[{"role":"system","content":"You are kind."},{"role":"user","content":"%s"}]}"""
                .formatted(user, what);
        return asked(body, headers);
    }

    /** Any chat request. */
    public Answer asked(String body, String... headers) {
        return asked("/v1/chat/completions", body, headers);
    }

    /** A request to any path of the data port. */
    public Answer asked(String path, String body, String[] headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(data.resolve(path))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body));
        HttpResponse<String> response = send((headers.length == 0 ? request : request.headers(headers)).build());
        return new Answer(response.statusCode(), header(response, "Pareto-Request-Id"),
                header(response, "Pareto-Model"), header(response, "Pareto-Experiment"));
    }

    private static String header(HttpResponse<String> response, String name) {
        return response.headers().firstValue(name).orElse("none");
    }

    private JsonNode get(String path) {
        return JsonMapper.shared().readTree(send(HttpRequest.newBuilder(admin.resolve(path)).GET().build()).body());
    }

    private JsonNode post(String path, String body) {
        return JsonMapper.shared()
                .readTree(send(HttpRequest.newBuilder(admin.resolve(path))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body))
                        .build()).body());
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return http.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
