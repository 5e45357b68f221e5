package dev.pareto.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.pareto.policies.swap.Outcome;
import dev.pareto.proxy.cli.Main;
import dev.pareto.proxy.testing.Await;
import dev.pareto.proxy.testing.Browser;
import dev.pareto.proxy.testing.FakeVendor;
import dev.pareto.proxy.testing.Gateway;
import dev.pareto.proxy.testing.Payloads;
import dev.pareto.proxy.testing.Script;
import dev.pareto.proxy.testing.Swapping;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The pages on evals, verdicts and swaps and the addresses behind them, on one gateway with one comparison that was really run, its
 * verdict and its swap.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ModelPagesTest {

    private static final int ITEMS = 24;
    private static final String SWAP = "?route=r&candidate=cluster/tiny";

    private final FakeVendor openai = new FakeVendor();
    private final FakeVendor cluster = new FakeVendor();
    private Path folder;
    private Gateway gateway;
    private Swapping swapping;
    private String run;
    private String verdict;

    /** Eight items that both solve, eight that only the incumbent solves, eight that nobody does; then a swap that is rolled back. */
    @BeforeAll
    void compareAndSwap(@TempDir Path temporary) throws IOException {
        folder = temporary;
        openai.answers(request -> answer(request.body(), 16));
        cluster.answers(request -> answer(request.body(), 8));
        gateway = Gateway.start(folder, Swapping.config(openai, cluster,
                "approval: manual, shadow: 0 %, ramp: [50 %], requests: 5, guards: {errors: 2 %, arl: 1000}"));
        swapping = new Swapping(gateway.adminUrl());
        compare(suite());
        JsonNode filed = get("/api/evals").path("runs").path(0);
        run = filed.at("/header/id").asString("");
        verdict = filed.path("verdict").asString("");

        swapping.verdict("good", Outcome.NON_INFERIOR);
        swapping.act("override", ",\"share\":\"100 %\",\"for\":\"1 h\"");
        cluster.answers(request -> Script.json(500, "{\"error\": {\"message\": \"broken\"}}"));
        AtomicInteger caller = new AtomicInteger();
        Await.until("a guard takes it back", () -> {
            // each another, or the cache answers
            String user = "{\"user\": \"u" + caller.incrementAndGet() + "\", ";
            gateway.post("/v1/chat/completions", user + Payloads.CHAT.replace("gpt-4o", "r").strip().substring(1));
            return swapping.state().equals("ROLLED_BACK");
        });
        Await.until("the alarm is on the trace", () -> threshold(story()) <= highest(story()));
    }

    @AfterAll
    void close() {
        gateway.close();
        openai.close();
        cluster.close();
    }

    @Test
    void aRunTellsItsFigures() {
        JsonNode summary = get("/api/evals/" + run).path("summary");

        assertThat(summary.path("state").asString()).isEqualTo("ENDED");
        assertThat(summary.at("/figures/kinds/BOTH").asInt()).isEqualTo(8);
        assertThat(summary.at("/figures/kinds/ONLY_INCUMBENT").asInt()).isEqualTo(8);
        assertThat(summary.at("/figures/kinds/NEITHER").asInt()).isEqualTo(8);
        assertThat(summary.at("/figures/models/0/accuracy/value").asDouble()).isEqualTo(8 / 24.0);
        assertThat(summary.at("/figures/models/1/accuracy/value").asDouble()).isEqualTo(16 / 24.0);
        assertThat(summary.at("/figures/slices").size()).isEqualTo(2);
        assertThat(get("/api/evals/" + run).at("/verdict/id").asString()).isEqualTo(verdict);
    }

    @ParameterizedTest
    @CsvSource({"'',24", "?show=both,8", "?show=only_incumbent,8", "?show=only_candidate,0", "?show=neither,8",
            "?slice=even,12", "?slice=even&show=both,4", "?slice=nothing,0", "?offset=20,24"})
    void itemsAreFilteredByTheServer(String query, int total) {
        JsonNode page = get("/api/evals/" + run + "/items" + query);

        assertThat(page.path("total").asInt(-1)).isEqualTo(total);
        assertThat(page.path("items").size()).isEqualTo(query.contains("offset") ? 4 : total);
    }

    @Test
    void anItemIsThereWithItsQuestionAndBothAnswers() {
        JsonNode item = get("/api/evals/" + run + "/item?item=item-9");

        assertThat(item.at("/row/kind").asString()).isEqualTo("ONLY_INCUMBENT");
        assertThat(item.at("/words/messages/0/content").asString()).isEqualTo("number 9");
        assertThat(item.at("/words/answers/0").asString()).isEqualTo("no idea");
        assertThat(item.at("/words/answers/1").asString()).isEqualTo("number 9");
        assertThat(item.at("/row/candidate/grades/0/pass").asBoolean(true)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/evals/20200101-000000-000000", "/api/evals/..%2F..%2Fpareto.db",
            "/api/evals/nothing/items", "/api/verdicts/nothing", "/api/verdicts/nothing/check",
            "/api/swaps/story?route=nothing", "/api/swaps/story?route=r&candidate=cluster/tiny&segment=none"})
    void whatIsNotThereIsA404WithWords(String path) {
        HttpResponse<byte[]> answer = gateway.get(gateway.adminUrl().resolve(path));

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(json(answer).at("/error/message").asString()).contains("there is no");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/items?show=odd", "/items?offset=-1", "/items?limit=0"})
    void whatCannotBeMeantIsRefused(String query) {
        HttpResponse<byte[]> answer = gateway.get(gateway.adminUrl().resolve("/api/evals/" + run + query));

        assertThat(answer.statusCode()).isEqualTo(400);
    }

    @Test
    void aVerdictIsSealedLinkedAndRecomputed() {
        JsonNode view = get("/api/verdicts/" + verdict);

        assertThat(view.at("/row/outcome").asString()).isEqualTo("INFERIOR");
        assertThat(view.at("/chain/sealed").asBoolean()).isTrue();
        assertThat(view.at("/chain/link").asString()).isEqualTo("FIRST");
        assertThat(view.path("run").asString()).isEqualTo(run);
        JsonNode check = get("/api/verdicts/" + verdict + "/check");
        assertThat(check.path("holds").asBoolean()).as(check.toString()).isTrue();
        assertThat(check.path("checked").asInt()).isGreaterThan(10);
    }

    @Test
    void aVerdictWithoutItsRecordsSaysSo() {
        JsonNode check = get("/api/verdicts/good/check");

        assertThat(check.path("holds").isNull()).isTrue();
        assertThat(check.path("reason").asString()).contains("names no records");
    }

    @Test
    void theListOfVerdictsIsNewestFirst() {
        JsonNode rows = get("/api/verdicts/list").path("verdicts");

        assertThat(rows.valueStream().map(row -> row.path("id").asString()).toList()).containsExactly("good", verdict);
        assertThat(rows.path(0).path("expired").asBoolean(true)).isFalse();
    }

    @Test
    void aSwapTellsItsWayItsAlarmAndWhatPeopleMayDo() {
        JsonNode story = story();

        assertThat(story.path("incumbent").asString()).isEqualTo("openai/gpt-4o");
        assertThat(story.path("steps").valueStream().map(step -> step.path("name").asString()).toList())
                .containsExactly("Evidence", "50 %", "Open");
        assertThat(story.at("/steps/0/place").asString()).isEqualTo("HERE");
        assertThat(story.at("/moves/0/to").asString()).isEqualTo("ROLLED_BACK");
        assertThat(story.at("/moves/0/guard").asString()).isEqualTo("errors");
        assertThat(highest(story)).isGreaterThanOrEqualTo(threshold(story));
        JsonNode approve = story.path("actions").path(0);
        assertThat(approve.path("action").asString()).isEqualTo("approve");
        assertThat(approve.path("refused").asString("")).contains("nothing to approve");
        assertThat(story.path("actions").valueStream().filter(action -> action.path("refused").isNull()).toList())
                .as("a freeze is always allowed")
                .extracting(action -> action.path("action").asString())
                .containsExactly("freeze");
    }

    @Test
    void aPageOfAnotherOriginCannotSteer() {
        HttpRequest forged = HttpRequest.newBuilder(gateway.adminUrl().resolve("/api/swaps/actions"))
                .header("Content-Type", "application/json")
                .header("Origin", "http://evil.example")
                .POST(HttpRequest.BodyPublishers.ofString("{\"action\":\"freeze\",\"route\":\"r\"}"))
                .build();

        assertThat(gateway.send(forged).statusCode()).isEqualTo(403);
    }

    @Test
    void browsersGetThePageForItsAddressesAnd404ForOthers() {
        assumeThat(page("/").statusCode()).as("the pages are built (not with -DskipUi)").isEqualTo(200);

        for (String path : List.of("/evals", "/evals/" + run, "/verdicts/x", "/swaps/r" + SWAP)) {
            assertThat(page(path).statusCode()).as(path).isEqualTo(200);
        }
        assertThat(page("/nothing").statusCode()).isEqualTo(404);
        assertThat(new String(page("/nothing").body(), StandardCharsets.UTF_8)).contains("<div id=\"root\">");
        assertThat(page("/api/nothing").headers().firstValue("Content-Type")).hasValueSatisfying(
                type -> assertThat(type).startsWith("application/json"));
        assertThat(gateway.get(gateway.adminUrl().resolve("/evals")).statusCode()).as("no browser").isEqualTo(404);
    }

    @ParameterizedTest
    @EnumSource
    void everyPageIsDrawnInBothThemes(Browser.Theme theme, @TempDir Path profile) throws Exception {
        Optional<Browser> browser = Browser.start(profile);
        assumeThat(browser).as("no Chromium on the PATH; on Debian: apt-get install chromium").isPresent();
        assumeThat(page("/").statusCode()).as("the pages are built (not with -DskipUi)").isEqualTo(200);
        Map<String, String> pages = Map.of("/evals", "numbers", "/evals/" + run, "Only incumbent", "/verdicts",
                "Non-inferior", "/verdicts/" + verdict, "statements hold", "/swaps", "Rolled back", "/swaps/r" + SWAP,
                "Requests not answered", "/evals/20200101-000000-000000", "There is no run", "/nothing",
                "There is no page");
        List<String> faults = new ArrayList<>();
        try (Browser opened = browser.orElseThrow()) {
            for (Map.Entry<String, String> page : pages.entrySet()) {
                Browser.Shown shown = opened.show(gateway.adminUrl().resolve(page.getKey()), theme);
                double brightness = opened.brightness();
                boolean right = theme == Browser.Theme.DARK ? brightness < 90 : brightness > 200;
                if (!shown.dom().contains(page.getValue())) {
                    faults.add(page.getKey() + " lacks '" + page.getValue() + "': " + shown.dom());
                }
                if (!right) {
                    faults.add(page.getKey() + " in " + theme + " has brightness " + brightness);
                }
                if (shown.log().contains("Content Security Policy") || shown.log().contains("Uncaught")) {
                    faults.add(page.getKey() + ": " + shown.log());
                }
            }
        }
        assertThat(faults).isEmpty();
    }

    private Path suite() throws IOException {
        Path suite = Files.createDirectories(folder.resolve("numbers"));
        Files.writeString(suite.resolve("suite.yaml"), """
                                                       suite: numbers
                                                       route: r
                                                       items: items.jsonl
                                                       sampling: {temperature: 0}
                                                       graders:
                                                         - {id: same, type: exact, primary: true}
                                                       decision: {margin: 0.05, alpha: 0.05, n_min: 10}
                                                       """);
        StringBuilder items = new StringBuilder();
        for (int i = 0; i < ITEMS; i++) {
            items.append(
                    """
                    {"id": "item-%d", "messages": [{"role": "user", "content": "number %d"}], "expected": "number %d", "stratum": "%s"}
                    """.formatted(
                            i, i, i, i % 2 == 0 ? "even" : "odd"));
        }
        Files.writeString(suite.resolve("items.jsonl"), items.toString());
        return suite;
    }

    /** Right below a number, at a loss from it on. */
    private static Script answer(String request, int right) {
        String asked = JsonMapper.shared().readTree(request).at("/messages/0/content").asString("");
        boolean knows = asked.startsWith("number ") && Integer.parseInt(asked.substring(7)) < right;
        return Script.json(200, Payloads.ANSWER.replace("Hello! How can I assist you today?",
                knows ? asked : "no idea"));
    }

    private void compare(Path suite) {
        var out = new StringWriter();
        int status = Main.commandLine(new PrintWriter(out, true), new PrintWriter(out, true))
                .execute("eval", "compare", "--suite", suite.toString(), "--candidate", "cluster/tiny", "--baseline",
                        "openai/gpt-4o", "--noise-floor", "0", "--gateway", gateway.url().toString(), "--admin",
                        gateway.adminUrl().toString(), "--data", folder.resolve("data").toString());
        assertThat(status).as(out.toString()).isZero();
    }

    private JsonNode story() {
        return get("/api/swaps/story" + SWAP);
    }

    private static double threshold(JsonNode story) {
        return story.at("/swap/guards/0/logThreshold").asDouble(Double.NaN);
    }

    private static double highest(JsonNode story) {
        return story.path("trace")
                .valueStream()
                .mapToDouble(point -> point.at("/guards/errors").asDouble(0))
                .max()
                .orElse(Double.NEGATIVE_INFINITY);
    }

    private HttpResponse<byte[]> page(String path) {
        return gateway.send(HttpRequest.newBuilder(gateway.adminUrl().resolve(path))
                .header("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
                .build());
    }

    private JsonNode get(String path) {
        return json(gateway.get(gateway.adminUrl().resolve(path)));
    }

    private static JsonNode json(HttpResponse<byte[]> answer) {
        return JsonMapper.shared().readTree(answer.body());
    }
}
