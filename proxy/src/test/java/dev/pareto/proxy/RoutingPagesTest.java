package dev.pareto.proxy;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.pareto.proxy.testing.Browser;
import dev.pareto.proxy.testing.Browser.Theme;
import dev.pareto.proxy.testing.Looks;
import dev.pareto.proxy.testing.Looks.Look;
import dev.pareto.proxy.testing.RoutedDesk;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Routing's pages and addresses, on callers whom a learnt policy really sent to five models. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RoutingPagesTest {

    private static final List<List<Look>> LOADS = List.of(
            List.of(new Look(Theme.LIGHT, Browser.DESK), new Look(Theme.LIGHT, Browser.TABLET),
                    new Look(Theme.LIGHT, Browser.PHONE)),
            List.of(new Look(Theme.DARK, Browser.PHONE), new Look(Theme.DARK, Browser.DESK)));

    private RoutedDesk desk;
    private @Nullable Browser browser;

    @BeforeAll
    void live(@TempDir Path folder) throws IOException {
        browser = Browser.start(Files.createDirectories(folder.resolve("browser"))).orElse(null);
        desk = RoutedDesk.start(folder);
    }

    @AfterAll
    void close() {
        if (browser != null) {
            browser.close();
        }
        if (desk != null) {
            desk.close();
        }
    }

    @Test
    void aRoutesCandidatesAreToldAsForecastAsMeasuredAndWithWhatKeptThemOut() {
        JsonNode page = get("/api/routing/support");
        assertThat(page.path("requests").asInt(0)).isEqualTo(480);
        assertThat(page.path("sampled").asInt(0)).isEqualTo(480);
        assertThat(page.at("/sentences/1").asString("")).contains("takes the cheapest", "at least 70 %");
        JsonNode open = candidate(page, "cluster/llama-70b");
        assertThat(open.path("chosen").asInt(-1)).isZero();
        assertThat(open.at("/reasons/0/text").asString("")).contains("no verdict yet");
        JsonNode small = candidate(page, "openai/gpt-4o-mini");
        JsonNode dear = candidate(page, "anthropic/claude-sonnet");
        assertThat(small.at("/expected/accuracy/value").asDouble(1))
                .as("hard tickets are not for it")
                .isLessThan(dear.at("/expected/accuracy/value").asDouble(0));
        assertThat(small.path("chosen").asInt(0)).as("easy tickets are").isGreaterThan(100);
        assertThat(small.at("/measured/accuracy/labels").asInt(0)).isGreaterThan(60);
        assertThat(page.at("/traffic/models").valueStream().mapToInt(line -> line.path("sum").asInt(0)).sum())
                .isEqualTo(480);
        assertThat(get("/api/routing").path("routes").size()).isEqualTo(3);
    }

    @Test
    void aDecisionTellsItsLimitsAndWhatMovedItsAccuraciesAndNoWordOfItsPrompt() {
        JsonNode explained = get("/api/routing/support").path("decisions")
                .valueStream()
                .filter(one -> one.path("explained").asBoolean(false))
                .findFirst()
                .orElseThrow();
        JsonNode decision = get("/api/decisions/" + explained.path("requestId").asString("")).path("decision");
        assertThat(decision.at("/limits/total_p95_ms").asInt(0)).isEqualTo(3_000);
        assertThat(decision.at("/limits/accuracy/0/at_least").asDouble(0)).isEqualTo(0.7);
        List<JsonNode> why = decision.path("candidates")
                .valueStream()
                .map(one -> one.at("/accuracy/why"))
                .filter(JsonNode::isArray)
                .toList();
        assertThat(why).hasSize(4).allSatisfy(one -> assertThat(one.size()).isBetween(1, 8));
        assertThat(why.toString()).doesNotContain("parcel", "invoice", "refund");
    }

    @Test
    void aPolicyIsTriedOnWhatWasRecordedAndNothingOfItIsInForce() {
        HttpResponse<byte[]> tried = simulate("{\"route\": \"support\", \"policy\": \"best\"}");
        assertThat(tried.statusCode()).isEqualTo(200);
        JsonNode result = RoutedDesk.json(tried);
        assertThat(result.at("/rows/0/support/requests").asInt(0)).isEqualTo(480);
        assertThat(result.at("/rows/0/accuracy/value").asDouble(0))
                .isGreaterThan(result.at("/rows/0/accuracy/recorded").asDouble(1));
        assertThat(result.at("/rows/0/cost/value").asDouble(0))
                .isGreaterThan(result.at("/rows/0/cost/recorded").asDouble(1));
        assertThat(result.path("rows").valueStream().map(row -> row.path("tenant").asString("")).toList())
                .contains("bank", "shop");
        assertThat(result.path("moves").size()).isPositive();
        assertThat(get("/api/routing/support").path("policy").asString("")).isEqualTo("good-enough");
        HttpResponse<byte[]> wrong = simulate("{\"route\": \"support\", \"policy\": \"minimise: cots\"}");
        assertThat(wrong.statusCode()).isEqualTo(400);
        assertThat(RoutedDesk.json(wrong).at("/error/message").asString("")).contains("policy:1:");
        assertThat(simulate("{").statusCode()).isEqualTo(400);
    }

    /** Their addresses and what they say. */
    private static Stream<Arguments> pages() {
        return Stream.of(Arguments.of("/routing", List.of("support", "policy good-enough", "nobody asked yet")),
                Arguments.of("/routing/support", List.of("never chosen", "Where traffic goes", "no verdict yet",
                        "What moved the predicted accuracy", "fall-back 1", "Try another policy")),
                Arguments.of("/routing/support?figures=measured&up=latency", List.of("As measured")),
                Arguments.of("/routing/archive", List.of("Nobody has asked this route")),
                Arguments.of("/routing/nothing", List.of("There is no route nothing")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("pages")
    void everyPageIsFilledAndEverybodyCanUseIt(String page, List<String> words) throws IOException {
        Browser opened = browser;
        assumeThat(opened).as("no Chromium on the PATH; on Debian: apt-get install chromium").isNotNull();
        assumeThat(desk.gateway()
                .send(HttpRequest.newBuilder(desk.gateway().adminUrl().resolve("/"))
                        .header("Accept", "text/html")
                        .build())
                .statusCode()).as("the pages are built (not with -DskipUi)").isEqualTo(200);
        assumeThat(Looks.AXE).as("npm has installed axe-core").exists();
        var looks = new Looks(requireNonNull(opened, "a browser was assumed"), LOADS,
                LOADS.stream().flatMap(List::stream).toList(), said -> said.contains("Content Security Policy")
                        || said.contains("Uncaught") || said.contains("not valid"));

        String name = page.substring(1).replaceAll("[?].*", "-other").replace('/', '-');
        assertThat(looks.faults(desk.gateway().adminUrl().resolve(page), name, words)).isEmpty();
    }

    private static JsonNode candidate(JsonNode page, String model) {
        return page.path("candidates")
                .valueStream()
                .filter(one -> one.path("model").asString("").equals(model))
                .findFirst()
                .orElseThrow();
    }

    private HttpResponse<byte[]> simulate(String body) {
        return desk.gateway()
                .send(HttpRequest.newBuilder(desk.gateway().adminUrl().resolve("/api/routing/simulate"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build());
    }

    private JsonNode get(String path) {
        return JsonMapper.shared()
                .readTree(desk.gateway().get(desk.gateway().adminUrl().resolve(path)).body());
    }
}
