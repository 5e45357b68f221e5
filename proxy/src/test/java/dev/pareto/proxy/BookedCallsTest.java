package dev.pareto.proxy;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import dev.pareto.dashboards.audit.LedgerCheck;
import dev.pareto.dashboards.report.Amount;
import dev.pareto.dashboards.store.Store;
import dev.pareto.proxy.testing.Await;
import dev.pareto.proxy.testing.FakeVendor;
import dev.pareto.proxy.testing.Gateway;
import dev.pareto.proxy.testing.Payloads;
import dev.pareto.proxy.testing.Script;

import io.micrometer.core.instrument.MeterRegistry;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bugs that other gateways had in booking calls, with callers who leave and vendors who break off above all. */
final class BookedCallsTest {

    @TempDir
    private Path folder;

    private final FakeVendor vendor = new FakeVendor();
    private Gateway gateway;

    @BeforeEach
    void start() {
        gateway = Gateway.start(folder,
                "vendors:\n  openai: {dialect: openai, url: '" + vendor.url() + "', retries: 0}\n"
                        + "routes:\n  kept: {candidates: [openai/gpt-4o], cache: {ttl: 10 min}}\n");
    }

    @AfterEach
    void stop() {
        assertThat(new LedgerCheck(gateway.bean(Store.class)).check(null, null).problems()).isEmpty();
        gateway.close();
        vendor.close();
    }

    @Test
    @DisplayName("A25 LiteLLM 33736, 30630: a caller who left in the middle of a stream left no row")
    void a25() throws Exception {
        vendor.answers(Script.events(five()).ending(Script.End.HANG));
        leaveAfterFirstEvents();

        assertThat(only()).containsEntry("state", "ABORTED").containsEntry("usage_source", "ESTIMATED");
        assertThat(cost(only())).isPositive();
    }

    @Test
    @DisplayName("A26 LiteLLM 36008: only what the caller had read was counted")
    void a26() throws Exception {
        Script script = Script.events(five())
                .then(Duration.ofMillis(300), Payloads.chunk("{\"content\":\"more\"}", "null", true))
                .then(Duration.ZERO, Payloads.chunk("{}", "\"stop\"", true))
                .then(Duration.ZERO, Payloads.usageChunk())
                .then(Duration.ZERO, "data: [DONE]\n\n");
        vendor.answers(script);
        leaveAfterFirstEvents();

        assertThat(only()).containsEntry("state", "ABORTED")
                .containsEntry("usage_source", "VENDOR")
                .containsEntry("output_tokens", 10)
                .containsEntry("input_tokens", 19)
                .containsEntry("cost_pico", 142_500_000);
    }

    @Test
    @DisplayName("A28 LiteLLM 30667: an upstream that died in the middle of a stream was not logged")
    void a28() {
        vendor.answers(Script.events(five()).ending(Script.End.CUT));
        gateway.post("/v1/chat/completions", Payloads.CHAT_STREAM);

        assertThat(only()).containsEntry("state", "FAILED").containsEntry("estimated", 1);
        assertThat(cost(only())).isPositive();
    }

    @Test
    @DisplayName("A29 LiteLLM 13245: a caller who left a plain call was charged its prompt alone")
    void a29() throws Exception {
        Script slow = new Script(200, Map.of("Content-Type", "application/json"),
                List.of(new Script.Part(Duration.ofMillis(700), Payloads.ANSWER)), Script.End.DONE);
        vendor.answers(slow);
        byte[] body = Payloads.CHAT.getBytes(StandardCharsets.UTF_8);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.url().getPort())) {
            socket.getOutputStream()
                    .write(("POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                            + "Content-Length: " + body.length + "\r\n\r\n").getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().write(body);
            socket.getOutputStream().flush();
            Await.until("the call is on its way", () -> gateway.openAttempts() == 1);
        }

        assertThat(only()).containsEntry("state", "ABORTED")
                .containsEntry("usage_source", "VENDOR")
                .containsEntry("output_tokens", 10)
                .containsEntry("cost_pico", 147_500_000);
    }

    @Test
    @DisplayName("A31 LiteLLM 15740: one call through /v1/responses was logged twice")
    void a31() {
        vendor.answers(Payloads::openAi);
        gateway.post("/v1/chat/completions", Payloads.CHAT);
        gateway.post("/v1/responses", "{\"model\":\"gpt-4o\",\"input\":\"Say hello\"}");

        assertThat(gateway.attempts()).hasSize(2).extracting(row -> row.get("request_id")).doesNotHaveDuplicates();
    }

    @Test
    @DisplayName("A32 LiteLLM 17814: reading a stored response added its cost again")
    void a32() {
        vendor.answers(Script.json(200, Payloads.ANSWER));
        gateway.post("/v1/responses", "{\"model\":\"gpt-4o\",\"input\":\"Say hello\"}");
        BigDecimal once = sum();
        gateway.get(gateway.url().resolve("/v1/responses/resp_123"));
        gateway.get(gateway.url().resolve("/v1/responses/resp_123"));

        assertThat(once).isPositive();
        assertThat(sum()).isEqualByComparingTo(once);
    }

    @Test
    @DisplayName("A47 stakgraph 1688: the budget's sum and the reported cost disagreed")
    void a47() {
        vendor.answers(Payloads::openAi);
        String told = gateway.post("/v1/chat/completions", Payloads.CHAT)
                .headers()
                .firstValue("Pareto-Cost-Usd")
                .orElseThrow();

        BigDecimal row = cost(only()).movePointLeft(12);
        assertThat(new BigDecimal(told)).isEqualByComparingTo(row).isEqualByComparingTo("0.0001475");
        assertThat(new LedgerCheck(gateway.bean(Store.class)).check(null, null).sum().get("USD"))
                .isEqualTo(new Amount(row.setScale(12)));
    }

    @Test
    @DisplayName("A51 Langfuse 2112: an answer from the cache was shown at its full cost")
    void a51() {
        vendor.answers(Payloads::openAi);
        String body = Payloads.CHAT.replace("gpt-4o", "kept");
        gateway.post("/v1/chat/completions", body);
        var again = gateway.post("/v1/chat/completions", body);

        assertThat(again.headers().firstValue("Pareto-Cache")).hasValue("hit");
        assertThat(gateway.attempts()).hasSize(2)
                .last(as(InstanceOfAssertFactories.map(String.class, Object.class)))
                .containsEntry("role", "CACHE_HIT")
                .containsEntry("cost_pico", 0)
                .containsEntry("baseline_pico", 147_500_000);
        assertThat(sum()).isEqualByComparingTo("147500000");
    }

    @Test
    @DisplayName("A52 paperclip 5598: paid answers without usage were invisible until the invoice")
    void a52() {
        vendor.answers(Script.json(200, Payloads.ANSWER.replace("\"usage\"", "\"unused\"")));
        gateway.post("/v1/chat/completions", Payloads.CHAT);

        assertThat(only()).containsEntry("usage_source", "ESTIMATED").containsEntry("estimated", 1);
        assertThat(gateway.bean(MeterRegistry.class).get("pareto.ledger.usage.missing").counter().count()).isOne();
    }

    private static String[] five() {
        String[] events = new String[5];
        for (int i = 0; i < events.length; i++) {
            events[i] = Payloads.chunk("{\"content\":\"word number " + i + "\"}", "null", true);
        }
        return events;
    }

    private void leaveAfterFirstEvents() throws IOException, InterruptedException {
        HttpResponse<InputStream> response = gateway.client()
                .send(gateway.request("/v1/chat/completions", Payloads.CHAT_STREAM), BodyHandlers.ofInputStream());
        try (InputStream in = response.body()) {
            assertThat(in.read()).isPositive();
        }
    }

    private Map<String, @Nullable Object> only() {
        List<Map<String, @Nullable Object>> attempts = gateway.attempts();
        assertThat(attempts).hasSize(1);
        return attempts.getFirst();
    }

    private static BigDecimal cost(Map<String, @Nullable Object> attempt) {
        return new BigDecimal(String.valueOf(attempt.get("cost_pico")));
    }

    private BigDecimal sum() {
        return gateway.attempts()
                .stream()
                .map(row -> row.get("cost_pico"))
                .map(pico -> pico == null ? BigDecimal.ZERO : new BigDecimal(pico.toString()))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }
}
