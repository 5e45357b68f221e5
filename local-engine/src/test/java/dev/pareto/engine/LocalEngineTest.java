package dev.pareto.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.pareto.engine.grammar.Grammar;
import tools.jackson.databind.json.JsonMapper;

/** The whole engine on small models that were really trained. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class LocalEngineTest {

    private static final String STORIES = "weights/stories260K/stories260K-F32";
    private static final EngineSettings SETTINGS = EngineSettings.defaults()
            .withThreads(2)
            .withWarmUp(Duration.ZERO)
            .withCacheType(CacheType.F32);

    @ParameterizedTest
    @ValueSource(strings = {STORIES, "weights/stories260K/stories260K-F16", "weights/stories260K/stories260K-Q8_0",
            "weights/stories260K/stories260K-Q4_0", "weights/babyllama-tok105/babyllama105-F32"})
    void tellsTheStoryOfTheReferenceTokenForToken(String name) throws IOException {
        var story = Story.read(name);
        try (var engine = new LocalEngine(SETTINGS); var model = engine.load(story.model())) {
            assertThat(model.prompt(story.prompt())).isEqualTo(story.tokens());
            // Of one model the reference goes on past the context that its file states.
            int length = Math.min(story.greedy().length, model.card().contextLength() - story.tokens().length);
            var told = Collected.greedy(model, story.tokens(), length);
            int same = story.comparable(told.tokens().stream().mapToInt(Integer::intValue).toArray());
            assertThat(same).as("tokens before the first close draw").isGreaterThan(64);
            assertThat(told.tokens().subList(0, same)).containsExactly(boxed(Arrays.copyOf(story.greedy(), same)));
            if (same == length) {
                assertThat(story.text()).startsWith(told.text());
            }
            assertThat(told.text()).hasSizeGreaterThan(80);
            assertThat(told.result().reason()).isEqualTo(FinishReason.LENGTH);
            assertThat(told.result().promptTokens()).isEqualTo(story.tokens().length);
            assertThat(told.result().completionTokens()).isEqualTo(length);
        }
    }

    @Test
    void fourStoriesAtOnceAreTheSameAsOneByOne() throws IOException {
        var story = Story.read(STORIES);
        var beginnings = List.of(story.prompt(), "Tom and his dog went to the", "One day, a big bear found a red",
                "The sun was warm and Lily wanted");
        try (var engine = new LocalEngine(SETTINGS); var model = engine.load(story.model())) {
            var prompts = beginnings.stream().map(model::prompt).toList();
            var alone = prompts.stream().map(prompt -> {
                var one = Collected.greedy(model, prompt, 100);
                one.result();
                return one;
            }).toList();
            long stepsBefore = model.load().steps();
            var together = prompts.stream().map(prompt -> Collected.greedy(model, prompt, 100)).toList();
            for (int i = 0; i < 4; i++) {
                assertThat(together.get(i).text()).isEqualTo(alone.get(i).text());
                assertThat(together.get(i).tokens()).isEqualTo(alone.get(i).tokens());
            }
            assertThat(together.getFirst().text()).isEqualTo(story.text());
            assertThat(model.load().steps() - stepsBefore).isLessThan(4 * 100);
            assertThat(model.load().cacheBytes()).isZero();
        }
    }

    @Test
    void streamedTextIsWhatDecodingAllTokensGives() throws IOException {
        var story = Story.read(STORIES);
        try (var engine = new LocalEngine(SETTINGS); var model = engine.load(story.model())) {
            var told = new Collected();
            var sampling = Sampling.atTemperature(1.5).withSeed(11);
            var request = new GenerationRequest(story.tokens(), 118, sampling, List.of(), 3, Duration.ofMinutes(1));
            model.generate(request, told).done().join();
            var all = IntStream.concat(Arrays.stream(story.tokens()),
                    told.tokens().stream().mapToInt(Integer::intValue)).toArray();
            assertThat(story.prompt() + told.text()).isEqualTo(model.tokenizer().decode(all));
            assertThat(told.deltas()).allSatisfy(delta -> assertThat(delta.logprobs()).allSatisfy(one -> {
                assertThat(one.top()).hasSize(3);
                assertThat(one.logprob()).isLessThanOrEqualTo(one.top().getFirst().logprob());
            }));
            var again = new Collected();
            model.generate(request, again).done().join();
            assertThat(again.tokens()).isEqualTo(told.tokens());
        }
    }

    @Test
    void answersFollowAGrammarWhateverTheWeightsPrefer() throws IOException {
        var story = Story.read(STORIES);
        var properties = new LinkedHashMap<String, Object>();
        properties.put("name", Map.of("type", "string", "maxLength", 8));
        properties.put("age", Map.of("type", "integer", "minimum", 0, "maximum", 150));
        properties.put("colours",
                Map.of("type", "array", "items", Map.of("enum", List.of("red", "blue")), "maxItems", 3));
        var grammar = Grammar.jsonSchema(Map.of("type", "object", "properties", properties, "required",
                List.copyOf(properties.keySet()), "additionalProperties", false));
        try (var engine = new LocalEngine(SETTINGS); var model = engine.load(story.model())) {
            for (long seed = 1; seed <= 4; seed++) {
                var told = new Collected();
                var request = GenerationRequest.of(story.tokens(), 118, Sampling.atTemperature(0.8).withSeed(seed),
                        Duration.ofMinutes(1)).withGrammar(grammar);
                model.generate(request, told).done().join();
                assertThat(told.result().reason()).as(told.text()).isEqualTo(FinishReason.STOP);
                var json = JsonMapper.shared().readTree(told.text());
                assertThat(json.propertyNames()).containsExactly("name", "age", "colours");
                assertThat(json.get("name").asString().codePoints().count()).isLessThanOrEqualTo(8);
                assertThat(json.get("age").intValue()).isBetween(0, 150);
                assertThat(json.get("colours")).hasSizeLessThanOrEqualTo(3)
                        .allMatch(colour -> List.of("red", "blue").contains(colour.asString()));
            }
        }
    }

    @Test
    void readsLogitsLikeTheReference() throws IOException {
        var story = Story.read(STORIES);
        int last = story.tokens().length - 1;
        try (var engine = new LocalEngine(SETTINGS); var model = engine.load(story.model())) {
            float[][] rows = model.logits(story.tokens(), new int[]{last, 0, story.tokens().length / 2});
            for (int i = 0; i < 512; i++) {
                assertThat(rows[1][i]).isCloseTo(story.logits()[0][i], within(0.02f));
                assertThat(rows[2][i]).isCloseTo(story.logits()[1][i], within(0.02f));
                assertThat(rows[0][i]).isCloseTo(story.logits()[2][i], within(0.02f));
            }
        }
    }

    @Test
    void embedsTextsAsUnitVectorsWhateverTheChunks() throws IOException {
        var story = Story.read(STORIES);
        var small = new EngineSettings(1, 2, 2, Duration.ofSeconds(9), Duration.ofSeconds(60), 1 << 24, CacheType.F32,
                0, 3, 1.7, 10,
                Duration.ZERO, Speculation.OFF);
        try (var engine = new LocalEngine(SETTINGS);
                var other = new LocalEngine(small);
                var model = engine.load(story.model());
                var chunked = other.load(story.model())) {
            float[] dog = model.embed(model.prompt("The dog ran to the big tree."));
            float[] cat = model.embed(model.prompt("The cat ran to the big tree."));
            float[] far = model.embed(model.prompt("\"Yes, mommy, I love cake!\" she said."));
            assertThat(dog).hasSize(64);
            assertThat(cosine(dog, dog)).isCloseTo(1, within(1e-5));
            assertThat(cosine(dog, cat)).isGreaterThan(cosine(dog, far));
            float[] same = chunked.embed(model.prompt("The dog ran to the big tree."));
            assertThat(cosine(dog, same)).isCloseTo(1, within(1e-5));
        }
    }

    @Test
    void stopTextsAndCancelEndAStory() throws IOException {
        var story = Story.read(STORIES);
        try (var engine = new LocalEngine(SETTINGS); var model = engine.load(story.model())) {
            var stopped = new Collected();
            model.generate(new GenerationRequest(story.tokens(), 100, Sampling.greedy(), List.of("loved to"), null,
                    Duration.ofMinutes(1)), stopped).done().join();
            assertThat(stopped.text()).isEqualTo(" girl named Lily. She ");
            assertThat(stopped.result().stopText()).isEqualTo("loved to");
            var cancelled = new Collected();
            var generation = model.generate(GenerationRequest.of(story.tokens(), 118, Sampling.greedy(),
                    Duration.ofMinutes(1)), cancelled);
            generation.cancel();
            assertThat(generation.done().join().reason()).isEqualTo(FinishReason.CANCELLED);
        }
    }

    @Test
    @SuppressWarnings("try") // closing by hand is what is tested
    void aFileIsLoadedOnceAndFreedByTheLastHandle() throws IOException {
        var story = Story.read(STORIES);
        try (var engine = new LocalEngine(SETTINGS)) {
            var one = engine.load(story.model());
            var two = engine.load(story.model().resolveSibling("../stories260K/stories260K-F32.gguf"));
            Collected.greedy(one, story.tokens(), 3).result();
            assertThat(two.load().accepted()).isOne();
            one.close();
            one.close();
            assertThatThrownBy(() -> one.embed(new int[]{1})).isInstanceOf(EngineException.Closed.class);
            assertThat(Collected.greedy(two, story.tokens(), 3).text()).isEqualTo(" girl");
            two.close();
            var fresh = engine.load(story.model());
            assertThat(fresh.load().accepted()).isZero();
            engine.close();
            assertThatThrownBy(() -> Collected.greedy(fresh, story.tokens(), 3))
                    .isInstanceOf(EngineException.Closed.class);
            assertThatThrownBy(() -> engine.load(story.model())).isInstanceOf(EngineException.Closed.class);
            fresh.close();
        }
    }

    @Test
    void theCardTellsWhatTheFileSays() throws IOException {
        var story = Story.read("weights/stories260K/stories260K-Q8_0");
        try (var engine = new LocalEngine(SETTINGS); var model = engine.load(story.model())) {
            var card = model.card();
            assertThat(card.name()).isEqualTo("stories260K-Q8_0");
            assertThat(card.architecture()).isEqualTo("llama");
            assertThat(card.weightType()).isEqualTo("Q8_0");
            assertThat(card.parameters()).isBetween(250_000L, 300_000L);
            assertThat(card.bytes()).isEqualTo(Files.size(story.model()));
            assertThat(card.contextLength()).isEqualTo(128);
            assertThat(card.vocabulary()).isEqualTo(512);
            assertThat(model.sha256()).hasSize(64).isEqualTo(Checksum.of(story.model()));
        }
    }

    @Test
    void whatCannotBeRunIsRefusedByNameAndWithoutItsPath(@TempDir Path folder) throws IOException {
        var text = Files.writeString(folder.resolve("notes.gguf"), "these are only notes, no weights at all");
        try (var engine = new LocalEngine(SETTINGS)) {
            for (int i = 0; i < 2; i++) { // the second time as well: a failed load leaves nothing behind
                assertThatThrownBy(() -> engine.load(text)).isInstanceOf(EngineException.UnusableModel.class)
                        .hasMessageContaining("model notes:")
                        .hasMessageNotContaining(folder.toString());
            }
            assertThatThrownBy(() -> engine.load(folder.resolve("none.gguf")))
                    .isInstanceOf(NoSuchFileException.class);
        }
    }

    private static Integer[] boxed(int[] tokens) {
        return Arrays.stream(tokens).boxed().toArray(Integer[]::new);
    }

    private static double cosine(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }
}
