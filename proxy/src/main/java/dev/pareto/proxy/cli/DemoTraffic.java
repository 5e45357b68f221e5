package dev.pareto.proxy.cli;

import dev.pareto.evals.suite.Item;
import dev.pareto.evals.suite.Suite;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.json.JsonMapper;

/** Light traffic as a company would have it: support tickets, and now and then a word problem. */
final class DemoTraffic implements AutoCloseable {

    static final List<String> ROUTES = List.of("support", "word-problems");

    private static final Duration EVERY = Duration.ofMillis(350);

    private final HttpClient http;
    private final URI chat;
    private final Map<String, List<Item>> items;
    private final Random random = new Random(20_261_121);
    private final JsonMapper json = new JsonMapper();
    private final ScheduledExecutorService clock = Executors
            .newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("demo-traffic").factory());

    DemoTraffic(HttpClient http, URI gateway, Suite support, Suite words) {
        this.http = http;
        this.chat = gateway.resolve("/v1/chat/completions");
        this.items = Map.of("support", support.items(), "word-problems", words.items());
    }

    void start() {
        var _ = clock.scheduleAtFixedRate(
                () -> http
                        .sendAsync(request(random.nextInt(8) == 0 ? "word-problems" : "support"),
                                BodyHandlers.discarding())
                        .exceptionally(_ -> null),
                0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Sends one request and returns the gateway's reason for where it went. */
    String askOnce(String route) throws IOException, InterruptedException {
        var response = http.send(request(route), BodyHandlers.discarding());
        return response.headers().firstValue("Pareto-Reason").orElse("status " + response.statusCode());
    }

    private HttpRequest request(String route) {
        List<Item> choices = items.getOrDefault(route, List.of());
        Item item = choices.get(random.nextInt(choices.size()));
        var body = Map.of("model", route, "messages", item.messages(), "temperature", 0, "max_tokens", 96);
        return HttpRequest.newBuilder(chat)
                .timeout(Duration.ofSeconds(60))
                .header("Content-Type", "application/json")
                .header("Pareto-Tags", "purpose=demo")
                .POST(BodyPublishers.ofByteArray(json.writeValueAsBytes(body)))
                .build();
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
