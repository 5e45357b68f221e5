package dev.pareto.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.pareto.policies.swap.Outcome;
import dev.pareto.proxy.testing.FakeVendor;
import dev.pareto.proxy.testing.GatewayProcess;
import dev.pareto.proxy.testing.Payloads;
import dev.pareto.proxy.testing.Swapping;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A gateway that is killed right after each move of a swap comes up with the swap where it was, and serves by it. */
final class SwapKillTest {

    @TempDir
    private Path folder;

    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private record Running(GatewayProcess process, Swapping swapping) {}

    @Test
    void everyStateOutlivesAKill() throws Exception {
        try (var openai = new FakeVendor(); var cluster = new FakeVendor()) {
            openai.answers(Payloads::openAi);
            cluster.answers(Payloads::openAi);
            String yaml = Swapping.config(openai, cluster, "approval: automatic, shadow: 1 %, ramp: [50 %]");
            Path config = Files.writeString(folder.resolve("pareto.yaml"), yaml);

            Running gateway = killed(start(config), config);
            assertThat(gateway.swapping().state()).isEqualTo("CLOSED");
            gateway.swapping().verdict("v1", Outcome.NON_INFERIOR);
            gateway = killed(gateway, config);
            assertThat(gateway.swapping().state()).isEqualTo("SHADOW");
            gateway.swapping().act("skip-waiting", "");
            gateway = killed(gateway, config);
            assertThat(gateway.swapping().state()).isEqualTo("RAMP");
            assertThat(gateway.swapping().swap().path("share").asDouble(0)).isEqualTo(0.5);
            gateway.swapping().act("freeze", ",\"for\":\"1 h\"");
            gateway = killed(gateway, config);
            assertThat(gateway.swapping().swap().path("hold").path("kind").asString("")).isEqualTo("FREEZE");
            gateway.swapping().act("release", "");
            gateway.swapping().act("skip-waiting", "");
            gateway = killed(gateway, config);
            assertThat(gateway.swapping().state()).isEqualTo("OPEN");
            assertThat(model(gateway)).isEqualTo("cluster/tiny");
            gateway.swapping().act("override", ",\"share\":\"0 %\",\"for\":\"1 h\"");
            gateway = killed(gateway, config);
            assertThat(model(gateway)).isEqualTo("openai/gpt-4o");
            gateway.swapping().act("release", "");
            gateway.swapping().act("roll-back", "");
            gateway = killed(gateway, config);
            assertThat(gateway.swapping().state()).isEqualTo("ROLLED_BACK");
            assertThat(model(gateway)).isEqualTo("openai/gpt-4o");
            JsonNode moves = gateway.swapping().get("/api/swaps/moves?route=r").path("moves");
            gateway.process().kill();
            assertThat(moves.valueStream().map(move -> move.path("to").asString("")).toList()).containsExactly(
                    "ROLLED_BACK", "OPEN", "OPEN", "OPEN", "RAMP", "RAMP", "RAMP", "SHADOW", "OFFLINE");
        }
    }

    private Running killed(Running gateway, Path config) throws Exception {
        gateway.process().kill();
        return start(config);
    }

    private Running start(Path config) throws IOException {
        var process = GatewayProcess.start(folder, config);
        return new Running(process, new Swapping(process.adminUrl()));
    }

    private String model(Running gateway) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(gateway.process().url().resolve("/v1/chat/completions"))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(Payloads.CHAT.replace("gpt-4o", "r")))
                        .build(),
                BodyHandlers.discarding()).headers().firstValue("Pareto-Model").orElse("none");
    }
}
