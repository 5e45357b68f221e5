package dev.pareto.proxy.testing;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A helpdesk whose tickets are easy or hard and whose models differ in price, pace and skill, behind a whole gateway: labels of all models
 * teach the route, then callers come, and the policy sends them where it does. Always the same, but for latencies.
 */
public final class RoutedDesk implements AutoCloseable {

    /** A model: what it charges a million tokens, how long it takes, which share of hard tickets it settles. */
    private record Desk(String vendor, String model, boolean open, double input, double output, int millis,
            int hardOfTen) {

        String id() {
            return vendor + "/" + model;
        }
    }

    private static final List<Desk> DESKS = List.of(
            new Desk("openai", "gpt-4o", false, 2.5, 10, 95, 9),
            new Desk("anthropic", "claude-sonnet", false, 3, 15, 60, 10),
            new Desk("openai", "gpt-4o-mini", false, 0.15, 0.6, 40, 3),
            new Desk("google", "gemini-flash", false, 0.6, 2.4, 30, 6),
            new Desk("cluster", "llama-70b", true, 0.1, 0.3, 50, 8));

    private static final List<String> EASY = List.of("Where is parcel %d, it should have come on Tuesday?",
            "Please send me the invoice of order %d once more.", "How do I change the address of order %d?");
    private static final List<String> HARD = List.of(
            "Order %d was charged twice in two currencies; prove by the exchange rates of both days which refund is right.",
            "Compute the pro rata refund of contract %d after 17 of 31 days with 19 percent tax and two discounts.",
            "Explain why the settlement of claim %d differs from the appraisal and derive the correct amount step by step.");

    private static final int LABELLED = 60;
    private static final int CALLERS = 240;

    private final Gateway gateway;

    private RoutedDesk(Gateway gateway) {
        this.gateway = gateway;
    }

    public static RoutedDesk start(Path folder) throws IOException {
        record(folder);
        var prices = new StringBuilder();
        for (String vendor : DESKS.stream().map(Desk::vendor).distinct().toList()) {
            prices.append("  ")
                    .append(vendor)
                    .append(": {recorded: '")
                    .append(folder.resolve("said"))
                    .append("', paced: true, ")
                    .append(vendor.equals("cluster") ? "open: true, " : "")
                    .append("models: {");
            DESKS.stream()
                    .filter(desk -> desk.vendor().equals(vendor))
                    .forEach(desk -> prices.append("%s: {prices: [{from: 2020-01-01, input: %s, output: %s}]}, "
                            .formatted(desk.model(), desk.input(), desk.output())));
            prices.setLength(prices.length() - 2);
            prices.append("}}\n");
        }
        var desk = new RoutedDesk(Gateway.start(folder,
                "vendors:\n" + prices
                        + """
                          routes:
                            support:
                              candidates: [openai/gpt-4o, anthropic/claude-sonnet, openai/gpt-4o-mini, google/gemini-flash,
                                           cluster/llama-70b]
                              baseline: openai/gpt-4o
                              policy: good-enough
                            invoices:
                              candidates: [openai/gpt-4o-mini, openai/gpt-4o]
                              policy: quick
                            archive: {candidates: [google/gemini-flash]}
                          policies:
                            good-enough:
                              minimise: cost
                              subject-to: {accuracy: {at-least: 70 %}, latency: {total-p95: 3 s}}
                            quick: {minimise: latency, subject-to: {cost: {at-most: 0.01 USD}}}
                            best: {maximise: accuracy, subject-to: {cost: {at-most: 0.02 USD}}}
                          """,
                ", keys: {shop: {secret: '${SHOP}'}, bank: {secret: '${BANK}'}}",
                Map.of("SHOP", "pk-shop-0123456789abcdef", "BANK", "pk-bank-0123456789abcdef")));
        desk.teach();
        desk.callers();
        return desk;
    }

    public Gateway gateway() {
        return gateway;
    }

    private static boolean hard(int i) {
        return i % 3 == 0;
    }

    private static String ticket(int i) {
        List<String> words = hard(i) ? HARD : EASY;
        return words.get(i / 3 % words.size()).formatted(40_000 + i);
    }

    /** Hard tickets by skill, easy ones nearly always. */
    private static boolean settles(Desk desk, int i) {
        return hard(i) ? (i / 3 * 7 + desk.millis()) % 10 < desk.hardOfTen() : (i * 11 + desk.millis()) % 25 != 3;
    }

    private static void record(Path folder) throws IOException {
        Files.createDirectories(folder.resolve("said"));
        var lines = new ArrayList<String>();
        for (int i = 0; i < LABELLED + CALLERS; i++) {
            for (Desk desk : DESKS) {
                String answer = "Ticket " + i + " is settled. "
                        + "It was looked into by the desk. ".repeat(hard(i) ? 6 : 2);
                ObjectNode line = JsonMapper.shared()
                        .createObjectNode()
                        .put("model", desk.model())
                        .put("output", answer)
                        .put("tokens", hard(i) ? 180 + i % 90 : 40 + i % 30)
                        .put("prompt_tokens", 60 + i % 40)
                        .put("latency_ms", desk.millis() + i % 17)
                        .put("finish_reason", "stop");
                line.set("messages", JsonMapper.shared()
                        .valueToTree(List.of(Map.of("role", "user", "content", ticket(i)))));
                lines.add(line.toString());
            }
        }
        Files.write(folder.resolve("said").resolve("answers.jsonl"), lines);
    }

    /** Every model answers the first tickets, and each answer is scored. */
    private void teach() {
        List<Runnable> calls = new ArrayList<>();
        for (int i = 0; i < LABELLED; i++) {
            for (Desk desk : DESKS) {
                int ticket = i;
                if (!desk.open()) {
                    calls.add(() -> say(ask("support", ticket, "Pareto-Model", desk.id()), ticket,
                            settles(desk, ticket)));
                }
            }
        }
        together(calls);
        Await.until("every score is a label", () -> train().path("outcome").asString("").equals("taken"));
    }

    private JsonNode train() {
        return json(gateway.send(HttpRequest.newBuilder(gateway.adminUrl().resolve("/api/predictors/train"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"route\":\"support\"}"))
                .build()));
    }

    private void callers() {
        List<Runnable> calls = new ArrayList<>();
        for (int i = LABELLED; i < LABELLED + CALLERS; i++) {
            int ticket = i;
            calls.add(() -> {
                HttpResponse<byte[]> answer = ask("support", ticket);
                String served = answer.headers().firstValue("Pareto-Model").orElse("");
                if (ticket % 2 == 0) {
                    DESKS.stream()
                            .filter(desk -> desk.id().equals(served))
                            .forEach(desk -> say(answer, ticket, settles(desk, ticket)));
                }
            });
            if (i % 6 == 1) {
                calls.add(() -> ask("invoices", ticket));
            }
        }
        together(calls);
    }

    private HttpResponse<byte[]> ask(String route, int i, String... headers) {
        String body = JsonMapper.shared()
                .createObjectNode()
                .put("model", route)
                .set("messages",
                        JsonMapper.shared().valueToTree(List.of(Map.of("role", "user", "content", ticket(i)))))
                .toString();
        HttpResponse<byte[]> answer = gateway.post("/v1/chat/completions", body,
                Stream.concat(Stream.of("Authorization", key(i)), Stream.of(headers)).toArray(String[]::new));
        if (answer.statusCode() != 200) {
            throw new IllegalStateException(new String(answer.body(), StandardCharsets.UTF_8));
        }
        return answer;
    }

    /** Whose ticket it is. */
    private static String key(int i) {
        return i % 3 == 0 ? "Bearer pk-bank-0123456789abcdef" : "Bearer pk-shop-0123456789abcdef";
    }

    private void say(HttpResponse<byte[]> answer, int ticket, boolean good) {
        String id = answer.headers().firstValue("Pareto-Request-Id").orElseThrow();
        HttpResponse<byte[]> taken = gateway.post("/pareto/v1/feedback",
                "{\"request_id\": \"%s\", \"score\": %d}".formatted(id, good ? 1 : 0), "Authorization", key(ticket));
        if (taken.statusCode() != 200) {
            throw new IllegalStateException(new String(taken.body(), StandardCharsets.UTF_8));
        }
    }

    private static void together(List<Runnable> calls) {
        try (ExecutorService callers = Executors.newFixedThreadPool(8)) {
            for (Future<?> one : calls.stream().map(callers::submit).toList()) {
                try {
                    one.get();
                } catch (InterruptedException | ExecutionException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    public static JsonNode json(HttpResponse<byte[]> answer) {
        return JsonMapper.shared().readTree(answer.body());
    }

    @Override
    public void close() {
        gateway.close();
    }

}
