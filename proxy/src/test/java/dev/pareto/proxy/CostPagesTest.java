package dev.pareto.proxy;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.pareto.dashboards.ledger.Adjustment;
import dev.pareto.dashboards.ledger.AttemptRole;
import dev.pareto.dashboards.ledger.AttemptState;
import dev.pareto.dashboards.ledger.Ledger;
import dev.pareto.dashboards.ledger.OpenAttempt;
import dev.pareto.dashboards.ledger.Service;
import dev.pareto.dashboards.ledger.Settlement;
import dev.pareto.dashboards.ledger.UuidV7;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.price.Bill;
import dev.pareto.policies.price.Buckets;
import dev.pareto.policies.price.Cost;
import dev.pareto.policies.price.CostCalculator;
import dev.pareto.policies.price.CostSource;
import dev.pareto.policies.price.Money;
import dev.pareto.policies.price.PriceBook;
import dev.pareto.policies.price.Usage;
import dev.pareto.policies.price.UsageSource;
import dev.pareto.proxy.testing.Browser;
import dev.pareto.proxy.testing.Browser.Theme;
import dev.pareto.proxy.testing.Gateway;
import dev.pareto.proxy.testing.Looks;
import dev.pareto.proxy.testing.Looks.Look;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The pages of models, caches and capacity behind a whole gateway, on calls that were booked through its own ledger. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CostPagesTest {

    private static final List<List<Look>> LOADS = List.of(
            List.of(new Look(Theme.LIGHT, Browser.DESK), new Look(Theme.LIGHT, Browser.TABLET),
                    new Look(Theme.LIGHT, Browser.PHONE)),
            List.of(new Look(Theme.DARK, Browser.PHONE), new Look(Theme.DARK, Browser.TABLET),
                    new Look(Theme.DARK, Browser.DESK)));
    private static final ModelId CLOSED = new ModelId("anthropic", "claude-sonnet-4-6");
    private static final ModelId OWN = new ModelId("cluster", "tiny");

    private Gateway gateway;
    private Ledger ledger;
    private UuidV7 ids;
    private PriceBook prices;
    private @Nullable Browser browser;

    @BeforeAll
    void live(@TempDir Path folder) throws IOException {
        browser = Browser.start(Files.createDirectories(folder.resolve("browser"))).orElse(null);
        gateway = Gateway.start(folder,
                """
                vendors:
                  anthropic: {dialect: openai, url: 'http://127.0.0.1:9'}
                  cluster: {dialect: openai, url: 'http://127.0.0.1:9', open: true, hourly-cost: 0.36 USD,
                            models: {tiny: {}}}
                routes:
                  support: {candidates: [anthropic/claude-sonnet-4-6, cluster/tiny]}
                """);
        ledger = gateway.bean(Ledger.class);
        prices = gateway.bean(LiveConfig.class).get().prices();
        Instant now = Instant.now();
        ids = new UuidV7(() -> now, new SplittableRandom(1));
        for (int i = 0; i < 20; i++) {
            call(CLOSED, Map.of(Buckets.INPUT, 4_000L, Buckets.CACHE_READ, 1_000L + i, Buckets.CACHE_WRITE_5M, 500L,
                    Buckets.OUTPUT, 300L), AttemptRole.PRIMARY, 200, now);
            call(OWN, Map.of(Buckets.INPUT, 900_000L, Buckets.OUTPUT, 60_000L, Buckets.GPU_SECOND, 60L),
                    AttemptRole.PRIMARY, 200, now);
        }
        call(CLOSED, Map.of(), AttemptRole.PRIMARY, 429, now);
        call(CLOSED, Map.of(), AttemptRole.CACHE_HIT, 200, now);
        ledger.book(new Adjustment(ids.get(), Adjustment.Kind.IDLE, LocalDate.ofInstant(now, ZoneOffset.UTC), null,
                null,
                null, "", "", "", "cluster", Buckets.GPU_SECOND, BigDecimal.valueOf(1_200), null, Money.usd("0.12"),
                "time of own machines that no request used", "gateway")).join();
    }

    @AfterAll
    void close() {
        if (browser != null) {
            browser.close();
        }
        gateway.close();
    }

    private void call(ModelId model, Map<String, Long> used, AttemptRole role, int status, Instant at) {
        UUID id = ids.get();
        ledger.open(new OpenAttempt(id, id, 1, role, at, at.plusSeconds(600), "acme", Map.of("team", "search"),
                "support", "support", model, model.vendor(), false, Money.usd("0.05"), null)).join();
        Map<String, BigDecimal> quantities = new LinkedHashMap<>();
        used.forEach((bucket, quantity) -> quantities.put(bucket, BigDecimal.valueOf(quantity)));
        boolean nothing = used.isEmpty();
        Usage usage = nothing ? Usage.none() : new Usage(quantities);
        Cost cost = nothing
                ? Cost.nothing("USD")
                : cost(model, at, usage);
        Cost spared = role == AttemptRole.CACHE_HIT
                ? cost(model, at, Usage.ofTokens(4_000, 300))
                : null;
        ledger.settle(new Settlement(id, status == 200 ? AttemptState.SETTLED : AttemptState.FAILED,
                at.plusMillis(300), at.plusMillis(1_500), status, "stop", model.name(), Service.PLAIN, usage,
                nothing ? UsageSource.NONE : UsageSource.VENDOR, "{}", new Bill(cost, cost, null, CostSource.LIST),
                spared, status == 200 ? null : "upstream_busy", null, null)).join();
    }

    private Cost cost(ModelId model, Instant at, Usage usage) {
        return new CostCalculator().cost(usage, prices.at(model.toString(), "standard", at).orElseThrow(), at);
    }

    @Test
    void modelsAreToldWithTheirPriceAndWhatWasPaid() {
        JsonNode report = get("/api/money/models?period=today&of=" + CLOSED + "&instead=openai/gpt-4o-mini");
        JsonNode row = report.path("rows")
                .valueStream()
                .filter(one -> one.path("model")
                        .asString("")
                        .equals(
                                CLOSED.toString()))
                .findFirst()
                .orElseThrow();
        assertThat(row.at("/price/prices/0/price").asString("")).isEqualTo("3");
        assertThat(row.at("/use/calls").asInt(0)).isEqualTo(22);
        assertThat(row.at("/configured").asBoolean(false)).isTrue();
        assertThat(new BigDecimal(report.at("/opened/whatIf/would").asString("0"))).as(
                "fresh and written tokens at 0.15, read ones at 0.075, answers at 0.60 USD a million")
                .isEqualByComparingTo("0.01861425");
        HttpResponse<byte[]> csv = gateway.get(gateway.adminUrl().resolve("/api/money/models?period=today&format=csv"));
        assertThat(csv.headers().firstValue("Content-Type")).contains("text/csv; charset=utf-8");
        assertThat(new String(csv.body(), StandardCharsets.UTF_8)).startsWith("model,vendor,sold_as,price_version")
                .contains(CLOSED.toString(), row.at("/use/spend").asString("?"));
    }

    @Test
    void cachesAndMachinesAreTold() {
        JsonNode caches = get("/api/money/cache?period=today&group=route");
        assertThat(caches.at("/total/read").asInt(0)).isEqualTo(20 * 1_000 + 190);
        assertThat(new BigDecimal(caches.at("/total/saved").asString("0"))).as("2.70 USD a million")
                .isEqualByComparingTo(new BigDecimal("20190").multiply(new BigDecimal("0.0000027")));
        assertThat(new BigDecimal(caches.at("/total/extra").asString("0"))).as("0.75 USD a million")
                .isEqualByComparingTo(new BigDecimal("10000").multiply(new BigDecimal("0.00000075")));
        assertThat(caches.at("/answers/hits").asInt(0)).isEqualTo(1);
        JsonNode capacity = get("/api/money/capacity?period=today");
        assertThat(capacity.at("/against").asString("")).isEqualTo(CLOSED.toString());
        assertThat(capacity.at("/total/utilisation").asDouble(0)).isEqualTo(0.5);
        assertThat(new BigDecimal(capacity.at("/total/whole").asString("0"))).isEqualByComparingTo("0.24");
        assertThat(capacity.at("/limits/0/busy").asInt(0)).isEqualTo(1);
        assertThat(get("/api/money/reconciled?period=today").path("share").isNull()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"models?instead=anthropic/claude-sonnet-4-6,state of= as well", "models?of=sonnet,is a model's name",
            "models?of=a/b&of=c/d,state of once", "models?of=no/body,there is no model",
            "models?of=anthropic/claude-sonnet-4-6&instead=cluster/tiny,paid by the hour",
            "models?format=xml,format is json or csv", "cache?group=tag.team,by tag", "cache?of=x/y,of",
            "capacity?against=no/body,no price of", "capacity?tag.team=search,by tag", "capacity?period=soon,period"})
    void wrongParametersAreNamed(String address, String said) {
        HttpResponse<byte[]> answer = gateway.get(gateway.adminUrl().resolve("/api/money/" + address));
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(new String(answer.body(), StandardCharsets.UTF_8)).contains(said);
    }

    /** Their addresses and what they say. */
    private static Stream<Arguments> pages() {
        return Stream.of(
                Arguments.of("/models?period=today",
                        List.of("Model by model", "claude-sonnet-4-6", "$3.00", "Reconciled")),
                Arguments.of("/models?period=today&of=" + CLOSED + "&instead=openai/gpt-4o-mini",
                        List.of("Listed and paid", "The same tokens at another price", "Its price over time")),
                Arguments.of("/cache?period=today",
                        List.of("Prompt tokens", "Long prompts that no cache knew", "own cache", "support")),
                Arguments.of("/capacity?period=today",
                        List.of("When do they pay?", "The hours of the week", "50.0%", "No room (429)")),
                Arguments.of("/savings?period=today", List.of("given again from the gateway")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("pages")
    void everyPageIsFilledAndEverybodyCanUseIt(String page, List<String> words) throws IOException {
        Browser opened = browser;
        assumeThat(opened).as("no Chromium on the PATH; on Debian: apt-get install chromium").isNotNull();
        assumeThat(gateway.send(HttpRequest.newBuilder(gateway.adminUrl().resolve("/"))
                .header("Accept", "text/html")
                .build()).statusCode()).as("the pages are built (not with -DskipUi)").isEqualTo(200);
        assumeThat(Looks.AXE).as("npm has installed axe-core").exists();
        var looks = new Looks(requireNonNull(opened, "a browser was assumed"), LOADS,
                LOADS.stream().flatMap(List::stream).toList(),
                said -> said.contains("Content Security Policy") || said.contains("Uncaught"));

        String name = page.substring(1).replaceAll("[^a-z0-9]+", "-");
        assertThat(looks.faults(gateway.adminUrl().resolve(page), name, words)).isEmpty();
    }

    private JsonNode get(String path) {
        return JsonMapper.shared().readTree(gateway.get(gateway.adminUrl().resolve(path)).body());
    }
}
