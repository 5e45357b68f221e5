package dev.pareto.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The model on board, from its jar through template and tokenizer to the answer, against what its trainer computed. */
final class SupportDeskTest {

    private static final String GOLDEN = "/dev/pareto/engine/models/support-desk.golden.jsonl";

    @TempDir
    Path folder;

    @Test
    void answersHeldOutPromptsAsItsTrainerDoesTokenForToken() throws IOException {
        List<JsonNode> golden = golden();
        assumeThat(golden).as("no golden answers beside the model").isNotEmpty();
        var settings = EngineSettings.defaults().withThreads(2).withWarmUp(Duration.ZERO);
        Path file = new EmbeddedModels(folder).extract(EmbeddedModels.SUPPORT_DESK);
        var softly = new SoftAssertions();
        try (var engine = new LocalEngine(settings); var model = engine.load(file)) {
            for (JsonNode line : golden) {
                int[] prompt = model.prompt(messages(line), List.of(), Map.of());
                softly.assertThat(prompt).as(line.path("prompt").asString()).isEqualTo(tokens(line));
                softly.assertThat(Collected.greedy(model, prompt, 96).text()).isEqualTo(line.path("answer").asString());
            }
        }
        softly.assertAll();
    }

    private static List<JsonNode> golden() throws IOException {
        try (var in = SupportDeskTest.class.getResourceAsStream(GOLDEN)) {
            return in == null
                    ? List.of()
                    : new String(in.readAllBytes(), StandardCharsets.UTF_8).lines()
                            .map(line -> JsonMapper.shared().readTree(line))
                            .toList();
        }
    }

    private static List<Map<String, Object>> messages(JsonNode line) {
        var messages = new ArrayList<Map<String, Object>>();
        for (JsonNode message : line.path("messages")) {
            messages.add(Map.of("role", message.path("role").asString(), "content",
                    message.path("content").asString()));
        }
        return messages;
    }

    private static int[] tokens(JsonNode line) {
        return line.path("tokens").valueStream().mapToInt(JsonNode::asInt).toArray();
    }
}
