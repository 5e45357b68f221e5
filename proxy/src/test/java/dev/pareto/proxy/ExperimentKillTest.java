package dev.pareto.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import dev.pareto.proxy.cli.Main;
import dev.pareto.proxy.testing.Await;
import dev.pareto.proxy.testing.FakeVendor;
import dev.pareto.proxy.testing.Payloads;
import dev.pareto.proxy.testing.Trials;
import dev.pareto.proxy.testing.Trials.Answer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A gateway that is killed right after its last answer has lost no exposure and no outcome, and assigns as before. */
final class ExperimentKillTest {

    @TempDir
    private Path folder;

    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private record Running(Process process, Trials trials) {}

    @Test
    void nothingIsLostAndNobodyChangesHisArm() throws Exception {
        try (var openai = new FakeVendor().answers(Payloads::openAi);
                var cluster = new FakeVendor().answers(Payloads::openAi)) {
            Path config = Files.writeString(folder.resolve("pareto.yaml"), Trials.config(openai, cluster,
                    "arms: {closed: {model: openai/gpt-4o}, open: {model: cluster/tiny}}, primary: {metric: success}"));
            Map<String, String> arms = new HashMap<>();
            Running first = start(config);
            first.trials().gateOpen().act("start", "");
            for (int user = 0; user < 25; user++) {
                Answer answer = first.trials().ask("u" + user, "a" + user);
                arms.put("u" + user, answer.part());
                first.trials().outcome(answer.id(), "success", 1);
            }
            first.process().destroyForcibly().waitFor();

            Running second = start(config);
            Await.until("all were looked at", () -> findings(second).path("units").asInt(0) == 25);
            JsonNode findings = findings(second);
            assertThat(findings.path("requests").asInt(0)).isEqualTo(25);
            assertThat(findings.path("arms")
                    .valueStream()
                    .mapToInt(arm -> arm.path("measured").path("success").asInt(0))
                    .sum()).isEqualTo(25);
            assertThat(second.trials().state()).isEqualTo("RUNNING");
            arms.forEach((user, part) -> assertThat(second.trials().ask(user, "again").part()).isEqualTo(part));
            second.process().destroyForcibly().waitFor();
        }
    }

    private static JsonNode findings(Running gateway) {
        return gateway.trials().experiment().path("experiment").path("look").path("findings");
    }

    private Running start(Path config) throws IOException {
        int port = freePort();
        int admin = freePort();
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED", "-XX:TieredStopAtLevel=1",
                "-Xmx512m", "-cp", System.getProperty("java.class.path"), Main.class.getName(), "serve", "--config",
                config.toString(), "--port", Integer.toString(port), "--admin-port", Integer.toString(admin), "--data",
                folder.resolve("data").toString()).redirectErrorStream(true)
                .redirectOutput(folder.resolve("gateway.log").toFile())
                .start();
        URI plane = URI.create("http://127.0.0.1:" + admin);
        Await.until("the gateway is up", Duration.ofSeconds(90), () -> answers(plane.resolve("/actuator/health")));
        return new Running(process, new Trials(URI.create("http://127.0.0.1:" + port), plane));
    }

    private boolean answers(URI health) {
        try {
            return http.send(HttpRequest.newBuilder(health).GET().build(), BodyHandlers.discarding())
                    .statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
