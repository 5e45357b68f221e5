package dev.pareto.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.pareto.engine.gguf.GgufFile;

final class BareModelTest {

    private static final EngineSettings SETTINGS = EngineSettings.defaults().withThreads(1).withWarmUp(Duration.ZERO);
    private static final int[] TOKENS = IntStream.range(0, 40).map(i -> 3 + i * 7 % 200).toArray();

    private static Path model(String name) {
        return Path.of(URI.create(Objects.requireNonNull(BareModelTest.class.getResource("model/" + name + ".gguf"))
                .toString()));
    }

    @Test
    void logitsAreThoseOfTheModelThatServes() throws IOException {
        int[] positions = {39, 0, 17, 18};
        try (var bare = BareModel.open(model("yi"), SETTINGS);
                var engine = new LocalEngine(SETTINGS);
                var served = engine.load(model("yi"))) {
            float[][] expected = served.logits(TOKENS, positions);
            float[][] rows = bare.logits(TOKENS, positions, 256);
            for (int i = 0; i < positions.length; i++) {
                assertThat(rows[i]).containsExactly(expected[i], within(1e-4f));
            }
            assertThat(bare.logits(TOKENS, new int[]{0, 0}, 40)[1]).containsExactly(rows[1], within(1e-4f));
        }
    }

    @Test
    void theContextDecidesWhereALongRopePutsTokens() throws IOException {
        var path = Shared.path("golden/phi3-longrope-long.gguf");
        try (var bare = BareModel.open(path, SETTINGS)) {
            float[] near = bare.logits(TOKENS, new int[]{39}, 64)[0];
            float[] far = bare.logits(TOKENS, new int[]{39}, 256)[0];
            assertThat(Arrays.equals(near, far)).isFalse();
        }
    }

    @Test
    void aContextLongerThanTheModelsIsTheModels() throws IOException {
        int[] tokens = IntStream.range(0, 28).map(i -> i * 7 % 24).toArray();
        try (var bare = BareModel.open(model("mpt-positions"), SETTINGS)) {
            assertThat(bare.contextLength()).isEqualTo(64);
            assertThat(bare.logits(tokens, new int[]{27}, 256)).isDeepEqualTo(bare.logits(tokens, new int[]{27}, 64));
            assertThatThrownBy(() -> bare.logits(new int[65], new int[]{64}, 256))
                    .isInstanceOf(EngineException.ContextTooLong.class)
                    .hasMessageContaining("65 tokens")
                    .hasMessageContaining("64 (the context length of mpt-positions)");
        }
    }

    @Test
    void whatDoesNotExistIsRefusedWithItsPlace() throws IOException {
        try (var bare = BareModel.open(model("yi"), SETTINGS)) {
            assertThatThrownBy(() -> bare.logits(new int[]{1, 99_999}, new int[]{0}, 8)).hasMessageContaining("99999")
                    .isInstanceOf(EngineException.InvalidRequest.class);
            assertThatThrownBy(() -> bare.logits(TOKENS, new int[]{40}, 64)).hasMessageContaining("0 to 39");
            assertThatThrownBy(() -> bare.logits(TOKENS, new int[]{1}, 39))
                    .isInstanceOf(EngineException.ContextTooLong.class);
            assertThatThrownBy(() -> bare.logits(TOKENS, new int[]{1}, 0)).hasMessageContaining("at least one");
            assertThatThrownBy(() -> bare.prefill(1 << 30)).isInstanceOf(EngineException.ContextTooLong.class);
            assertThatThrownBy(() -> bare.decode(0)).isInstanceOf(EngineException.InvalidRequest.class);
        }
    }

    @Test
    void anEncoderIsRefusedInWords(@TempDir Path folder) throws IOException {
        try (var bare = BareModel.open(Oracle.model(folder, "bert", 1), SETTINGS)) {
            assertThatThrownBy(() -> bare.logits(new int[]{1}, new int[]{0}, 8)).hasMessageContaining("only reads")
                    .isInstanceOf(EngineException.InvalidRequest.class);
            assertThatThrownBy(() -> bare.prefill(8)).isInstanceOf(EngineException.InvalidRequest.class);
        }
    }

    @Test
    void onlyComputingIsTimed() throws IOException {
        var clock = new AtomicLong();
        try (var bare = BareModel.open(model("yi"), SETTINGS, () -> clock.getAndAdd(1_000))) {
            assertThat(bare.prefill(33)).isEqualTo(Duration.ofNanos(1_000));
            assertThat(bare.decode(5)).isEqualTo(Duration.ofNanos(1_000));
        }
    }

    @Test
    void aTokenReadsAllWeightsButTheOtherRowsOfTables() throws IOException {
        assertThat(readBytes(model("llama32-tied-ropefreqs"), "")).as("tied").isZero();
        try (var file = GgufFile.open(model("yi"))) {
            var table = file.requireTensor("token_embd.weight");
            assertThat(readBytes(model("yi"), "")).isEqualTo(table.bytes() / table.dimension(1) - table.bytes());
        }
    }

    @Test
    void aTokenReadsOfExpertsOnlyThoseItUses() throws IOException {
        var mixture = Shared.path("golden/mixtral-moe.gguf");
        try (var file = GgufFile.open(mixture)) {
            var metadata = file.metadata();
            int unused = metadata.requireInt("llama.expert_count") - metadata.requireInt("llama.expert_used_count");
            long experts = file.tensors()
                    .stream()
                    .filter(tensor -> tensor.name().contains("_exps."))
                    .mapToLong(tensor -> tensor.bytes())
                    .sum();
            assertThat(unused).isPositive();
            assertThat(experts).isPositive();
            assertThat(readBytes(mixture, "token_embd.weight"))
                    .isEqualTo(-experts / metadata.requireInt("llama.expert_count") * unused);
        }
    }

    /** Bytes of a token beyond those of all tensors; an untied table that is left out counts with its one row. */
    private static long readBytes(Path path, String leftOut) throws IOException {
        try (var bare = BareModel.open(path, SETTINGS); var file = GgufFile.open(path)) {
            long all = file.tensors()
                    .stream()
                    .mapToLong(tensor -> tensor.name().equals(leftOut) && file.findTensor("output.weight") != null
                            ? tensor.bytes() / tensor.dimension(1)
                            : tensor.bytes())
                    .sum();
            return bare.weightBytesPerToken() - all;
        }
    }

    @Test
    void aFileThatIsNoModelIsRefusedByName(@TempDir Path folder) throws IOException {
        var text = Files.writeString(folder.resolve("notes.gguf"), "these are only notes, no weights at all");
        assertThatThrownBy(() -> BareModel.open(text, SETTINGS)).isInstanceOf(EngineException.UnusableModel.class)
                .hasMessageContaining("model notes:")
                .hasMessageNotContaining(folder.toString());
        assertThatThrownBy(() -> LocalEngine.tokenizerOf(text)).isInstanceOf(EngineException.UnusableModel.class)
                .hasMessageContaining("model notes:");
    }

    @Test
    void theKernelsSayWhatTheyAre() {
        var kernels = LocalEngine.kernels();
        assertThat(kernels.name()).matches("scalar|vector-\\d+(\\+vnni)?");
        assertThat(kernels.why()).isNotBlank();
        assertThat(kernels.copied().isEmpty()).isEqualTo(kernels.name().equals("scalar"));
    }
}
