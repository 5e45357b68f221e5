package dev.pareto.proxy;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.pareto.proxy.cli.Ran;
import dev.pareto.proxy.testing.Await;
import dev.pareto.proxy.testing.Browser;
import dev.pareto.proxy.testing.Browser.Theme;
import dev.pareto.proxy.testing.Gateway;
import dev.pareto.proxy.testing.Helpdesk;
import dev.pareto.proxy.testing.Looks;
import dev.pareto.proxy.testing.Looks.Look;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The pages with everything that they can show, computed for real on recorded upstreams: a judge's calibration, a verdict with slices and
 * money, swaps with callers' feedback, judged pairs and requests of another kind.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FilledPagesTest {

    /** Loaded on a desk by day and on a telephone by night. */
    private static final List<List<Look>> LOADS = List.of(
            List.of(new Look(Theme.LIGHT, Browser.DESK), new Look(Theme.LIGHT, Browser.PHONE)),
            List.of(new Look(Theme.DARK, Browser.PHONE), new Look(Theme.DARK, Browser.DESK)));

    private static final String SUPPORT = "?route=support&candidate=cluster/tiny";
    private static final String TICKETS = "?route=tickets&candidate=cluster/tiny";

    private Path folder;
    private Gateway gateway;
    private Helpdesk desk;
    private String run;
    private String refused;
    private String accepted;
    private @Nullable Browser browser;

    /** A judge is calibrated, three comparisons are run; one swap is half-way up its ramp, one meets callers of another language. */
    @BeforeAll
    void live(@TempDir Path temporary) throws IOException {
        folder = temporary;
        browser = Browser.start(Files.createDirectories(folder.resolve("browser"))).orElse(null);
        desk = Helpdesk.write(folder);
        String plan = "margin: 5 pp, approval: manual, shadow: {sample: 100 %, at-once: 32}, ramp: [50 %], dwell: 1 h,"
                + " requests: 50, judge: {model: third/oracle, kind: judge_binary, sample: 100 %, at-once: 32,"
                + " calibration: '" + desk.proof() + "'}, drift: {bound: 0.2, least: 100, window: 1000}";
        gateway = Gateway.start(folder, desk.vendors() + """
                                                         routes:
                                                           support: {candidates: [openai/gpt-4o, cluster/tiny]}
                                                           tickets: {candidates: [openai/gpt-4o, cluster/tiny]}
                                                         swaps:
                                                           support: {to: cluster/tiny, %1$s}
                                                           tickets: {to: cluster/tiny, %1$s}
                                                         """.formatted(plan), ", feedback: {comments: true}", Map.of());
        Ran calibrated = command("eval", "calibrate", "--labels", desk.labels().toString(), "--suite",
                desk.suite().toString(), "--grader", "helpful", "--out", desk.proof().toString());
        assertThat(calibrated.status()).as(calibrated.toString()).isZero();
        refused = compare(desk.suite());
        run = get("/api/evals").at("/runs/0/header/id").asString("");
        accepted = compare(desk.withoutRefunds("support"));
        compare(desk.withoutRefunds("tickets"));
        for (String route : List.of("support", "tickets")) {
            act(route, "approve");
            assertThat(swap(route).path("state").asString("")).isEqualTo("SHADOW");
            callers(route, 0, 60, Helpdesk::ticket);
            Await.until("shadow's pairs are judged", () -> swap(route).at("/pairs/pairs").asInt(0) > 30);
            Await.until("they are on the trace", () -> story("?route=" + route).path("trace")
                    .valueStream()
                    .anyMatch(point -> point.at("/pairs/count").asInt(0) > 0));
            act(route, "skip-waiting");
            assertThat(swap(route).path("state").asString("")).isEqualTo("RAMP");
            callers(route, 60, 200, Helpdesk::ticket);
        }
        callers("tickets", 0, Helpdesk.GERMAN, Helpdesk::german);
        Await.until("the requests are of another kind",
                () -> swap("tickets").path("state").asString("").equals("STALE"));
        Await.until("that is on the trace", () -> story(TICKETS).path("trace")
                .valueStream()
                .anyMatch(point -> point.at("/inputs/language").asDouble(0) > 0.2));
    }

    private interface Words {
        String of(int caller);
    }

    /** Tickets of all queues but refunds; whoever got a wrong desk says so, and every second of the others is content. */
    private void callers(String route, int from, int to, Words words) {
        for (int i = from; i < to; i++) {
            if (i % 4 == 3) {
                continue;
            }
            String body = JsonMapper.shared()
                    .createObjectNode()
                    .put("model", route)
                    .set("messages", JsonMapper.shared()
                            .valueToTree(List.of(Map.of("role", "user", "content", words.of(i)))))
                    .toString();
            HttpResponse<byte[]> answer = gateway.post("/v1/chat/completions", body, "Pareto-Unit", "caller-" + i,
                    "Pareto-Cache", "no-store");
            assertThat(answer.statusCode()).isEqualTo(200);
            boolean settled = Helpdesk.settles(json(answer).at("/choices/0/message/content").asString(""), words.of(i),
                    i);
            if (!settled || i % 2 == 0) {
                said(answer.headers().firstValue("Pareto-Request-Id").orElseThrow(), settled);
            }
        }
    }

    private void said(String request, boolean settled) {
        HttpResponse<byte[]> taken = gateway.post("/pareto/v1/feedback",
                """
                {"request_id": "%s", "score": %d, "comment": "%s"}
                """
                        .formatted(request, settled ? 1 : 0,
                                settled ? "settled at once" : "this went to the wrong desk"));
        assertThat(taken.statusCode()).as(new String(taken.body(), StandardCharsets.UTF_8)).isEqualTo(200);
    }

    private void act(String route, String action) {
        HttpResponse<byte[]> done = gateway
                .send(HttpRequest.newBuilder(gateway.adminUrl().resolve("/api/swaps/actions"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(
                                "{\"action\": \"%s\", \"route\": \"%s\", \"by\": \"ann\", \"reason\": \"looks good\"}"
                                        .formatted(action, route)))
                        .build());
        assertThat(done.statusCode()).as(new String(done.body(), StandardCharsets.UTF_8)).isEqualTo(200);
    }

    /** @return the verdict's id */
    private String compare(Path suite) {
        Ran ran = command("eval", "compare", "--suite", suite.toString(), "--candidate", "cluster/tiny", "--baseline",
                "openai/gpt-4o", "--noise-floor", "50", "--concurrency", "16");
        assertThat(ran.status()).as(ran.toString()).isZero();
        return get("/api/verdicts/list").at("/verdicts/0/id").asString("");
    }

    private Ran command(String... arguments) {
        return Ran.of(Stream.concat(Stream.of(arguments),
                Stream.of("--gateway", gateway.url().toString(), "--admin", gateway.adminUrl().toString(), "--data",
                        folder.resolve("data").toString()))
                .toList());
    }

    @AfterAll
    void close() {
        if (browser != null) {
            browser.close();
        }
        gateway.close();
    }

    /** Their addresses and what they say. */
    private Stream<Arguments> pages() {
        return Stream.of(Arguments.of("/", List.of("Pareto")), Arguments.of("/evals", List.of("helpdesk")),
                Arguments.of("/evals/" + run, List.of("third/oracle", "refund", "expected")),
                Arguments.of("/verdicts", List.of("Non-inferior", "not shown good enough")),
                Arguments.of("/verdicts/" + refused, List.of("refund", "critical")),
                Arguments.of("/verdicts/" + accepted, List.of("From money")),
                Arguments.of("/swaps", List.of("Stale")),
                Arguments.of("/swaps/support" + SUPPORT,
                        List.of("What callers said", "this went to the wrong desk", "requests in shadow",
                                "Callers find", "The judge finds", "Yes: farthest")),
                Arguments.of("/swaps/tickets" + TICKETS, List.of("language de")),
                Arguments.of("/experiments", List.of("xperiment")),
                Arguments.of("/nothing", List.of("There is no page")));
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

        String name = page.equals("/") ? "overview" : page.substring(1).replaceAll("[?].*", "").replace('/', '-');
        assertThat(looks.faults(gateway.adminUrl().resolve(page), name, words)).isEmpty();
    }

    private JsonNode story(String which) {
        return get("/api/swaps/story" + which);
    }

    private JsonNode swap(String route) {
        return get("/api/swaps").path("swaps")
                .valueStream()
                .filter(swap -> swap.path("route").asString("").equals(route))
                .findFirst()
                .orElseThrow();
    }

    private JsonNode get(String path) {
        return json(gateway.get(gateway.adminUrl().resolve(path)));
    }

    private static JsonNode json(HttpResponse<byte[]> answer) {
        return JsonMapper.shared().readTree(answer.body());
    }
}
