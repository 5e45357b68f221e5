package dev.pareto.proxy;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.pareto.dashboards.reconcile.VendorCost;
import dev.pareto.dashboards.reconcile.VendorCostRepository;
import dev.pareto.dashboards.store.SqliteStore;
import dev.pareto.dashboards.testing.books.BooksGenerator;
import dev.pareto.dashboards.testing.books.BooksPlan;
import dev.pareto.policies.price.Money;
import dev.pareto.proxy.testing.Browser;
import dev.pareto.proxy.testing.Browser.Theme;
import dev.pareto.proxy.testing.Gateway;
import dev.pareto.proxy.testing.Looks;
import dev.pareto.proxy.testing.Looks.Look;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Every page about money on books of three months: it says what it should, fits every width in both colours, keeps nobody out and
 * nothing goes wrong in the browser. Each is loaded once.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class MoneyPagesTest {

    private static final List<List<Look>> LOADS = List.of(List.of(new Look(Theme.LIGHT, Browser.DESK),
            new Look(Theme.LIGHT, Browser.TABLET), new Look(Theme.LIGHT, Browser.PHONE),
            new Look(Theme.DARK, Browser.PHONE), new Look(Theme.DARK, Browser.TABLET),
            new Look(Theme.DARK, Browser.DESK)));
    /** Where axe looks: what it finds depends on colours and on what is laid out otherwise, hardly on both at once. */
    private static final Set<Look> SEARCHED = Set.of(new Look(Theme.LIGHT, Browser.DESK),
            new Look(Theme.DARK, Browser.TABLET), new Look(Theme.DARK, Browser.PHONE));
    private static final int ATTEMPTS = 25_000;
    private static final int DAYS = 90;

    private static final String VENDORS = """
                                          vendors:
                                            openai: {dialect: openai, url: 'http://127.0.0.1:9'}
                                            anthropic: {dialect: anthropic, url: 'http://127.0.0.1:9'}
                                          routes:
                                            translate: {candidates: [openai/gpt-4o, openai/gpt-4o-mini]}
                                          """;

    private final LocalDate today = LocalDate.ofInstant(Instant.now(), ZoneOffset.UTC);

    private Gateway gateway;
    private Looks looks;
    private @Nullable Browser browser;

    @BeforeAll
    void fill(@TempDir Path folder) throws Exception {
        browser = Browser.start(Files.createDirectories(folder.resolve("browser"))).orElse(null);
        assumeThat(browser).as("no Chromium on the PATH; on Debian: apt-get install chromium").isNotNull();
        assumeThat(Looks.AXE).as("npm has installed axe-core").exists();
        looks = new Looks(requireNonNull(browser, "a browser was assumed"), LOADS, SEARCHED,
                complaints -> !complaints.isBlank());
        Path data = Files.createDirectories(folder.resolve("data"));
        try (SqliteStore store = SqliteStore.open(data.resolve("pareto.db"))) {
            BooksGenerator.fill(store, BooksPlan.of(ATTEMPTS, DAYS, Instant.now()));
            LocalDate from = today.minusDays(20);
            List<VendorCost> costs = from.datesUntil(today.minusDays(1))
                    .map(day -> new VendorCost(day, null, "GPT-4o mini, input", "gpt-4o-mini", null, null,
                            new Money(new BigDecimal("0.31"), "USD")))
                    .toList();
            new VendorCostRepository(store).replace("openai", from, today.minusDays(2), costs, Instant.now());
        }
        gateway = Gateway.start(folder, VENDORS);
        assumeThat(gateway.send(HttpRequest.newBuilder(gateway.adminUrl().resolve("/"))
                .header("Accept", "text/html")
                .build()).statusCode()).as("the pages are built (not with -DskipUi)").isEqualTo(200);
        post("/api/ledger/actions", """
                                    {"action": "adjust", "by": "ada", "kind": "credit", "concerns": "%s",
                                     "invoice": "inv-7", "tenant": "", "vendor": "openai", "model": "",
                                     "amount": "-1.25", "reason": "goodwill after the outage"}
                                    """.formatted(today.minusDays(1)));
        post("/api/report-schedules/actions", """
                                              {"action": "add", "by": "ada", "name": "Spend by team",
                                               "report": "/api/money/chargeback?format=csv", "cadence": "weekly",
                                               "hour": 7, "webhook": "https://hooks.example.com/secret"}
                                              """);
        assertThat(incident().path("from").isString()).as("an agent runs wild in these books").isTrue();
        assertThat(mark(incident(), "reopen", "an agent ran wild", 0)).isEqualTo(200);
    }

    @AfterAll
    void close() {
        if (browser != null) {
            browser.close();
        }
        if (gateway != null) {
            gateway.close();
        }
    }

    /** {@code CALL} stands for a request and {@code MONTH} for the month of yesterday. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', value = {
            "/?period=30d|Spend|What moved most",
            "/changes?period=30d|Drivers|From then to now",
            "/chargeback?period=30d|partners|Share",
            "/chargeback/statement?period=30d&tenant=support|support|line for each kind of use",
            "/units?period=30d|Cost per successful request|Waste and overhead",
            "/forecast?period=30d|Forecast|Month",
            "/savings?period=30d|From the baseline to the saving|By route",
            "/anomalies?period=30d|Incidents|Excess",
            "/anomalies?period=30d&incident=INCIDENT|band of what is usual|an agent ran wild",
            "/requests?period=30d|Calls|translate",
            "/requests/CALL|Request|USD",
            "/quality?period=30d|Chain of hashes|nova/preview-2",
            "/price-book|Price book|gpt-4o",
            "/reconciliation?month=MONTH|anthropic|was not asked yet",
            "/month-close?month=MONTH|Checklist|goodwill after the outage",
            "/reports|Spend by team|hooks.example.com",
            "/admin|Make a key|goodwill after the outage",
            "/routing|translate|gpt-4o",
            "/routing/translate|translate|gpt-4o-mini",
    })
    void everybodyCanUseThePage(String address, String first, String second) throws IOException {
        String path = address.replace("CALL", call())
                .replace("INCIDENT", URLEncoder.encode(key(incident()), StandardCharsets.UTF_8))
                .replace("MONTH", YearMonth.from(today.minusDays(1)).toString());
        String name = path.equals("/?period=30d")
                ? "overview"
                : path.substring(1).replaceAll("[?].*", "").replace('/', '-');
        assertThat(looks.faults(gateway.adminUrl().resolve(path), name, List.of(first, second))).isEmpty();
    }

    @Test
    void anAnomalyHasAStateThatPeopleGiveItAndACourseWithWhatIsUsual() {
        JsonNode before = incident();
        assertThat(mark(before, "acknowledge", "an agent ran wild", 0)).isEqualTo(200);
        JsonNode seen = incident();
        assertThat(seen.path("state").asString("")).isEqualTo("ACKNOWLEDGED");
        assertThat(seen.at("/marks/1/by").asString("")).isEqualTo("ada");
        assertThat(seen.at("/marks/1/why").asString("")).isEqualTo("an agent ran wild");
        assertThat(mark(seen, "snooze", "until it is mended", 91)).as("no longer than 90 days").isEqualTo(400);
        assertThat(mark(seen, "snooze", "", 7)).as("not without a reason").isEqualTo(400);
        assertThat(mark(seen, "snooze", "until it is mended", 7)).isEqualTo(200);
        assertThat(incident().path("state").asString("")).isEqualTo("SNOOZED");
        assertThat(mark(seen, "reopen", "an agent ran wild", 0)).isEqualTo(200);
        assertThat(incident().path("state").asString("")).isEqualTo("OPEN");
        assertThat(incident().path("marks").size()).isEqualTo(4);

        JsonNode course = get("/api/money/anomalies/series?period=30d&begins=" + before.path("from").asString("")
                + "&ends=" + before.path("to").asString("") + "&line=" + URLEncoder.encode(line(before),
                        StandardCharsets.UTF_8));
        BigDecimal within = BigDecimal.ZERO;
        for (JsonNode step : course.path("steps")) {
            Instant at = Instant.parse(step.path("at").asString(""));
            if (!at.isBefore(Instant.parse(before.path("from").asString("")))
                    && at.isBefore(Instant.parse(before.path("to").asString("")))) {
                within = within.add(new BigDecimal(step.path("actual").asString("0")));
                assertThat(new BigDecimal(step.path("lower").asString("-1"))).isNotNegative()
                        .isLessThanOrEqualTo(new BigDecimal(step.path("expected").asString("-1")));
            }
        }
        assertThat(within).as("the steps of the incident are what it cost")
                .isEqualByComparingTo(before.path("actual").asString("0"));
        assertThat(course.path("steps").size()).isGreaterThan(10);
    }

    private int mark(JsonNode incident, String action, String reason, int days) {
        return gateway.send(HttpRequest.newBuilder(gateway.adminUrl().resolve("/api/money/anomalies/actions"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("""
                                                          {"action": "%s", "from": "%s", "line": "%s", "days": %d,
                                                           "by": "ada", "reason": "%s"}
                                                          """.formatted(action, incident.path("from").asString(""),
                        line(incident), days, reason)))
                .build()).statusCode();
    }

    /** The dearest one. */
    private JsonNode incident() {
        return get("/api/money/anomalies?period=30d").at("/incidents/0");
    }

    private static String line(JsonNode incident) {
        return incident.path("dimension").isString()
                ? incident.path("dimension").asString("") + ":" + incident.path("value").asString("")
                : "";
    }

    private static String key(JsonNode incident) {
        return incident.path("from").asString("") + "|" + line(incident);
    }

    private JsonNode get(String path) {
        return JsonMapper.shared().readTree(gateway.get(gateway.adminUrl().resolve(path)).body());
    }

    private String call() {
        JsonNode calls = get("/api/money/calls?period=30d");
        return calls.at("/rows/0/requestId").asString("none");
    }

    private void post(String path, String body) {
        HttpResponse<byte[]> done = gateway.send(HttpRequest.newBuilder(gateway.adminUrl().resolve(path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
        assertThat(done.statusCode()).as(new String(done.body(), StandardCharsets.UTF_8)).isEqualTo(200);
    }
}
