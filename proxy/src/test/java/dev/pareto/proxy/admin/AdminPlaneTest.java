package dev.pareto.proxy.admin;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pareto.dashboards.store.SqliteStore;
import dev.pareto.proxy.testing.Gateway;
import dev.pareto.proxy.testing.World;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The admin port's manners: whom it answers, and how it says no. */
@ExtendWith(World.Extension.class)
final class AdminPlaneTest {

    private final Gateway gateway;

    AdminPlaneTest(World world) {
        this.gateway = world.gateway;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"localhost", "LOCALHOST:8081", "localhost.", "127.0.0.1", "127.0.0.1:1", "[::1]", "[::1]:8081"})
    void answersToTheNamesOfThisMachine(String host) throws IOException {
        assertThat(statusFor(gateway.adminUrl(), "/api/models", "Host: " + host)).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Host: evil.example", "Host: evil.example:8081", "Host: localhost.evil.example",
            "Host: 192.0.2.7:8081", "Host: ", "Host: 127.0.0.1\r\nHost: evil.example"})
    void refusesEveryOtherNameSoThatNoPageCanRebindItsOwn(String header) throws IOException {
        for (String path : new String[]{"/api/models", "/", "/actuator/health", "/nowhere"}) {
            assertThat(statusFor(gateway.adminUrl(), path, header)).as(path).isEqualTo(403);
        }
    }

    @ParameterizedTest
    @CsvSource({"period=last-month, 200", "period=yesterday, 200", "period=october, 400",
            "period=last-month&from=2026-01-01, 400", "from=2020-01-01&to=2026-01-01, 400"})
    void focusFilesAreOfNamedPeriodsToo(String days, int status) throws IOException {
        assertThat(statusFor(gateway.adminUrl(), "/api/ledger/focus?" + days, "Host: localhost")).isEqualTo(status);
    }

    @Test
    void filesOfCallsThatAreNoLongerKeptAreRefused(@TempDir Path folder) throws IOException {
        String days = "from=2026-01-31&to=2026-02-01";
        try (var kept = Gateway.start(folder, "vendors: {}\n");
                SqliteStore store = SqliteStore.open(folder.resolve("data/pareto.db"))) {
            JdbcClient.create(store.writes()).sql("DROP TRIGGER IF EXISTS dropped_month_was_closed").update();
            JdbcClient.create(store.writes())
                    .sql("""
                         INSERT INTO dropped_month (month, from_id, to_id, from_us, to_us, dropped_us)
                         VALUES ('2026-01', '', '', 0, 0, 0)""")
                    .update();

            for (String file : List.of("/api/ledger/focus?grain=call&" + days, "/api/money/calls?format=csv&" + days)) {
                assertThat(raw(kept.adminUrl(), file, "Host: localhost")).as(file)
                        .startsWith("HTTP/1.1 410 ")
                        .contains("\"code\":\"rows_dropped\"", "2026-01 are no longer kept", "ask from 2026-02-01 on");
            }
            assertThat(statusFor(kept.adminUrl(), "/api/ledger/focus?grain=hour&" + days, "Host: localhost"))
                    .isEqualTo(200);
            assertThat(raw(kept.adminUrl(), "/api/money/calls?" + days, "Host: localhost"))
                    .startsWith("HTTP/1.1 200 ")
                    .contains("\"dropped\":[\"2026-01\"]");
        }
    }

    @Test
    void aRefusedNameIsToldHowToBeLetIn() throws IOException {
        String answer = raw(gateway.adminUrl(), "/api/models", "Host: pareto.internal");

        assertThat(answer).contains("\"error\":{\"message\":").contains("pareto.internal").contains("admin-names");
    }

    @Test
    void namesOfTheConfigurationAreLetIn(@TempDir Path folder) throws IOException {
        try (var named = Gateway.start(folder, "vendors: {}\n", ", admin-names: [pareto.internal]", Map.of())) {
            assertThat(statusFor(named.adminUrl(), "/api/models", "Host: Pareto.Internal:8081")).isEqualTo(200);
            assertThat(statusFor(named.adminUrl(), "/api/models", "Host: other.internal")).isEqualTo(403);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`',
            textBlock = """
                        null                                              | verdict
                        []                                                | verdict
                        17                                                | verdict
                        ``                                                | verdict
                        {                                                 | verdict
                        {}                                                | swap-verdict/1
                        {"schema": "swap-verdict/9", "id": "x"}           | swap-verdict/9
                        {"schema": "swap-verdict/1", "id": "x"}           | swap-verdict/1
                        {"schema": "swap-verdict/1", "id": {"a": 1}}      | swap-verdict/1
                        """)
    void whatIsNoVerdictIsRefusedClearly(String body, String told) {
        HttpResponse<byte[]> answer = file(body);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(message(answer)).contains(told);
    }

    @Test
    void aVerdictMustBeJsonAndOfThisOrigin() {
        HttpResponse<byte[]> text = gateway.send(verdict("{}").header("Content-Type", "text/plain").build());
        HttpResponse<byte[]> foreign = gateway.send(verdict("{}").header("Content-Type", "application/json")
                .header("Origin", "http://evil.example")
                .build());

        assertThat(text.statusCode()).isEqualTo(415);
        assertThat(message(text)).contains("application/json");
        assertThat(foreign.statusCode()).isEqualTo(403);
        assertThat(message(foreign)).contains("origin");
    }

    @Test
    void aBodyBeyondTheBoundIsRefusedAndTheConnectionStaysUsableForTheNext() {
        HttpResponse<byte[]> answer = file("\"" + "x".repeat(3_000_000) + "\"");

        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(message(answer)).contains("bytes");
        assertThat(file("null").statusCode()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "201", "99999999999999999999", "1e3", "abc", ""})
    void aLimitThatCannotBeMeantIsRefused(String limit) {
        HttpResponse<byte[]> answer = get("/api/attempts?limit=" + limit);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(message(answer)).contains("limit").contains("1 to 200");
        assertThat(get("/api/attempts?limit=1").statusCode()).isEqualTo(200);
        assertThat(get("/api/attempts?limit=200").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({"/api/nowhere, 404", "/nowhere, 404", "/actuator/nowhere, 404", "/api/attempts?before=x, 400",
            "/api/overview?period=1y, 400", "/api/decisions/x, 400",
            "/api/decisions/0199a3c2-5e1b-7c44-9d0e-3b1f6a2c8d10, 404"})
    void everyErrorHasOneShape(String path, int status) {
        HttpResponse<byte[]> answer = get(path);

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("application/json");
        assertThat(message(answer)).isNotEmpty();
    }

    @Test
    void anAddressThatTakesNoPostSaysSo() {
        HttpResponse<byte[]> answer = gateway.send(HttpRequest.newBuilder(gateway.adminUrl().resolve("/api/models"))
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build());

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(message(answer)).isNotEmpty();
    }

    private HttpResponse<byte[]> get(String path) {
        return gateway.get(gateway.adminUrl().resolve(path));
    }

    private HttpResponse<byte[]> file(String body) {
        return gateway.send(verdict(body).header("Content-Type", "application/json").build());
    }

    private HttpRequest.Builder verdict(String body) {
        return HttpRequest.newBuilder(gateway.adminUrl().resolve("/api/verdicts"))
                .POST(HttpRequest.BodyPublishers.ofString(body));
    }

    private static String message(HttpResponse<byte[]> answer) {
        JsonNode error = new JsonMapper().readTree(answer.body()).path("error");
        assertThat(error.path("code").asString("")).isNotEmpty();
        return error.path("message").asString("");
    }

    private static int statusFor(URI url, String path, String header) throws IOException {
        return Integer.parseInt(raw(url, path, header).split(" ", 3)[1]);
    }

    /** A request with whatever Host header: clients of the JDK do not let one choose. */
    private static String raw(URI url, String path, String header) throws IOException {
        try (var socket = new Socket(url.getHost(), url.getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\n" + header + "\r\nConnection: close\r\n\r\n")
                            .getBytes(ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }
}
