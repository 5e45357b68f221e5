package dev.pareto.proxy.cli;

import dev.pareto.evals.grade.Grader;
import dev.pareto.evals.suite.Item;
import dev.pareto.evals.suite.Suite;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.proxy.cli.remote.GatewayClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Traffic as a company would have it: support tickets from many callers, and now and then a word problem. What the open model answers to
 * tickets is graded by the suite's key and reported, as an application does that learns later which queue was right. Thread-safe.
 */
final class DemoTraffic implements AutoCloseable {

    static final String SUPPORT = "support";
    static final List<String> ROUTES = List.of(SUPPORT, "word-problems");

    private static final int CALLERS = 20_000;
    private static final int MOST_AT_ONCE = 64;
    private static final Duration REPORT_EVERY = Duration.ofMillis(250);

    /**
     * Tickets so far.
     *
     * @param open those that the open model answered
     * @param wrong those of them that are wrong by the key
     */
    record Tickets(long asked, long open, long wrong) {

        Tickets since(Tickets before) {
            return new Tickets(asked - before.asked, open - before.open, wrong - before.wrong);
        }
    }

    private final HttpClient http;
    private final GatewayClient gateway;
    private final URI chat;
    private final ModelId open;
    private final Map<String, Suite> suites;
    private final Random random = new Random(20_261_121);
    private final JsonMapper json = new JsonMapper();
    private final Semaphore places = new Semaphore(MOST_AT_ONCE);
    private final ScheduledExecutorService clock = Executors
            .newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("demo-traffic").factory());
    private final ScheduledExecutorService reporter = Executors
            .newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("demo-grades").factory());
    private volatile double temperature;
    private @Nullable ScheduledFuture<?> pace;
    /** Both guarded by itself. */
    private final List<Double> unreported = new ArrayList<>();
    private Tickets tickets = new Tickets(0, 0, 0);

    /** @param open the model whose answers are graded */
    DemoTraffic(HttpClient http, GatewayClient gateway, URI data, ModelId open, Suite support, Suite words) {
        this.http = http;
        this.gateway = gateway;
        this.chat = data.resolve("/v1/chat/completions");
        this.open = open;
        this.suites = Map.of(SUPPORT, support, ROUTES.getLast(), words);
        var _ = reporter.scheduleWithFixedDelay(this::report, 0, REPORT_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** From now on so many requests a second, as long as no more than a few are under way. */
    synchronized void pace(int perSecond) {
        if (pace != null) {
            pace.cancel(false);
        }
        pace = clock.scheduleAtFixedRate(this::send, 0, 1_000_000 / perSecond, TimeUnit.MICROSECONDS);
    }

    /** What the application sends with its tickets from now on: 0 makes a model say what it holds likeliest, 2 nearly anything. */
    void temperature(double next) {
        temperature = next;
    }

    Tickets tickets() {
        synchronized (unreported) {
            return tickets;
        }
    }

    /** Sends one request and returns the gateway's reason for where it went. */
    String askOnce(String route) throws IOException, InterruptedException {
        var response = http.send(request(route, item(route)), BodyHandlers.discarding());
        return response.headers().firstValue("Pareto-Reason").orElse("status " + response.statusCode());
    }

    private void send() {
        if (!places.tryAcquire()) {
            return;
        }
        String route = random.nextInt(16) == 0 ? ROUTES.getLast() : SUPPORT;
        Item item = item(route);
        var _ = http.sendAsync(request(route, item), BodyHandlers.ofByteArray()).whenComplete((response, failure) -> {
            places.release();
            if (failure == null && route.equals(SUPPORT)) {
                grade(item, response);
            }
        });
    }

    private void grade(Item item, HttpResponse<byte[]> response) {
        boolean byOpen = response.headers().firstValue("Pareto-Model").filter(open.toString()::equals).isPresent();
        Double score = byOpen && response.statusCode() == 200 ? score(item, response.body()) : null;
        synchronized (unreported) {
            tickets = new Tickets(tickets.asked + 1, tickets.open + (byOpen ? 1 : 0),
                    tickets.wrong + (score != null && score < 1 ? 1 : 0));
            if (score != null) {
                unreported.add(score);
            }
        }
    }

    private @Nullable Double score(Item item, byte[] answer) {
        JsonNode text = json.readTree(answer).path("choices").path(0).path("message").path("content");
        Suite suite = suites.get(SUPPORT);
        return suite == null
                ? null
                : Grader.apply(suite.scoring(item).getFirst().grader(), text.asString(""), item.expected()).score();
    }

    private void report() {
        List<Double> scores;
        synchronized (unreported) {
            scores = List.copyOf(unreported);
            unreported.clear();
        }
        if (!scores.isEmpty()) {
            try {
                gateway.grade(SUPPORT, scores);
            } catch (IOException | InterruptedException ending) {
                // the gateway goes down with the demonstration
            }
        }
    }

    private synchronized Item item(String route) {
        Suite suite = suites.get(route);
        if (suite == null) {
            throw new IllegalArgumentException("there is no traffic for " + route);
        }
        return suite.items().get(random.nextInt(suite.items().size()));
    }

    private synchronized HttpRequest request(String route, Item item) {
        var body = Map.of("model", route, "messages", item.messages(), "temperature",
                route.equals(SUPPORT) ? temperature : 0, "max_tokens", 96);
        return HttpRequest.newBuilder(chat)
                .timeout(Duration.ofSeconds(60))
                .header("Content-Type", "application/json")
                .header("Pareto-Tags", "purpose=demo")
                .header("Pareto-Unit", "caller-" + random.nextInt(CALLERS))
                .POST(BodyPublishers.ofByteArray(json.writeValueAsBytes(body)))
                .build();
    }

    @Override
    public void close() {
        clock.shutdownNow();
        reporter.shutdownNow();
    }
}
