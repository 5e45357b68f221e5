package dev.pareto.engine.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.pareto.engine.BareModel;
import dev.pareto.engine.EngineSettings;
import dev.pareto.engine.LocalEngine;
import dev.pareto.engine.bench.RandomLlama.Recipe;
import dev.pareto.engine.gguf.GgufFile;
import dev.pareto.engine.gguf.TensorInfo;
import dev.pareto.engine.gguf.WeightType;
import dev.pareto.engine.tensor.Blocks;

final class RandomLlamaTest {

    @TempDir
    private Path folder;

    private static RandomLlama tiny(Recipe recipe) {
        return new RandomLlama(recipe, 600, 128, 4, 256, 4, 2, 512);
    }

    private Path write(Recipe recipe) throws IOException {
        var path = folder.resolve(recipe + ".gguf");
        tiny(recipe).write(path, 7);
        return path;
    }

    @ParameterizedTest
    @EnumSource(Recipe.class)
    void weightsLieAroundZeroWithTheDeviationOfTrainedOnes(Recipe recipe) throws IOException {
        try (var file = GgufFile.open(write(recipe))) {
            assertThat(file.tensors()).hasSize(2 + 4 * 9).allSatisfy(tensor -> {
                var weights = weights(file, tensor);
                if (tensor.type() == WeightType.F32) {
                    assertThat(weights).hasSize(256);
                    for (float weight : weights) {
                        assertThat(weight).isBetween(0.9f, 1.1f);
                    }
                    return;
                }
                double sum = 0;
                double squares = 0;
                for (float weight : weights) {
                    sum += weight;
                    squares += weight * weight;
                }
                double expected = 1 / Math.sqrt((double) tensor.dimension(0));
                assertThat(Math.sqrt(squares / weights.length)).isCloseTo(expected, within(0.1 * expected));
                assertThat(sum / weights.length).isCloseTo(0, within(0.1 * expected));
            });
        }
    }

    private static float[] weights(GgufFile file, TensorInfo tensor) {
        var weights = new float[Math.toIntExact(tensor.elements())];
        Blocks.dequantise(tensor.type(), file.data(tensor), 0, weights.length, weights, 0);
        return weights;
    }

    @Test
    void theMixtureIsThatOfLlamaCpp() throws IOException {
        try (var file = GgufFile.open(write(Recipe.Q4_K_M))) {
            assertThat(file.tensors()
                    .stream()
                    .filter(tensor -> tensor.type() == WeightType.Q6_K)
                    .map(TensorInfo::name)
                    .collect(Collectors.toSet()))
                    .containsExactlyInAnyOrder("token_embd.weight", "blk.2.attn_v.weight", "blk.2.ffn_down.weight",
                            "blk.3.attn_v.weight", "blk.3.ffn_down.weight");
        }
    }

    /** As llama.cpp's own files of that shape, without the vocabulary. */
    @Test
    void aBillionWeightsHaveTheirUsualSizes() {
        assertThat(RandomLlama.ofOneBillion(Recipe.Q8_0).weightBytes() / 1e9).isCloseTo(1.313, within(0.001));
        assertThat(RandomLlama.ofOneBillion(Recipe.Q4_0).weightBytes() / 1e9).isCloseTo(0.695, within(0.001));
        assertThat(RandomLlama.ofOneBillion(Recipe.Q4_K_M).weightBytes() / 1e9).isCloseTo(0.800, within(0.001));
        assertThat(RandomLlama.ofOneBillion(Recipe.F16).weightBytes() / 1e9).isCloseTo(2.472, within(0.001));
    }

    @ParameterizedTest
    @EnumSource(Recipe.class)
    void theEngineRunsIt(Recipe recipe) throws IOException {
        var path = write(recipe);
        var settings = EngineSettings.defaults().withThreads(1).withWarmUp(Duration.ZERO);
        try (var model = BareModel.open(path, settings)) {
            assertThat(model.bytes()).isEqualTo(Files.size(path));
            assertThat(model.weightBytesPerToken()).isEqualTo(tiny(recipe).weightBytes());
            float[] logits = model.logits(new int[]{0, 300, 599}, new int[]{2}, 3)[0];
            double squares = 0;
            for (float logit : logits) {
                squares += logit * logit;
            }
            assertThat(logits).hasSize(600);
            assertThat(Math.sqrt(squares / logits.length)).isBetween(0.3, 3.0);
        }
        assertThat(LocalEngine.faultOf(path)).isEmpty();
    }

    @Test
    void anyTextCanBeWrittenInItsVocabulary() throws IOException {
        var tokenizer = LocalEngine.tokenizerOf(write(Recipe.F16));
        String text = "The tea is hot, isn't it? 12,345 €\n\t最後 \0";

        assertThat(tokenizer.vocabularySize()).isEqualTo(600);
        assertThat(tokenizer.decode(tokenizer.encode(text, false))).isEqualTo(text);
        assertThat(tokenizer.encode(" te", false)).as("words are put together").hasSizeLessThan(3);
        assertThat(tokenizer.encode("<|eot_id|>", true)).containsExactly(599);
        assertThat(tokenizer.isEndOfGeneration(599)).isTrue();
    }

    @Test
    void equalSeedsGiveEqualFiles() throws IOException {
        var one = folder.resolve("one.gguf");
        var two = folder.resolve("two.gguf");
        RandomLlama.main(new String[]{"Q8_0", one.toString(), "--vocabulary", "300", "--layers", "1", "--embedding",
                "64", "--heads", "2", "--kv-heads", "1", "--feed-forward", "96", "--context", "32", "--seed", "3"});
        new RandomLlama(Recipe.Q8_0, 300, 32, 1, 64, 2, 1, 96).write(two, 3);

        assertThat(one).hasSameBinaryContentAs(two);
    }

    @Test
    void aShapeThatCannotBeIsRefused() {
        assertThatThrownBy(() -> new RandomLlama(Recipe.Q4_K_M, 600, 128, 4, 128, 4, 2, 512))
                .hasMessageContaining("multiples of 256");
        assertThatThrownBy(() -> new RandomLlama(Recipe.F16, 600, 128, 4, 256, 4, 3, 512))
                .hasMessageContaining("kv-heads");
        assertThatThrownBy(() -> new MadeUpVocabulary(260)).hasMessageContaining("at least 261");
    }
}
