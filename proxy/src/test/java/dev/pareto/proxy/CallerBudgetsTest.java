package dev.pareto.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.pareto.dashboards.audit.LedgerCheck;
import dev.pareto.dashboards.budget.BudgetBooks;
import dev.pareto.dashboards.budget.Taken;
import dev.pareto.dashboards.ledger.Ledger;
import dev.pareto.dashboards.report.Amount;
import dev.pareto.dashboards.store.Store;
import dev.pareto.proxy.budget.BudgetDesk;
import dev.pareto.proxy.testing.Await;
import dev.pareto.proxy.testing.FakeVendor;
import dev.pareto.proxy.testing.Gateway;
import dev.pareto.proxy.testing.Payloads;
import dev.pareto.proxy.testing.Script;
import java.io.InputStream;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Callers' budgets through a whole gateway, before a vendor whose every answer costs exactly one cent. */
final class CallerBudgetsTest {

    private static final String CHAT = "/v1/chat/completions";
    private static final String BODY = "{\"model\":\"r\",\"messages\":[{\"role\":\"user\",\"content\":\"Say hello\"}]}";
    private static final String STREAM = BODY.replace("}]}", "}],\"stream\":true}");
    private static final String CENT = "prices: [{from: 2020-01-01, input: 0, output: 0, request: {price: 1, per: 100}}]";

    @TempDir
    private Path folder;

    private final FakeVendor vendor = new FakeVendor().answers(Payloads::openAi);

    @AfterEach
    void stop() {
        vendor.close();
    }

    @Test
    void callsPassUpToTheLimitAndARestartForgetsNothing() {
        String budgets = "  team: {scope: {team: search}, amount: 0.03 USD, per: day}\n";
        try (Gateway gateway = start(budgets)) {
            for (String left : List.of("0.02", "0.01")) {
                HttpResponse<byte[]> answer = gateway.post(CHAT, BODY, "Pareto-Tags", "team=search");
                assertThat(answer.statusCode()).isEqualTo(200);
                assertThat(answer.headers().firstValue("Pareto-Budget")).hasValue("team");
                assertThat(answer.headers().firstValue("Pareto-Budget-Left-Usd")).hasValue(left);
            }
            gateway.attempts();
        }
        try (Gateway gateway = start(budgets)) {
            assertThat(gateway.post(CHAT, BODY, "Pareto-Tags", "team=search").statusCode()).isEqualTo(200);
            HttpResponse<byte[]> refused = gateway.post(CHAT, BODY, "Pareto-Tags", "team=search");
            JsonNode error = JsonMapper.shared().readTree(refused.body()).path("error");

            assertThat(refused.statusCode()).isEqualTo(402);
            assertThat(error.path("code").asString("")).isEqualTo("budget_exceeded");
            assertThat(error.path("message").asString("")).contains("Budget team (team search) of 0.03 USD a day",
                    "0.03 USD are spent", "0 USD left", "may cost 0.01 USD", "It begins anew at");
            assertThat(refused.headers().firstValue("Retry-After")).isEmpty();
            assertThat(refused.headers().firstValue("x-should-retry")).hasValue("false");
            assertThat(gateway.post(CHAT, BODY, "Pareto-Tags", "team=ads").statusCode()).isEqualTo(200);
            assertThat(vendor.seen()).hasSize(4);
            assertThat(budget(gateway, "team").path("state").asString("")).isEqualTo("used-up");
        }
    }

    @Test
    @DisplayName("A35 LiteLLM 34732, 40095, 26672: of 60 calls at once with money for 10 exactly 10 reach the vendor")
    void a35() throws Exception {
        vendor.answers(new Script(200, Map.of("Content-Type", "application/json"),
                List.of(new Script.Part(Duration.ofMillis(300), Payloads.ANSWER)), Script.End.DONE));
        try (Gateway gateway = start("  all: {scope: all, amount: 0.10 USD}\n");
                var threads = Executors.newFixedThreadPool(60)) {
            List<Callable<Integer>> calls = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                calls.add(() -> gateway.post(CHAT, BODY).statusCode());
            }
            List<Integer> statuses = new ArrayList<>();
            for (Future<Integer> one : threads.invokeAll(calls)) {
                statuses.add(one.get());
            }

            assertThat(statuses).containsOnly(200, 402);
            assertThat(statuses).filteredOn(status -> status == 200).hasSize(10);
            assertThat(vendor.seen()).hasSize(10);
            assertThat(gateway.attempts()).hasSize(10);
        }
    }

    @Test
    @DisplayName("A36 LiteLLM 30460: whole, streamed, aborted, failed and retried calls leave nothing set aside, and spent is the sum of the rows")
    void a36() throws Exception {
        try (Gateway gateway = start("  all: {scope: all, amount: 100 USD}\n")) {
            gateway.post(CHAT, BODY);
            gateway.post(CHAT, STREAM);
            vendor.answers(Script.json(500, "{\"error\":{\"message\":\"broken\"}}"));
            gateway.post(CHAT, BODY);
            vendor.answers(Script.events(Payloads.chunk("{\"content\":\"a\"}", "null", true)).ending(Script.End.CUT));
            gateway.post(CHAT, STREAM);
            vendor.answers(Script.events(Payloads.chunk("{\"content\":\"a\"}", "null", true)).ending(Script.End.HANG));
            try (InputStream in = gateway.client()
                    .send(gateway.request(CHAT, STREAM), BodyHandlers.ofInputStream())
                    .body()) {
                assertThat(in.read()).isPositive();
            }
            vendor.answers(Payloads::openAi);
            gateway.post("/v1/embeddings", "{\"model\":\"r\",\"input\":\"hello\"}");
            BigDecimal rows = sum(gateway);

            Await.until("nothing is set aside", () -> standing(gateway).reserved().signum() == 0);
            assertThat(standing(gateway).spent()).isEqualByComparingTo(rows).isPositive();
            assertThat(fromLedger(gateway).spent()).as("as a restart would read it").isEqualByComparingTo(rows);
        }
    }

    @Test
    @DisplayName("A37 LiteLLM 14004, 29912: a model that costs nothing still serves, and a downgrade leads there")
    void a37() {
        try (Gateway gateway = start(
                """
                  all: {scope: all, amount: 0.01 USD, when-used-up: downgrade, downgrade-to: [vendor/free]}
                """)) {
            assertThat(gateway.post(CHAT, BODY).headers().firstValue("Pareto-Model")).hasValue("vendor/cent");
            HttpResponse<byte[]> cheaper = gateway.post(CHAT, BODY);

            assertThat(cheaper.statusCode()).isEqualTo(200);
            assertThat(cheaper.headers().firstValue("Pareto-Model")).hasValue("vendor/free");
            assertThat(cheaper.headers().firstValue("Pareto-Reason"))
                    .hasValue("budget all is used up, so vendor/free serves");
            assertThat(cheaper.headers().firstValue("Pareto-Budget-Warning")).hasValue("used up: all");
            assertThat(gateway.post(CHAT, BODY.replace("\"r\"", "\"vendor/free\"")).statusCode()).isEqualTo(200);
            assertThat(gateway.post(CHAT, BODY, "Pareto-Model", "vendor/cent").statusCode()).isEqualTo(402);
        }
    }

    @Test
    void aDowngradeNeverPassesTheSwapGate() {
        String yaml = """
                      vendors:
                        closed: {dialect: openai, url: '%1$s', retries: 0, models: {m: {%2$s}}}
                        open: {dialect: openai, url: '%1$s', open: true, retries: 0, models: {tiny: {prices: [{from: 2020-01-01, input: 0, output: 0}]}}}
                      routes:
                        r: {candidates: [closed/m, open/tiny]}
                      swaps:
                        r: {to: open/tiny, suites: [support], margin: 2 pp, approval: manual}
                      budgets:
                        all: {scope: all, amount: 0.01 USD, when-used-up: downgrade, downgrade-to: [open/tiny]}
                      """
                .formatted(vendor.url(), CENT);
        try (Gateway gateway = Gateway.start(folder, yaml)) {
            assertThat(gateway.post(CHAT, BODY).headers().firstValue("Pareto-Model")).hasValue("closed/m");
            HttpResponse<byte[]> refused = gateway.post(CHAT, BODY);

            assertThat(refused.statusCode()).isEqualTo(402);
            assertThat(new String(refused.body(), StandardCharsets.UTF_8))
                    .contains("No model that it may be downgraded to can serve it");
        }
    }

    @Test
    @DisplayName("A38 LiteLLM 36561, Bifrost 2873: neither a model without a price nor a passed-through path slips by a budget")
    void a38() {
        try (Gateway gateway = start("  all: {scope: all, amount: 1 USD}\n")) {
            for (HttpResponse<byte[]> refused : List.of(gateway.post(CHAT, BODY.replace("\"r\"", "\"vendor/unknown\"")),
                    gateway.post("/v1/images/generations", "{\"prompt\":\"a fox\"}"))) {
                assertThat(refused.statusCode()).isEqualTo(402);
                assertThat(new String(refused.body(), StandardCharsets.UTF_8)).contains("unpriced_model", "Budget all");
            }
            assertThat(vendor.seen()).isEmpty();
        }
    }

    @Test
    void anUnpricedCallCountsAsDeclaredAlsoAfterARestart() {
        String budgets = "  all: {scope: all, amount: 1 USD, unpriced: 0.40 USD}\n";
        try (Gateway gateway = start(budgets)) {
            assertThat(gateway.post(CHAT, BODY.replace("\"r\"", "\"vendor/unknown\"")).statusCode()).isEqualTo(200);
            gateway.attempts();
            assertThat(standing(gateway).spent()).isEqualByComparingTo("0.4");
        }
        try (Gateway gateway = start(budgets)) {
            assertThat(standing(gateway).spent()).isEqualByComparingTo("0.4");
            assertThat(standing(gateway).unpriced()).isEqualTo(1);
        }
    }

    @Test
    @DisplayName("A39 LiteLLM 25874: a model on an own machine is not free: its worst case is set aside and its seconds are spent")
    void a39() {
        String yaml = """
                      vendors:
                        own: {dialect: openai, url: '%s', open: true, hourly-cost: 36 USD, retries: 0, time-limits: {total: 60 s}, models: [m]}
                      routes:
                        r: {candidates: [own/m]}
                      budgets:
                        small: {scope: {route: r}, amount: 0.59 USD}
                        large: {scope: all, amount: 60 USD}
                      """
                .formatted(vendor.url());
        try (Gateway gateway = Gateway.start(folder, yaml)) {
            assertThat(gateway.post(CHAT, BODY).statusCode()).as("60 s at 0.01 USD do not fit").isEqualTo(402);
            assertThat(gateway.post(CHAT, BODY.replace("\"r\"", "\"own/m\"")).statusCode()).isEqualTo(200);
            BigDecimal rows = sum(gateway);
            assertThat(budget(gateway, "large").path("spent").asString("")).isEqualTo(new Amount(rows).plain());
            assertThat(rows).isPositive();
        }
    }

    @Test
    void aBudgetOfAKeyIsThatOfItsCallerAndNobodyCanClaimIt() {
        String keys = ", require-keys: true, keys: {ci: {secret: '${CI}', tags: {team: search}}, web: {secret: '${WEB}', tags: {team: search}}}";
        Map<String, String> env = Map.of("CI", "pk-pareto-ci", "WEB", "pk-pareto-web");
        String yaml = vendors()
                + "budgets:\n  ci: {scope: {key: ci}, amount: 0.01 USD}\n  team: {scope: {team: search}, amount: 0.02 USD}\n";
        try (Gateway gateway = Gateway.start(folder, yaml, keys, env)) {
            assertThat(gateway.post(CHAT, BODY, "Authorization", "Bearer pk-pareto-ci").statusCode()).isEqualTo(200);
            assertThat(gateway.post(CHAT, BODY, "Authorization", "Bearer pk-pareto-ci").statusCode()).isEqualTo(402);
            assertThat(gateway.post(CHAT, BODY, "Authorization", "Bearer pk-pareto-web", "Pareto-Tags", "team=ads")
                    .statusCode()).isEqualTo(200);
            assertThat(gateway.post(CHAT, BODY, "Authorization", "Bearer pk-pareto-web").statusCode())
                    .as("a team's budget holds for all its keys")
                    .isEqualTo(402);
            assertThat(gateway.post(CHAT, BODY, "Authorization", "Bearer pk-pareto-web", "Pareto-Tags", "pareto-key=ci")
                    .statusCode())
                    .isEqualTo(400);
            HttpResponse<byte[]> mine = gateway.send(java.net.http.HttpRequest
                    .newBuilder(gateway.url().resolve("/pareto/v1/budgets"))
                    .header("Authorization", "Bearer pk-pareto-web")
                    .build());
            assertThat(new String(mine.body(), StandardCharsets.UTF_8)).contains("team");
            assertThat(JsonMapper.shared()
                    .readTree(mine.body())
                    .path("data")
                    .valueStream()
                    .map(it -> it.path("name").asString("")))
                    .containsExactly("team");
        }
    }

    @Test
    void aFallbackThatNoBudgetBearsLeavesTheCallerTheVendorsOwnAnswer() {
        vendor.answers(Script.json(503, "{\"error\":{\"message\":\"busy\"}}"));
        String yaml = """
                      vendors:
                        vendor: {dialect: openai, url: '%s', retries: 0, models: {cent: {%s}, dear: {prices: [{from: 2020-01-01, input: 0, output: 0, request: {price: 1, per: 1}}]}}}
                      routes:
                        r: {candidates: [vendor/cent], fallbacks: [vendor/dear]}
                      budgets:
                        all: {scope: all, amount: 0.05 USD}
                      """
                .formatted(vendor.url(), CENT);
        try (Gateway gateway = Gateway.start(folder, yaml)) {
            assertThat(gateway.post(CHAT, BODY).statusCode()).isEqualTo(503);
            assertThat(vendor.seen()).hasSize(1);
            assertThat(standing(gateway).reserved()).isEqualByComparingTo("0");
        }
    }

    @Test
    void aTopUpLetsCallsPassAgainAndIsWrittenDown() {
        try (Gateway gateway = start("  all: {scope: all, amount: 0.01 USD}\n")) {
            gateway.post(CHAT, BODY);
            assertThat(gateway.post(CHAT, BODY).statusCode()).isEqualTo(402);
            assertThat(grant(gateway, "0.01 USD", "").statusCode()).as("without a reason").isEqualTo(400);
            assertThat(grant(gateway, "5 USD", "launch").statusCode()).as("more than the budget").isEqualTo(400);
            assertThat(grant(gateway, "0.01 USD", "launch day").statusCode()).isEqualTo(200);

            assertThat(gateway.post(CHAT, BODY).statusCode()).isEqualTo(200);
            assertThat(gateway.post(CHAT, BODY).statusCode()).isEqualTo(402);
            JsonNode told = get(gateway, "/api/budgets/all").path("topUps").path(0);
            assertThat(told.path("by").asString("")).isEqualTo("Ann");
            assertThat(told.path("reason").asString("")).isEqualTo("launch day");
            assertThat(told.path("holds").asBoolean(false)).isTrue();
        }
    }

    @Test
    void eachThresholdIsToldOncePerPeriodAlsoAfterARestart() throws Exception {
        BlockingQueue<String> told = new LinkedBlockingQueue<>();
        HttpServer hook = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        hook.createContext("/", exchange -> {
            told.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        hook.start();
        Map<String, String> env = Map.of("HOOK", "http://127.0.0.1:" + hook.getAddress().getPort() + "/");
        String yaml = vendors()
                + "budgets:\n  all: {scope: all, amount: 0.04 USD, at: [50 %, 100 %], webhook: '${HOOK}'}\n";
        try (Gateway gateway = Gateway.start(folder, yaml, "", env)) {
            gateway.post(CHAT, BODY);
            gateway.post(CHAT, BODY);
            Await.until("half of it is told", () -> told.size() == 1);
            gateway.post(CHAT, BODY);
            gateway.attempts();
        }
        try (Gateway gateway = Gateway.start(folder, yaml, "", env)) {
            gateway.post(CHAT, BODY);
            Await.until("all of it is told", () -> told.size() == 2);
            assertThat(told).extracting(text -> JsonMapper.shared().readTree(text).path("threshold").asString(""))
                    .containsExactly("0.5", "1");
            Await.until("it is known to be sent", () -> get(gateway, "/api/budgets/all").path("alerts")
                    .valueStream()
                    .allMatch(alert -> alert.path("detail").asString("").equals("sent")));
        } finally {
            hook.stop(0);
        }
    }

    private Gateway start(String budgets) {
        return Gateway.start(folder, vendors() + "budgets:\n" + budgets);
    }

    private String vendors() {
        return """
               vendors:
                 vendor: {dialect: openai, url: '%s', retries: 0, models: {cent: {%s}, unknown: {}, free: {prices: [{from: 2020-01-01, input: 0, output: 0}]}}}
               default-vendor: vendor
               routes:
                 r: {candidates: [vendor/cent, vendor/free]}
               """
                .formatted(vendor.url(), CENT);
    }

    private static HttpResponse<byte[]> grant(Gateway gateway, String amount, String reason) {
        return gateway.send(java.net.http.HttpRequest.newBuilder(gateway.adminUrl().resolve("/api/budgets/actions"))
                .header("Content-Type", "application/json")
                .POST(java.net.http.HttpRequest.BodyPublishers
                        .ofString("{\"action\":\"top-up\",\"budget\":\"all\",\"amount\":\"" + amount
                                + "\",\"reason\":\"" + reason + "\",\"by\":\"Ann\"}"))
                .build());
    }

    private static dev.pareto.dashboards.budget.Standing standing(Gateway gateway) {
        return gateway.bean(BudgetDesk.class).standings().getFirst();
    }

    private static Taken fromLedger(Gateway gateway) {
        var it = standing(gateway);
        return new BudgetBooks(gateway.bean(Store.class)).beside(it.plan(), it.window(), Instant.now(),
                gateway.bean(Ledger.class).replica(), Instant.now().plusSeconds(1));
    }

    private static JsonNode budget(Gateway gateway, String name) {
        return get(gateway, "/api/budgets").path("budgets")
                .valueStream()
                .filter(it -> it.path("name").asString("").equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static JsonNode get(Gateway gateway, String path) {
        return JsonMapper.shared().readTree(gateway.get(gateway.adminUrl().resolve(path)).body());
    }

    private static BigDecimal sum(Gateway gateway) {
        gateway.attempts();
        return new LedgerCheck(gateway.bean(Store.class)).check(null, null)
                .sum()
                .getOrDefault("USD", Amount.ZERO)
                .value();
    }
}
