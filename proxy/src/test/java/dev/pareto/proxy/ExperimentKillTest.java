package dev.pareto.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

import dev.pareto.proxy.testing.Await;
import dev.pareto.proxy.testing.FakeVendor;
import dev.pareto.proxy.testing.GatewayProcess;
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

    @Test
    void nothingIsLostAndNobodyChangesHisArm() throws Exception {
        try (var openai = new FakeVendor().answers(Payloads::openAi);
                var cluster = new FakeVendor().answers(Payloads::openAi)) {
            Path config = Files.writeString(folder.resolve("pareto.yaml"), Trials.config(openai, cluster,
                    "arms: {closed: {model: openai/gpt-4o}, open: {model: cluster/tiny}}, primary: {metric: success}"));
            Map<String, String> arms = new HashMap<>();
            GatewayProcess first = GatewayProcess.start(folder, config);
            Trials before = trials(first);
            before.gateOpen().act("start", "");
            for (int user = 0; user < 25; user++) {
                Answer answer = before.ask("u" + user, "a" + user);
                arms.put("u" + user, answer.part());
                before.outcome(answer.id(), "success", 1);
            }
            first.kill();

            GatewayProcess second = GatewayProcess.start(folder, config);
            Trials after = trials(second);
            Await.until("all were looked at", () -> findings(after).path("units").asInt(0) == 25);
            JsonNode findings = findings(after);
            assertThat(findings.path("requests").asInt(0)).isEqualTo(25);
            assertThat(findings.path("arms")
                    .valueStream()
                    .mapToInt(arm -> arm.path("measured").path("success").asInt(0))
                    .sum()).isEqualTo(25);
            assertThat(after.state()).isEqualTo("RUNNING");
            arms.forEach((user, part) -> assertThat(after.ask(user, "again").part()).isEqualTo(part));
            second.kill();
        }
    }

    private static Trials trials(GatewayProcess gateway) {
        return new Trials(gateway.url(), gateway.adminUrl());
    }

    private static JsonNode findings(Trials trials) {
        return trials.experiment().path("experiment").path("look").path("findings");
    }
}
