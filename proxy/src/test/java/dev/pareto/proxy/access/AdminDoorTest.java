package dev.pareto.proxy.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.pareto.proxy.testing.Await;
import dev.pareto.proxy.testing.Browser;
import dev.pareto.proxy.testing.Gateway;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
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
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.PathContainer;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every address of a real admin port, asked by every role. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AdminDoorTest {

    private static final String SECRET = "sk-nobody-may-see-this";

    private final Map<Role, String> keys = new EnumMap<>(Role.class);
    private Gateway gateway;
    private Path folder;

    /** Until the first key everybody may do everything; from then on nobody without one. */
    @BeforeAll
    void start(@TempDir Path temporary) {
        folder = temporary;
        gateway = Gateway.start(folder, """
                                        vendors:
                                          openai: {dialect: openai, url: 'https://127.0.0.1:9/v1', key: '${KEY}'}
                                        routes:
                                          support: {candidates: [openai/gpt-4o]}
                                        """, "", Map.of("KEY", SECRET));
        assertThat(get("/api/money/overview", null).statusCode()).isEqualTo(200);
        assertThat(json(get("/api/session", null)).path("keys").asBoolean(true)).isFalse();
        assertThat(create("eve", Role.FINANCE, null).statusCode()).as("the first is an admin's").isEqualTo(400);
        keys.put(Role.ADMIN, made(create("ada", Role.ADMIN, null)));
        for (Role role : List.of(Role.VIEWER, Role.FINANCE, Role.OPERATOR)) {
            keys.put(role, made(create(role.text() + "-person", role, keys.get(Role.ADMIN))));
        }
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    static Stream<Arguments> addresses() {
        return new Rights().all()
                .entrySet()
                .stream()
                .map(row -> Arguments.of(row.getKey().getKey(), row.getKey().getValue(), row.getValue()));
    }

    @ParameterizedTest(name = "{0} {1} asks for {2}")
    @MethodSource("addresses")
    void everyAddressLetsInThoseWhoHaveItsRightAndNobodyElse(HttpMethod method, String pattern, Right right) {
        String path = pattern.replace("/**", pattern.startsWith("/actuator") ? "/info" : "/x")
                .replaceAll("\\{\\w+}", "x");
        assertThat(code(send(method, path, null))).as("without a key").isEqualTo("401 admin_key_needed");
        assertThat(code(send(method, path, "ak-pareto-made-up"))).isEqualTo("401 admin_key_needed");
        for (Role role : Role.values()) {
            String told = code(send(method, path, keys.get(role)));
            if (role.may(right)) {
                assertThat(told).as(role.text()).doesNotStartWith("401").doesNotStartWith("403").doesNotStartWith("5");
            } else {
                assertThat(told).as(role.text()).isEqualTo("403 role_forbids");
            }
        }
    }

    @Test
    void whoKeepsTheBooksCannotSteerAndTheOtherWayRound() {
        assertThat(Role.FINANCE.may(Right.KEEP_BOOKS)).isTrue();
        assertThat(Role.FINANCE.may(Right.STEER)).isFalse();
        assertThat(Role.FINANCE.may(Right.READ_WORDS)).as("money, no prompts").isFalse();
        assertThat(Role.OPERATOR.may(Right.STEER)).isTrue();
        assertThat(Role.OPERATOR.may(Right.KEEP_BOOKS)).isFalse();
        assertThat(Stream.of(Right.values()).filter(Role.VIEWER::may)).containsExactly(Right.SEE);
        assertThat(Role.ADMIN.rights()).containsExactlyInAnyOrder(Right.values());
    }

    @Test
    void anAddressWithoutAStatedRightKeepsTheGatewayFromStarting() {
        var routes = RouterFunctions.route()
                .GET("/api/months", request -> ServerResponse.ok().build())
                .POST("/api/new", request -> ServerResponse.ok().build())
                .build();
        assertThat(catchThrowable(() -> new Rights().require(routes)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageEndingWith(": POST /api/new");
        assertThat(new Rights().needed(HttpMethod.POST, PathContainer.parsePath("/api/new")))
                .isEqualTo(Right.ADMINISTER);
        assertThat(new Rights().needed(HttpMethod.DELETE, PathContainer.parsePath("/api/months")))
                .isEqualTo(Right.ADMINISTER);
    }

    @Test
    void healthIsOpenAndMetersAreNot() {
        assertThat(get("/actuator/health", null).statusCode()).isEqualTo(200);
        assertThat(get("/actuator/prometheus", null).statusCode()).isEqualTo(401);
        assertThat(get("/actuator/prometheus", keys.get(Role.VIEWER)).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/%61pi/months", "/api;x=1/months", "/api/months;x=1", "//api/months", "/api//months",
            "/api/./months", "/x/../api/months", "/api%2Fmonths", "/API/months", "/api/months/",
            "/actuator%2Fprometheus",
            "/%61ctuator/prometheus", "/actuator/health/../prometheus"})
    void noWayOfWritingAnAddressGoesPastTheDoor(String path) throws Exception {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), gateway.adminUrl().getPort())) {
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).matches("(?s)HTTP/1.1 40[0-9] .*").doesNotContain("\"months\"");
        }
    }

    /** The second waits for the answer to the first and is refused at once; what follows it must be heard. */
    @Test
    void aRefusalLeavesTheConnectionGoodForWhatComesNext() throws Exception {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), gateway.adminUrl().getPort())) {
            socket.setSoTimeout(20_000);
            String session = asked("GET", "/api/session", "");
            for (int round = 0; round < 5; round++) {
                for (String refused : List.of(asked("GET", "/api/months", ""),
                        asked("POST", "/api/ledger/actions", "{}"),
                        asked("GET", "/api/nothing", ""))) {
                    send(socket, session + refused);
                    assertThat(answer(socket)).isEqualTo(200);
                    assertThat(answer(socket)).isEqualTo(401);
                    send(socket, session);
                    assertThat(answer(socket)).as("after a refusal").isEqualTo(200);
                }
            }
        }
    }

    @Test
    void aBodyThatNobodyReadsDoesNotStallTheConnection() throws Exception {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), gateway.adminUrl().getPort())) {
            socket.setSoTimeout(20_000);
            String post = asked("POST", "/api/ledger/actions", " ".repeat(1 << 20));
            int half = post.length() / 2;
            send(socket, post.substring(0, half));
            assertThat(answer(socket)).isEqualTo(401);
            send(socket, post.substring(half) + asked("GET", "/api/session", ""));
            assertThat(answer(socket)).isEqualTo(200);
        }
    }

    private static String asked(String method, String path, String body) {
        return method + " " + path
                + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
                + body.length() + "\r\n\r\n" + body;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** The status of the next answer, which is read whole. */
    private static int answer(Socket socket) throws IOException {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = socket.getInputStream().read();
            assertThat(next).as("the connection stays open; read %s", head).isNotNegative();
            head.append((char) next);
        }
        var length = Pattern.compile("(?i)content-length: (\\d+)").matcher(head);
        assertThat(length.find()).as(head.toString()).isTrue();
        socket.getInputStream().skipNBytes(Long.parseLong(length.group(1)));
        return Integer.parseInt(head.substring(9, 12));
    }

    @Test
    void whatIsDoneStandsUnderTheKeysNameWhateverAFormSays() {
        String body = """
                      {"action": "adjust", "by": "somebody else", "kind": "credit", "concerns": "2026-11-01",
                       "invoice": "inv-7", "tenant": "", "vendor": "openai", "model": "", "amount": "-1.25",
                       "reason": "goodwill"}
                      """;
        HttpResponse<byte[]> booked = post("/api/ledger/actions", body, keys.get(Role.FINANCE));
        assertThat(booked.statusCode()).as(text(booked)).isEqualTo(200);
        assertThat(json(booked).at("/adjustments/0/by").asString("")).isEqualTo("finance-person");
        assertThat(code(post("/api/ledger/actions", body, keys.get(Role.OPERATOR)))).isEqualTo("403 role_forbids");

        List<String> acts = acts();
        assertThat(acts).anyMatch(act -> act.startsWith("finance-person finance POST /api/ledger/actions 200 ")
                && act.contains("\"by\":\"finance-person\"") && act.contains("-1.25"));
        assertThat(acts).anyMatch(act -> act.startsWith("operator-person operator POST /api/ledger/actions 403"));
    }

    @Test
    void theJournalHoldsNoSecrets() {
        post("/api/report-schedules/actions", """
                                              {"action": "add", "name": "spend", "cadence": "weekly", "hour": 7,
                                               "report": "/api/money/overview",
                                               "webhook": "https://hooks.example.com/token-in-the-path"}
                                              """, keys.get(Role.FINANCE));
        assertThat(acts()).anyMatch(act -> act.contains("/api/report-schedules/actions 200"));
        assertThat(String.join("\n", acts())).doesNotContain("token-in-the-path");
        keys.values().forEach(key -> assertThat(String.join("\n", acts())).doesNotContain(key));
    }

    @Test
    void keysAreShownOnceAndThenByTheirBeginning() {
        String listed = text(get("/api/access/keys", keys.get(Role.ADMIN)));
        keys.values().forEach(key -> assertThat(listed).contains(key.substring(0, 16)).doesNotContain(key));
        assertThat(json(get("/api/access/keys", keys.get(Role.ADMIN))).path("made").isNull()).isTrue();
        String eve = made(create("eve", Role.VIEWER, keys.get(Role.ADMIN)));
        assertThat(get("/api/months", eve).statusCode()).isEqualTo(200);
        String id = json(get("/api/access/keys", keys.get(Role.ADMIN))).path("keys")
                .valueStream()
                .filter(key -> key.path("name").asString("").equals("eve"))
                .findFirst()
                .orElseThrow()
                .path("id")
                .asString("");
        post("/api/access/actions", "{\"action\": \"revoke\", \"id\": \"%s\"}".formatted(id), keys.get(Role.ADMIN));
        assertThat(get("/api/months", eve).statusCode()).isEqualTo(401);
    }

    @Test
    void aBrowserSignsInWithACookieThatScriptsAndStrangersDoNotGet() {
        HttpResponse<byte[]> in = post("/api/session", "{\"key\": \"%s\"}".formatted(keys.get(Role.FINANCE)), null);
        String cookie = in.headers().firstValue("Set-Cookie").orElseThrow();
        assertThat(cookie).containsIgnoringCase("HttpOnly")
                .contains("SameSite=Strict")
                .doesNotContain(keys.get(Role.FINANCE));
        String session = cookie.substring(0, cookie.indexOf(';'));
        assertThat(json(in).path("name").asString("")).isEqualTo("finance-person");
        assertThat(withCookie("/api/months", session).statusCode()).isEqualTo(200);
        assertThat(withCookie("/api/config", session).statusCode()).isEqualTo(403);
        HttpResponse<byte[]> out = gateway.send(HttpRequest.newBuilder(gateway.adminUrl().resolve("/api/session"))
                .header("Content-Type", "application/json")
                .header("Cookie", session)
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build());
        assertThat(out.statusCode()).isEqualTo(200);
        assertThat(withCookie("/api/months", session).statusCode()).isEqualTo(401);
        assertThat(post("/api/session", "{\"key\": \"ak-pareto-made-up\"}", null).statusCode()).isEqualTo(401);
    }

    @Test
    void theConfigurationInForceIsShownWithoutItsSecrets() {
        String shown = text(get("/api/config", keys.get(Role.ADMIN)));
        assertThat(shown).contains("***").contains("openai/gpt-4o").contains("https://127.0.0.1:9/v1");
        assertThat(shown).doesNotContain(SECRET);
        JsonNode system = json(get("/api/system", keys.get(Role.VIEWER)));
        assertThat(system.at("/store/kind").asString("")).isEqualTo("SQLite");
        assertThat(system.at("/store/bytes").asLong(0)).isPositive();
        assertThat(system.path("version").asString("")).isEqualTo("0.1.0");
        assertThat(system.path("retention").size()).isGreaterThan(3);
    }

    @Test
    void peopleFindTheDoorAndBehindItWhatTheirRoleSees() throws Exception {
        Path axe = Path.of("../dashboards/src/main/ui/node_modules/axe-core/axe.min.js");
        assumeThat(axe).as("npm has installed axe-core").exists();
        assumeThat(gateway.send(keyed("/", null).header("Accept", "text/html").build()).statusCode())
                .as("the pages are built (not with -DskipUi)")
                .isEqualTo(200);
        Optional<Browser> started = Browser.start(Files.createDirectories(folder.resolve("browser")));
        assumeThat(started).as("no Chromium on the PATH; on Debian: apt-get install chromium").isPresent();
        try (Browser browser = started.orElseThrow()) {
            Browser.Shown door = browser.show(gateway.adminUrl().resolve("/admin"), Browser.Theme.DARK, Browser.PHONE);
            assertThat(door.dom()).contains("Sign in").doesNotContain("Journal");
            assertThat(door.overflow()).isLessThanOrEqualTo(0);
            assertThat(browser.barriers(Files.readString(axe))).isEmpty();
            enter(browser, Role.VIEWER);
            assertThat(page(browser)).contains("Journal", "viewer-person", "What runs").doesNotContain("Make a key");
            enter(browser, Role.ADMIN);
            assertThat(page(browser)).contains("Make a key", "finance-person", "Configuration in force")
                    .doesNotContain(SECRET)
                    .doesNotContain(keys.get(Role.FINANCE));
            for (int width : List.of(Browser.DESK, Browser.TABLET, Browser.PHONE)) {
                assertThat(browser.again(Browser.Theme.LIGHT, width).overflow()).as(width + " px")
                        .isLessThanOrEqualTo(0);
                assertThat(browser.barriers(Files.readString(axe))).as(width + " px").isEmpty();
            }
            assertThat(browser.complaints()).isEmpty();
        }
    }

    private void enter(Browser browser, Role role) {
        browser.evaluate(
                """
                fetch('/api/session', {method: 'POST', headers: {'Content-Type': 'application/json'},
                  body: JSON.stringify({key: '%s'})}).then(answer => answer.status)""".formatted(keys.get(role)));
    }

    private String page(Browser browser) {
        return browser.show(gateway.adminUrl().resolve("/admin"), Browser.Theme.LIGHT).dom();
    }

    private List<String> acts() {
        Await.until("something is in the journal",
                () -> !json(get("/api/access/acts?limit=200", keys.get(Role.VIEWER))).path("acts").isEmpty());
        return json(get("/api/access/acts?limit=200", keys.get(Role.VIEWER))).path("acts")
                .valueStream()
                .map(act -> "%s %s %s %d %s".formatted(act.path("who").asString(""), act.path("role").asString(""),
                        act.path("act").asString(""), act.path("status").asInt(0), act.path("detail").asString("")))
                .toList();
    }

    private HttpResponse<byte[]> create(String name, Role role, @Nullable String key) {
        return post("/api/access/actions",
                "{\"action\": \"create\", \"name\": \"%s\", \"role\": \"%s\", \"by\": \"test\"}".formatted(name,
                        role.text()),
                key);
    }

    private static String made(HttpResponse<byte[]> answer) {
        assertThat(answer.statusCode()).as(text(answer)).isEqualTo(200);
        return json(answer).path("made").asString("");
    }

    private HttpResponse<byte[]> send(HttpMethod method, String path, @Nullable String key) {
        return method.equals(HttpMethod.GET) ? get(path, key) : post(path, "{}", key);
    }

    private HttpResponse<byte[]> get(String path, @Nullable String key) {
        return gateway.send(keyed(path, key).GET().build());
    }

    private HttpResponse<byte[]> withCookie(String path, String cookie) {
        return gateway.send(keyed(path, null).header("Cookie", cookie).GET().build());
    }

    private HttpResponse<byte[]> post(String path, String body, @Nullable String key) {
        return gateway.send(keyed(path, key).header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    private HttpRequest.Builder keyed(String path, @Nullable String key) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                URI.create(gateway.adminUrl() + path)).timeout(Duration.ofSeconds(30));
        return key == null ? request : request.header("Authorization", "Bearer " + key);
    }

    /** Status and code. */
    private static String code(HttpResponse<byte[]> answer) {
        String body = text(answer);
        return answer.statusCode() + (answer.statusCode() < 400
                ? ""
                : " " + (body.startsWith("{") ? json(answer).at("/error/code").asString("") : ""));
    }

    private static String text(HttpResponse<byte[]> answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    private static JsonNode json(HttpResponse<byte[]> answer) {
        return JsonMapper.shared().readTree(answer.body());
    }
}
