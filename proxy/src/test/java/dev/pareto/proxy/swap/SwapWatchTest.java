package dev.pareto.proxy.swap;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;

import dev.pareto.proxy.testing.Await;
import dev.pareto.proxy.testing.FakeVendor;
import dev.pareto.proxy.testing.Gateway;
import dev.pareto.proxy.testing.Payloads;
import dev.pareto.proxy.testing.Script;
import dev.pareto.proxy.testing.Swapping;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the ends of live requests teach of a candidate that serves all of them. */
final class SwapWatchTest {

    private static final String CHAT = Payloads.CHAT.replace("gpt-4o", "r");
    private static final int ENOUGH = 40;

    @TempDir
    private Path folder;

    private final FakeVendor openai = new FakeVendor().answers(Payloads::openAi);
    private final FakeVendor cluster = new FakeVendor();

    @AfterEach
    void close() {
        openai.close();
        cluster.close();
    }

    @Test
    void aCandidateThatIsNotThereAnyMoreIsTakenBack() {
        cluster.answers(Script.json(404, "{\"error\":{\"message\":\"the model `tiny` does not exist\"}}"));
        try (Gateway gateway = start()) {
            Swapping swapping = served(gateway);
            for (int i = 0; i < ENOUGH && !swapping.state().equals("ROLLED_BACK"); i++) {
                gateway.post("/v1/chat/completions", CHAT, "Pareto-Cache", "no-store");
            }
            assertThat(swapping.swap().path("reason").asString("")).startsWith("guard errors");
            assertThat(gateway.post("/v1/chat/completions", CHAT, "Pareto-Cache", "no-store").statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void whatTheCallerAskedWronglySpeaksAgainstNobody() {
        cluster.answers(Script.json(400, "{\"error\":{\"message\":\"temperature must be below 2\"}}"));
        try (Gateway gateway = start()) {
            Swapping swapping = served(gateway);
            for (int i = 0; i < ENOUGH; i++) {
                assertThat(gateway.post("/v1/chat/completions", CHAT, "Pareto-Cache", "no-store").statusCode())
                        .isEqualTo(400);
            }
            assertThat(swapping.swap().path("candidateSeen").path("failed").asInt(-1)).isZero();
            assertThat(swapping.swap().path("share").asDouble(0)).isEqualTo(1);
        }
    }

    @Test
    void aCandidateThatCallersWaitForInVainIsSlow() {
        cluster.answers(Script.json(200, "{\"choices\":").ending(Script.End.HANG));
        try (Gateway gateway = start()) {
            Swapping swapping = served(gateway);
            HttpRequest impatient = HttpRequest
                    .newBuilder(gateway.request("/v1/chat/completions", CHAT, "Pareto-Cache", "no-store"),
                            (name, value) -> true)
                    .timeout(Duration.ofMillis(1_500))
                    .build();
            var asked = IntStream.range(0, ENOUGH)
                    .mapToObj(i -> gateway.client().sendAsync(impatient, BodyHandlers.discarding()))
                    .toList();
            for (var one : asked) {
                try {
                    one.join();
                } catch (CompletionException patienceIsOver) {
                    assertThat(patienceIsOver).hasCauseInstanceOf(HttpTimeoutException.class);
                }
            }
            Await.until("the callers' leaving is seen", () -> swapping.state().equals("ROLLED_BACK"));
            assertThat(swapping.swap().path("reason").asString("")).startsWith("guard latency");
        }
    }

    private Gateway start() {
        return Gateway.start(folder, Swapping.config(openai, cluster, "guards: {latency: 100 ms}"));
    }

    /** By a person's word the candidate serves everything. */
    private static Swapping served(Gateway gateway) {
        var swapping = new Swapping(gateway.adminUrl());
        swapping.act("override", ",\"share\":\"100 %\",\"for\":\"1 h\"");
        return swapping;
    }
}
