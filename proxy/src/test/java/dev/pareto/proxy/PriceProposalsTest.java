package dev.pareto.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.pareto.policies.policy.ConfigReader;
import dev.pareto.policies.price.UnitPrice;
import dev.pareto.policies.sheet.PriceSheetReader;
import dev.pareto.proxy.access.Role;
import dev.pareto.proxy.cli.Ran;
import dev.pareto.proxy.testing.Await;
import dev.pareto.proxy.testing.Browser;
import dev.pareto.proxy.testing.Gateway;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Proposed prices, decided on the admin port and on its pages as the command line does it. */
final class PriceProposalsTest {

    private static final Path AXE = Path.of("../dashboards/src/main/ui/node_modules/axe-core/axe.min.js");
    private static final Instant LATER = Instant.parse("2026-12-01T00:00:00Z");

    private final Map<Role, String> keys = new EnumMap<>(Role.class);

    @TempDir
    private Path folder;
    private Gateway gateway;

    @BeforeEach
    void propose() throws IOException {
        gateway = Gateway.start(folder, """
                                        vendors:
                                          openai: {dialect: openai, url: 'http://127.0.0.1:9'}
                                        routes:
                                          support: {candidates: [openai/gpt-4o]}
                                        """);
        gateway.bean(LiveConfig.class).readFrom(folder.resolve("pareto.yaml"));
        keys.put(Role.ADMIN, made(Role.ADMIN, null));
        for (Role role : List.of(Role.VIEWER, Role.FINANCE, Role.OPERATOR)) {
            keys.put(role, made(role, keys.get(Role.ADMIN)));
        }
        Path catalogue = Files.writeString(folder.resolve("litellm.json"),
                """
                {"gpt-4o": {"litellm_provider": "openai", "input_cost_per_token": 2e-06, "output_cost_per_token": 1e-05},
                 "gpt-5": {"litellm_provider": "openai", "input_cost_per_token": 1e-06, "output_cost_per_token": 1e-05}}""");
        Ran imported = Ran.of(List.of("prices", "import", "litellm", catalogue.toString(), "--as-of", "2026-11-20",
                "--config", folder.resolve("pareto.yaml").toString()));
        assertThat(imported.out()).contains("2 proposals are open");
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    @Test
    void whatIsProposedIsToldWithOldAndNewPriceAndItsSource() {
        JsonNode proposed = proposed("openai/gpt-4o");

        assertThat(proposed.at("/changes/0/bucket").asString("")).isEqualTo("input");
        assertThat(proposed.at("/changes/0/before").asString("")).isEqualTo("2.5");
        assertThat(proposed.at("/changes/0/after").asString("")).isEqualTo("2");
        assertThat(proposed.at("/changes/0/percent").asString("")).isEqualTo("-20");
        assertThat(proposed.at("/sources/0").asString("")).isEqualTo("litellm 2026-11-20");
    }

    @Test
    void whatFinanceAcceptsIsANewVersionFromThatDayAndIsWrittenDown() throws Exception {
        String id = proposed("openai/gpt-4o").path("id").asString("");

        HttpResponse<byte[]> accepted = act(Role.FINANCE,
                "{\"action\": \"accept\", \"ids\": [\"%s\"], \"from\": \"2026-12-01\", \"by\": \"somebody else\"}"
                        .formatted(id));

        assertThat(accepted.statusCode()).as(text(accepted)).isEqualTo(200);
        assertThat(json(accepted).at("/decided/0/state").asString("")).isEqualTo("ACCEPTED");
        assertThat(input(LATER.minusMillis(1))).isEqualTo("2.5");
        assertThat(input(LATER)).isEqualTo("2");
        JsonNode decided = json(get("/api/prices?part=gpt-4o", Role.VIEWER)).at("/decided/0");
        assertThat(decided.path("by").asString("")).as("whose key it was").isEqualTo("finance-person");
        assertThat(decided.path("accepted").asBoolean(false)).isTrue();
        assertThat(acts()).anyMatch(act -> act.startsWith("finance-person POST /api/prices/actions 200")
                && act.contains(id) && act.contains("2026-12-01"));
        assertThat(text(act(Role.FINANCE, accept(id, "2026-12-02")))).contains("decided before, by finance-person");
    }

    @Test
    void whatIsRejectedNeedsAReasonAndIsNotProposedAgain() {
        String id = proposed("openai/gpt-5").path("id").asString("");

        assertThat(text(act(Role.FINANCE, "{\"action\": \"reject\", \"ids\": [\"%s\"]}".formatted(id))))
                .contains("a reason has 1 to 300 characters");
        assertThat(act(Role.FINANCE, reject(id)).statusCode()).isEqualTo(200);

        assertThat(json(get("/api/prices?part=gpt-5", Role.VIEWER)).at("/decided/0/reason").asString(""))
                .isEqualTo("the page says otherwise");
        assertThat(json(get("/api/prices?part=gpt-5", Role.VIEWER)).path("proposals")).isEmpty();
        assertThat(acts()).anyMatch(act -> act.contains("the page says otherwise"));
    }

    @Test
    void nobodyElseDecides() {
        String id = proposed("openai/gpt-4o").path("id").asString("");
        for (Role role : List.of(Role.VIEWER, Role.OPERATOR)) {
            assertThat(act(role, accept(id, "2026-12-01")).statusCode()).as(role.text()).isEqualTo(403);
            assertThat(act(role, reject(id)).statusCode()).as(role.text()).isEqualTo(403);
        }
        assertThat(proposed("openai/gpt-4o").path("id").asString("")).isEqualTo(id);
    }

    @Test
    void whatWouldContradictTheBookChangesNothing() throws Exception {
        String id = proposed("openai/gpt-4o").path("id").asString("");

        HttpResponse<byte[]> refused = act(Role.FINANCE, accept(id, "2024-10-02"));

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(text(refused)).contains("contradict itself");
        try (Stream<Path> files = Files.list(folder.resolve("prices"))) {
            assertThat(files.map(Path::toString)).noneMatch(name -> name.endsWith(".yaml"));
        }
        assertThat(proposed("openai/gpt-4o").path("id").asString("")).isEqualTo(id);
    }

    @Test
    void whatIsNoDecisionIsRefusedInWords() {
        assertThat(text(act(Role.FINANCE, "{\"action\": \"accept\", \"ids\": [], \"from\": \"2026-12-01\"}")))
                .contains("name 1 to 500 proposals");
        assertThat(text(act(Role.FINANCE, accept("nope", "2026-12-01")))).contains("there is no proposal nope");
        assertThat(text(act(Role.FINANCE, accept("nope", "soon")))).contains("write a day such as");
        assertThat(text(act(Role.FINANCE, "{\"action\": \"delete\"}"))).contains("accept or reject");
    }

    @Test
    void peopleDecideOnThePage() throws Exception {
        assumeThat(AXE).as("npm has installed axe-core").exists();
        assumeThat(gateway.send(request("/", null).header("Accept", "text/html").build()).statusCode())
                .as("the pages are built (not with -DskipUi)")
                .isEqualTo(200);
        Optional<Browser> started = Browser.start(Files.createDirectories(folder.resolve("browser")));
        assumeThat(started).as("no Chromium on the PATH; on Debian: apt-get install chromium").isPresent();
        try (Browser browser = started.orElseThrow()) {
            browser.show(gateway.adminUrl().resolve("/models"), Browser.Theme.LIGHT);
            enter(browser, Role.VIEWER);
            Browser.Shown viewed = browser.show(gateway.adminUrl().resolve("/models"), Browser.Theme.DARK);
            assertThat(viewed.dom()).contains("Proposed changes",
                    "The role viewer may not keep the books; finance or admin may.");
            browser.evaluate(click("Accept openai/gpt-4o standard"));
            assertThat(browser.evaluate("document.querySelectorAll('.action-form').length").asInt(-1)).isZero();
            assertThat(browser.barriers(Files.readString(AXE))).isEmpty();
            enter(browser, Role.FINANCE);
            for (int width : List.of(Browser.PHONE, Browser.TABLET, Browser.DESK)) {
                assertThat(browser.show(gateway.adminUrl().resolve("/models"), Browser.Theme.LIGHT, width).overflow())
                        .as(width + " px")
                        .isLessThanOrEqualTo(0);
                browser.evaluate(click("Reject openai/gpt-5 standard"));
                assertThat(browser.barriers(Files.readString(AXE))).as(width + " px").isEmpty();
            }
            picture(browser, "proposals");
            browser.evaluate("document.querySelector('.action-form [name=reason]').value = 'wrong tier';"
                    + "document.querySelector('.action-form').requestSubmit()");
            Await.until("the rejection is told",
                    () -> browser.evaluate("document.body.innerText").asString("").contains("Rejected: openai/gpt-5"));
            browser.evaluate(click("Accept openai/gpt-4o standard"));
            browser.evaluate(
                    "const from = document.querySelector('.action-form [name=from]'); from.value = '2026-12-01';"
                            + "document.querySelector('.action-form').requestSubmit()");
            Await.until("the acceptance is told",
                    () -> browser.evaluate("document.body.innerText").asString("").contains("Accepted: openai/gpt-4o"));
            Await.until("both are listed as decided",
                    () -> browser.evaluate("document.body.textContent").asString("").contains("Decided lately (2)"));
            assertThat(browser.evaluate("document.body.textContent").asString("")).contains("finance-person",
                    "wrong tier");
            assertThat(browser.barriers(Files.readString(AXE))).isEmpty();
            assertThat(browser.complaints()).isEmpty();
        }
        assertThat(input(LATER)).isEqualTo("2");
    }

    private static void picture(Browser browser, String name) throws IOException {
        Path folder = Files.createDirectories(Path.of("target", "pages"));
        ImageIO.write(browser.picture(), "png", folder.resolve(name + ".png").toFile());
    }

    private static String click(String label) {
        return "document.querySelector('[aria-label=\"" + label + "\"]').click()";
    }

    private void enter(Browser browser, Role role) {
        browser.evaluate(
                """
                fetch('/api/session', {method: 'POST', headers: {'Content-Type': 'application/json'},
                  body: JSON.stringify({key: '%s'})}).then(answer => answer.status)""".formatted(keys.get(role)));
    }

    private static String accept(String id, String from) {
        return "{\"action\": \"accept\", \"ids\": [\"%s\"], \"from\": \"%s\"}".formatted(id, from);
    }

    private static String reject(String id) {
        return "{\"action\": \"reject\", \"ids\": [\"%s\"], \"reason\": \"the page says otherwise\"}".formatted(id);
    }

    private JsonNode proposed(String sku) {
        return json(get("/api/prices", Role.VIEWER)).path("proposals")
                .valueStream()
                .filter(one -> one.path("sku").asString("").equals(sku))
                .findFirst()
                .orElseThrow();
    }

    /** The price of a million tokens in the book as the files have it, which a running gateway reads again. */
    private String input(Instant at) throws Exception {
        UnitPrice price = PriceSheetReader.book(ConfigReader.priceSheets(folder.resolve("pareto.yaml"), Map.of()))
                .at("openai/gpt-4o", "standard", at)
                .orElseThrow()
                .bands()
                .getFirst()
                .prices()
                .get("input");
        return Objects.requireNonNull(price).price().toPlainString();
    }

    private List<String> acts() {
        return json(get("/api/access/acts?limit=200", Role.VIEWER)).path("acts")
                .valueStream()
                .map(act -> "%s %s %d %s".formatted(act.path("who").asString(""), act.path("act").asString(""),
                        act.path("status").asInt(0), act.path("detail").asString("")))
                .toList();
    }

    private String made(Role role, @Nullable String key) {
        HttpResponse<byte[]> answer = gateway.send(request("/api/access/actions", key)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(
                        "{\"action\": \"create\", \"name\": \"%s-person\", \"role\": \"%s\", \"by\": \"test\"}"
                                .formatted(role.text(), role.text())))
                .build());
        assertThat(answer.statusCode()).as(text(answer)).isEqualTo(200);
        return json(answer).path("made").asString("");
    }

    private HttpResponse<byte[]> act(Role role, String body) {
        return gateway.send(request("/api/prices/actions", keys.get(role)).header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    private HttpResponse<byte[]> get(String path, Role role) {
        return gateway.send(request(path, keys.get(role)).GET().build());
    }

    private HttpRequest.Builder request(String path, @Nullable String key) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(gateway.adminUrl() + path))
                .timeout(Duration.ofSeconds(30));
        return key == null ? request : request.header("Authorization", "Bearer " + key);
    }

    private static String text(HttpResponse<byte[]> answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    private static JsonNode json(HttpResponse<byte[]> answer) {
        return JsonMapper.shared().readTree(answer.body());
    }
}
