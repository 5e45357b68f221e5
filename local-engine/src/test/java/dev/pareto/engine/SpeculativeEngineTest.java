package dev.pareto.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.json.JsonMapper;

/** Guesses in the whole engine, on models that were really trained. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
final class SpeculativeEngineTest {

    private static final EngineSettings PLAIN = EngineSettings.defaults()
            .withThreads(1)
            .withWarmUp(Duration.ZERO)
            .withSpeculation(Speculation.OFF);

    @TempDir
    Path folder;

    @Test
    void extractionsOfTheModelOnBoardStayTheSameAndAreOftenGuessed() throws IOException {
        var file = new EmbeddedModels(folder).extract(EmbeddedModels.SUPPORT_DESK);
        var guessing = PLAIN.withSpeculation(Speculation.LOOKUP);
        try (var engine = new LocalEngine(PLAIN);
                var other = new LocalEngine(guessing);
                var plain = engine.load(file);
                var model = other.load(file)) {
            var prompts = extractions();
            assumeThat(prompts).as("no golden extractions beside the model").hasSizeGreaterThan(5);
            for (int[] prompt : prompts) {
                assertThat(Collected.greedy(model, prompt, 96).tokens())
                        .isEqualTo(Collected.greedy(plain, prompt, 96).tokens());
            }
            assertThat(sampled(model, prompts.getFirst()).tokens())
                    .isEqualTo(sampled(plain, prompts.getFirst()).tokens());
            var guesses = model.load().guesses();
            assertThat(guesses.accepted()).isGreaterThan(model.load().completionTokens() / 10);
            assertThat(plain.load().guesses()).isEqualTo(new EngineLoad.Guesses(0, 0));
            assertThat(model.load().steps()).isLessThan(plain.load().steps());
            assertThat(model.load().cacheBytes()).isZero();
        }
    }

    private static Collected sampled(LoadedModel model, int[] prompt) {
        var collected = new Collected();
        var _ = model.generate(new GenerationRequest(prompt, 96, Sampling.atTemperature(0.8).withSeed(3), List.of(), 0,
                Duration.ofMinutes(2)), collected);
        return collected;
    }

    private static List<int[]> extractions() throws IOException {
        try (var in = SpeculativeEngineTest.class.getResourceAsStream("models/support-desk.golden.jsonl")) {
            return in == null
                    ? List.of()
                    : new String(in.readAllBytes(), StandardCharsets.UTF_8).lines()
                            .map(line -> JsonMapper.shared().readTree(line))
                            .filter(line -> line.path("answer").asString().startsWith("{"))
                            .map(line -> line.path("tokens").valueStream().mapToInt(node -> node.asInt()).toArray())
                            .toList();
        }
    }

    @Test
    void aSmallerModelOfTheFolderDraftsAndTheStoryStaysTheReference() throws IOException {
        var story = Story.read("weights/stories260K/stories260K-F32");
        var settings = PLAIN.withSpeculation(
                new Speculation(false, Map.of("stories260K-F32", "stories260K-Q4_0"), 8, 3));
        try (var engine = new LocalEngine(settings); var model = engine.load(story.model())) {
            int length = Math.min(story.greedy().length, model.card().contextLength() - story.tokens().length);
            var told = Collected.greedy(model, story.tokens(), length);
            var expected = new ArrayList<Integer>();
            Arrays.stream(story.greedy()).limit(length).forEach(expected::add);
            assertThat(told.tokens()).isEqualTo(expected);
            assertThat(model.load().guesses().accepted()).isGreaterThan(length / 2);
            assertThat(model.load().cacheBytes()).isZero();
        }
    }

    @Test
    void aDraftThatIsMissingOrDoesNotFitIsRefusedByName() throws IOException {
        var story = Story.read("weights/stories260K/stories260K-F32");
        var big = Files.copy(story.model(), folder.resolve("big.gguf"));
        new EmbeddedModels(folder).extract(EmbeddedModels.SUPPORT_DESK);
        assertRefused(big, "missing", "no file missing.gguf beside it");
        assertRefused(big, EmbeddedModels.SUPPORT_DESK, "support-desk cannot draft for this one");
        Files.writeString(folder.resolve("notes.gguf"), "only notes");
        assertRefused(big, "notes", "cannot run the model notes");
    }

    private static void assertRefused(Path model, String draft, String why) {
        var settings = PLAIN.withSpeculation(new Speculation(false, Map.of("big", draft), 8, 3));
        try (var engine = new LocalEngine(settings)) {
            assertThatThrownBy(() -> engine.load(model)).isInstanceOf(EngineException.UnusableModel.class)
                    .hasMessageContaining(why);
        }
    }
}
