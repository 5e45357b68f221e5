package dev.pareto.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Embeddings and rankings from text to vector, against an oracle in NumPy; F32 weights. */
final class TextReadingTest {

    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final double MOST_NMSE = 1e-6;
    private static final int NONE = 0;
    private static final int MEAN = 1;
    private static final int CLS = 2;
    private static final int RANK = 4;

    @TempDir
    Path folder;
    private LocalEngine engine;

    @BeforeEach
    void start() {
        engine = new LocalEngine(
                EngineSettings.defaults().withThreads(2).withSequences(3, 2).withWarmUp(Duration.ZERO));
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private LoadedModel model(String name, int pooling) throws IOException {
        return engine.load(Oracle.model(folder, name, pooling));
    }

    private static EmbeddingRequest request(LoadedModel model, List<String> texts) {
        return new EmbeddingRequest(texts.stream().map(model::prompt).toList(), null, LIMIT);
    }

    @ParameterizedTest
    @CsvSource({"bert,1", "bert,2", "bert,3", "nomic-bert,1", "nomic-bert,2", "nomic-bert,3", "jina-bert-v2,1",
            "jina-bert-v2,2", "jina-bert-v2,3", "qwen3,1", "qwen3,2", "qwen3,3"})
    void textsBecomeTheOraclesVectorsHoweverTheyAreBatched(String name, int pooling) throws Exception {
        var oracle = Oracle.read(name);
        try (var model = model(name, pooling)) {
            var texts = oracle.texts().stream().map(Oracle.Text::text).toList();
            var all = request(model, texts);
            for (int i = 0; i < texts.size(); i++) {
                assertThat(all.inputs().get(i)).isEqualTo(oracle.texts().get(i).tokens());
            }
            var together = model.embed(all).get();
            assertThat(together.promptTokens()).isEqualTo(all.inputs().stream().mapToInt(ids -> ids.length).sum());
            for (int i = 0; i < texts.size(); i++) {
                var text = oracle.texts().get(i);
                var expected = pooling == MEAN ? text.mean() : pooling == CLS ? text.cls() : text.last();
                assertThat(together.vectors().get(i).length).isOne();
                assertThat(Oracle.nmse(together.vectors().get(i)[0], expected)).as(text.text()).isLessThan(MOST_NMSE);
                assertThat(Oracle.nmse(model.embed(text.tokens()), expected)).as(text.text()).isLessThan(MOST_NMSE);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert", "jina-bert-v2", "qwen3"})
    void documentsGetTheOraclesScoresFromTexts(String name) throws Exception {
        var oracle = Oracle.read(name);
        try (var model = model(name, RANK)) {
            var first = oracle.pairs().getFirst();
            var documents = List.of(first.document(), oracle.pairs().get(1).document());
            var ranked = model.rerank(new RerankRequest(first.query(), documents, LIMIT)).get();

            assertThat(model.reading().ranks()).isTrue();
            assertThat(ranked.promptTokens())
                    .isEqualTo(first.tokens().length + oracle.pairs().get(1).tokens().length);
            for (int i = 0; i < 2; i++) {
                var score = ranked.scores().get(i);
                double expected = oracle.pairs().get(i).score();
                assertThat(score.raw()).isCloseTo(expected, within(1e-4));
                assertThat(score.relevance()).isBetween(0.0, 1.0)
                        .isCloseTo(name.equals("qwen3") ? expected : 1 / (1 + Math.exp(-expected)), within(1e-4));
            }
        }
    }

    @Test
    void withoutPoolingEachTokenKeepsItsState() throws Exception {
        var oracle = Oracle.read("bert");
        try (var model = model("bert", NONE)) {
            var rows = model.embed(new EmbeddingRequest(List.of(oracle.texts().getFirst().tokens()), null, LIMIT))
                    .get()
                    .vectors()
                    .getFirst();
            var flat = new float[oracle.states().length];
            for (int i = 0; i < rows.length; i++) {
                System.arraycopy(rows[i], 0, flat, i * rows[i].length, rows[i].length);
            }
            assertThat(rows.length).isEqualTo(oracle.texts().getFirst().tokens().length);
            assertThat(Oracle.nmse(flat, oracle.states())).isLessThan(MOST_NMSE);
            assertThat(model.reading().embeds()).isFalse();
            assertThatThrownBy(() -> model.embed(new int[]{1, 2})).isInstanceOf(EngineException.InvalidRequest.class)
                    .hasMessageContaining("asks for no pooling");
        }
    }

    @Test
    void vectorsAreCutOnlyWhereTheFileSaysThatTheyMayBe() throws Exception {
        try (var model = model("bert", MEAN); var other = model("nomic-bert", MEAN)) {
            var tokens = model.prompt("the big tree");
            var whole = model.embed(tokens);
            var cut = model.embed(new EmbeddingRequest(List.of(tokens), 16, LIMIT)).get().vectors().getFirst()[0];

            double length = 0;
            for (int i = 0; i < 16; i++) {
                length += whole[i] * whole[i];
            }
            assertThat(cut).hasSize(16);
            assertThat(cut[3]).isCloseTo((float) (whole[3] / Math.sqrt(length)), within(1e-6f));
            assertThat(other.embed(new EmbeddingRequest(List.of(tokens), 48, LIMIT)).get().vectors().getFirst()[0])
                    .hasSize(48);
            assertThatThrownBy(() -> other.embed(new EmbeddingRequest(List.of(tokens), 16, LIMIT)))
                    .isInstanceOf(EngineException.InvalidRequest.class)
                    .hasMessageContaining("cannot be cut to 16 of their 48");
            assertThatThrownBy(() -> model.embed(new EmbeddingRequest(List.of(tokens), 49, LIMIT)))
                    .hasMessageContaining("have 48");
        }
    }

    @Test
    void aModelIsAskedOnlyForWhatItCanDo() throws Exception {
        try (var embeds = model("bert", MEAN); var ranks = model("bert", RANK)) {
            assertThat(embeds.reading().writes()).isFalse();
            assertThat(embeds.reading().embeds()).isTrue();
            var rerank = new RerankRequest("a", List.of("b"), LIMIT);
            var embed = request(ranks, List.of("a"));
            var write = GenerationRequest.of(new int[]{5}, 3, Sampling.greedy(), LIMIT);
            assertThatThrownBy(() -> embeds.rerank(rerank)).isInstanceOf(EngineException.InvalidRequest.class)
                    .hasMessageContaining("ranks no texts");
            assertThatThrownBy(() -> ranks.embed(embed)).isInstanceOf(EngineException.InvalidRequest.class)
                    .hasMessageContaining("embeds none");
            assertThatThrownBy(() -> embeds.generate(write, new Collected()))
                    .isInstanceOf(EngineException.InvalidRequest.class)
                    .hasMessageContaining("writes none");
            assertThatThrownBy(() -> embeds.logits(new int[]{5}, new int[]{0}))
                    .isInstanceOf(EngineException.InvalidRequest.class);
        }
    }

    @Test
    void aTextBeyondTheContextIsRefusedWithBothNumbers() throws Exception {
        try (var model = model("bert", MEAN)) {
            var fits = model.prompt("tree");
            assertThatThrownBy(() -> model.embed(new EmbeddingRequest(List.of(fits, new int[121]), null, LIMIT)))
                    .isInstanceOfSatisfying(EngineException.ContextTooLong.class, tooLong -> {
                        assertThat(tooLong.promptTokens()).isEqualTo(121);
                        assertThat(tooLong.limit()).isEqualTo(120);
                    });
            assertThat(model.embed(new EmbeddingRequest(List.of(new int[120]), null, LIMIT)).get().vectors())
                    .hasSize(1);
        }
    }

    @Test
    void aRequestOfMoreTextsThanPlacesIsServedAndAClosedModelIsTold() throws Exception {
        var oracle = Oracle.read("bert");
        try (var model = model("bert", MEAN)) {
            var tokens = oracle.texts().get(1).tokens();
            var many = model.embed(new EmbeddingRequest(Collections.nCopies(200, tokens), null, LIMIT)).get();
            assertThat(many.vectors()).hasSize(200)
                    .allSatisfy(rows -> assertThat(Oracle.nmse(rows[0], oracle.texts().get(1).mean()))
                            .isLessThan(MOST_NMSE));
            assertThat(model.load().accepted()).isOne();
            var late = model.embed(new EmbeddingRequest(Collections.nCopies(2048, tokens), null, LIMIT));
            engine.close();
            assertThatThrownBy(late::get).isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(EngineException.Closed.class);
        }
    }
}
