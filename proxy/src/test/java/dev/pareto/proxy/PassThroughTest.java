package dev.pareto.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.pareto.policies.catalog.Catalogue;
import dev.pareto.policies.catalog.Secret;
import dev.pareto.policies.catalog.Vendor;
import dev.pareto.policies.policy.GatewaySettings;
import dev.pareto.policies.policy.GatewaySettings.CallerKey;
import dev.pareto.policies.policy.ParetoConfig;
import dev.pareto.proxy.dialect.openai.RefusedException;
import dev.pareto.proxy.limit.Admission;
import dev.pareto.proxy.testing.Await;
import dev.pareto.proxy.testing.FakeVendor;
import dev.pareto.proxy.testing.Gateway;
import dev.pareto.proxy.testing.Payloads;
import dev.pareto.proxy.testing.Script;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Paths that Pareto does not understand: bounded in time, never held whole, refused where a wish cannot be kept. */
final class PassThroughTest {

    private static final String PATH = "/v1/responses";

    private static FakeVendor vendor;
    private static Gateway gateway;
    private static ParetoConfig first;

    @BeforeAll
    static void start(@TempDir Path folder) {
        vendor = new FakeVendor();
        gateway = Gateway.start(folder,
                """
                vendors:
                  only: {dialect: openai, url: '%s', retries: 0,
                         time-limits: {connect: 300 ms, first-token: 500 ms, idle: 500 ms, total: 2 s}}
                """.formatted(vendor.url()));
        first = gateway.bean(LiveConfig.class).get();
        vendor.answers(Script.json(200, "{}"));
        Await.until("the first call, which is slow, is through", () -> gateway.post(PATH, "{}").statusCode() == 200);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        vendor.close();
    }

    @AfterEach
    void reset() {
        gateway.bean(LiveConfig.class).replace(first);
        vendor.forget();
    }

    private static Map<String, @Nullable Object> attempt() {
        return gateway.attempts().getLast();
    }

    private static long micros(String column) {
        return (Long) Objects.requireNonNull(attempt().get(column));
    }

    private static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "GET"})
    void whatPassesThroughTakesAPlaceAmongTheRequestsInFlightAndGivesItBack(String method) throws Exception {
        Admission admission = gateway.bean(Admission.class);
        Await.until("nothing is in flight", () -> admission.inFlight() == 0);
        vendor.answers(Script.json(200, "{}").ending(Script.End.HANG));
        HttpRequest request = HttpRequest.newBuilder(gateway.url().resolve(PATH))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        CompletableFuture<HttpResponse<byte[]>> hanging = gateway.client()
                .sendAsync(request, HttpResponse.BodyHandlers.ofByteArray());
        Await.until("the vendor works on it", () -> vendor.running() == 1);
        assertThat(admission.inFlight()).isEqualTo(1);
        var _ = hanging.handle((answer, brokenOff) -> true).get(10, TimeUnit.SECONDS);
        Await.until("its place is free", () -> admission.inFlight() == 0);

        List<Admission.Permit> all = new ArrayList<>();
        try {
            fill(admission, all);
            vendor.forget();
            HttpResponse<byte[]> refused = gateway.send(request);
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(text(refused)).contains("\"code\":\"overloaded\"");
            assertThat(vendor.seen()).isEmpty();
        } finally {
            all.forEach(Admission.Permit::close);
        }
    }

    private static void fill(Admission admission, List<Admission.Permit> all) {
        while (all.size() < 1_000_000) {
            try {
                all.add(admission.enter());
            } catch (RefusedException full) {
                return;
            }
        }
    }

    @Test
    void aFloorHoldsForWhatTheTagsOfARequestSayOfItsData(@TempDir Path own) {
        try (Gateway floored = Gateway.start(own, """
                                                  vendors:
                                                    only: {dialect: openai, url: '%s', retries: 0}
                                                  floors: {phi: {data-class: phi, models: open}}
                                                  """.formatted(vendor.url()))) {
            vendor.answers(Script.json(200, "{}"));
            HttpResponse<byte[]> refused = floored.post(PATH, "{}", "Pareto-Tags", "data-class=phi");
            assertThat(refused.statusCode()).isEqualTo(422);
            assertThat(text(refused)).contains("policy_infeasible", "Floor phi holds");
            assertThat(vendor.seen()).isEmpty();
            assertThat(floored.post(PATH, "{}", "Pareto-Tags", "data-class=other").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void anAnswerThatStallsIsCutByTheIdleLimitAndNeverPassesForWhole() {
        vendor.answers(Script.json(200, "{\"half\":").ending(Script.End.HANG));

        assertThatThrownBy(() -> gateway.post(PATH, "{}")).isInstanceOf(UncheckedIOException.class);
        assertThat(attempt()).containsEntry("state", "FAILED").containsEntry("error_code", "upstream_idle_timeout");
    }

    @Test
    void anAnswerThatTheVendorCutsIsCutAndToldInOneLine() {
        vendor.answers(Script.events("data: 1\n\n").ending(Script.End.CUT));
        Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        root.addAppender(lines);
        try {
            assertThatThrownBy(() -> gateway.post(PATH, "{}")).hasRootCauseInstanceOf(IOException.class);
            assertThat(gateway.attempts().getLast()).containsEntry("state", "FAILED");
        } finally {
            root.detachAppender(lines);
        }
        assertThat(List.copyOf(lines.list)).filteredOn(line -> line.getLevel().isGreaterOrEqual(Level.WARN))
                .singleElement()
                .satisfies(line -> {
                    assertThat(line.getLevel()).isEqualTo(Level.WARN);
                    assertThat(line.getThrowableProxy()).isNull();
                    assertThat(line.getFormattedMessage()).startsWith("the answer to POST " + PATH + " broke off");
                });
    }

    @Test
    void anAnswerThatDribblesForeverIsCutByTheTotalLimit() {
        Script dribble = Script.json(200, "[");
        for (int i = 0; i < 60; i++) {
            dribble = dribble.then(Duration.ofMillis(100), "1,");
        }
        vendor.answers(dribble);

        assertThatThrownBy(() -> gateway.post(PATH, "{}")).isInstanceOf(UncheckedIOException.class);
        assertThat(attempt()).containsEntry("state", "FAILED").containsEntry("error_code", "upstream_total_timeout");
    }

    @Test
    void anAnswerThatDoesNotBeginIsAGatewayTimeout() {
        vendor.answers(Script.events().ending(Script.End.HANG));
        HttpResponse<byte[]> stream = gateway.post(PATH, "{}");
        assertThat(stream.statusCode()).isEqualTo(504);
        assertThat(text(stream)).contains("upstream_first_token_timeout");

        vendor.answers(new Script(200, Map.of("Content-Type", "application/json"), List.of(), Script.End.HANG));
        HttpResponse<byte[]> whole = gateway.post(PATH, "{}");
        assertThat(whole.statusCode()).isEqualTo(504);
        assertThat(text(whole)).contains("upstream_total_timeout");
    }

    @Test
    void aVendorThatTakesNoConnectionIsGivenUpAfterTheConnectLimit() throws IOException {
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            List<Socket> waiting = fill(full);
            gateway.bean(LiveConfig.class).replace(at(URI.create("http://127.0.0.1:" + full.getLocalPort())));

            HttpResponse<byte[]> answer = gateway.post(PATH, "{}");

            assertThat(answer.statusCode()).isEqualTo(502);
            assertThat(text(answer)).contains("upstream_unreachable");
            for (Socket socket : waiting) {
                socket.close();
            }
        }
    }

    /** The kernel drops further connections once the queue of those that nobody accepts is full. */
    private static List<Socket> fill(ServerSocket full) throws IOException {
        List<Socket> waiting = new ArrayList<>();
        try {
            for (int i = 0; i < 8; i++) {
                Socket socket = new Socket();
                waiting.add(socket);
                socket.connect(full.getLocalSocketAddress(), 100);
            }
        } catch (java.net.SocketTimeoutException queueIsFull) {
            return waiting;
        }
        throw new AssertionError("the queue never filled");
    }

    private static ParetoConfig at(URI url) {
        Vendor old = first.catalogue().vendor("only").orElseThrow();
        Vendor moved = new Vendor(old.name(), old.kind(), old.dialect(), List.of(url), old.key(), old.open(),
                old.resilience(), null, null, null, null);
        return new ParetoConfig(first.gateway(), new Catalogue(List.of(moved), List.of(), null), first.prices(),
                first.routes(), first.policies(), first.swaps(), first.experiments(), List.of(), List.of());
    }

    @Test
    void partsGoOnAsTheyComeAndNothingIsHeld() throws IOException, InterruptedException {
        vendor.answers(Script.json(200, "x".repeat(10_000)).then(Duration.ofMillis(300), "y").ending(Script.End.HANG));

        HttpResponse<InputStream> answer = gateway.client()
                .send(gateway.request(PATH, "{}"), HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream body = answer.body()) {
            assertThat(body.readNBytes(10_000)).hasSize(10_000);
            assertThat(vendor.running()).as("the vendor is still at it").isEqualTo(1);
        }
    }

    @Test
    void aBoundOnLatencyIsKept() {
        vendor.answers(new Script(200, Map.of("Content-Type", "application/json"), List.of(), Script.End.HANG));

        HttpResponse<byte[]> answer = gateway.post(PATH, "{}", "Pareto-Max-Latency-Ms", "150");

        assertThat(answer.statusCode()).isEqualTo(504);
        assertThat(text(answer)).contains("upstream_total_timeout");
        assertThat(micros("deadline_us") - micros("started_us")).as("the limit and the ledger's minute of grace")
                .isEqualTo(60_150_000);
    }

    @ParameterizedTest
    @CsvSource({"Pareto-Max-Cost-Usd,0.01,unsupported_header", "Pareto-Policy,cheap,unsupported_header",
            "Pareto-Model,only/x,unsupported_header", "Pareto-Min-Accuracy,0.9,unsupported_header",
            "Pareto-Max-Latency-Ms,soon,invalid_header", "Pareto-Data-Class,Local-Only,invalid_header",
            "Pareto-Tags,nonsense,invalid_header"})
    void aWishThatCannotBeKeptIsRefused(String header, String value, String code) {
        vendor.answers(Script.json(200, "{}"));

        HttpResponse<byte[]> answer = gateway.post(PATH, "{}", header, value);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(text(answer)).contains("\"code\":\"" + code + "\"");
        assertThat(vendor.seen()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/chat/completions/", "/v1/Chat/completions"})
    void aPathThatIsNearlyAKnownOneDoesNotSlipBy(String path) {
        vendor.answers(Script.json(200, "{}"));

        assertThat(gateway.post(path, Payloads.CHAT).statusCode()).isEqualTo(404);
        assertThat(vendor.seen()).isEmpty();
    }

    @Test
    void boundsAndKeysFollowTheConfigurationInForce() {
        vendor.answers(Script.json(200, "{}"));
        GatewaySettings was = first.gateway();
        CallerKey key = new CallerKey("ci", new Secret("pk-pareto-1"), "team", Map.of());
        replace(new GatewaySettings(was.host(), was.port(), was.adminHost(), was.adminPort(),
                was.adminNames(), 10, was.dataDir(), was.requireKeys(), List.of(key), was.engine(),
                was.speculation()));

        assertThat(gateway.post(PATH, "{}", "Authorization", "Bearer sk-1").statusCode()).isEqualTo(401);
        assertThat(gateway.post(PATH, "{}", "Authorization", "Bearer pk-pareto-1").statusCode()).isEqualTo(200);
        assertThat(gateway.post(PATH, "{\"a\":\"too long\"}", "Authorization", "Bearer pk-pareto-1").statusCode())
                .isEqualTo(413);
        replace(was);
        assertThat(gateway.post(PATH, "{\"a\":\"too long\"}", "Authorization", "Bearer sk-1").statusCode())
                .isEqualTo(200);
    }

    private static void replace(GatewaySettings gatewayNow) {
        gateway.bean(LiveConfig.class)
                .replace(first.with(gatewayNow));
    }
}
