package dev.pareto.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.pareto.engine.Oracle;
import dev.pareto.engine.gguf.GgufException;
import dev.pareto.engine.gguf.GgufFile;
import dev.pareto.engine.kernel.Kernels;
import dev.pareto.engine.tensor.ComputePool;

/** Right encoders with sizes made wrong: each is refused by the name of what is wrong, or computed. */
final class HostileEncoderTest {

    @TempDir
    Path folder;

    private void load(byte[] bytes) throws Exception {
        var path = Files.write(folder.resolve("model.gguf"), bytes);
        try (var file = GgufFile.open(path);
                var pool = new ComputePool(1);
                var decoder = Decoder.load(file, pool, Kernels.scalar());
                var cache = decoder.newCache(2)) {
            var states = decoder.states(List.of(Slice.of(cache, LogitsWanted.ALL, 0, 1)));
            assertThat(states.length).isEqualTo(2);
        }
    }

    private byte[] right(String model) throws IOException {
        return Files.readAllBytes(Oracle.model(folder, model, 1));
    }

    private static int find(byte[] bytes, String text) {
        int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(text);
        assertThat(at).as(text).isPositive();
        return at;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"bert | bert.context_length | 119 | should have the shape",
            "bert | bert.feed_forward_length | 79 | should have the shape",
            "bert | bert.pooling_type | 5 | should be from 0 to 4",
            "bert | bert.attention.head_count | 5 | should divide the embedding of 48",
            "nomic-bert | nomic-bert.embedding_length | 64 | should have the shape",
            "nomic-bert | nomic-bert.block_count | 3 | blk.2.",
            "jina-bert-v2 | jina-bert-v2.feed_forward_length | 40 | should have the shape",
            "jina-bert-v2 | jina-bert-v2.block_count | 1 | is no part of architecture jina-bert-v2",
            "qwen3 | qwen3.attention.key_length | 24 | should have the shape"})
    void aSizeThatDoesNotFitIsRefusedWithItsName(String model, String key, int value, String reason)
            throws IOException {
        var bytes = right(model);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(find(bytes, key) + key.length() + 4, value);
        assertThat(catchThrowable(() -> load(bytes))).isInstanceOf(GgufException.class).hasMessageContaining(reason);
    }

    @Test
    void anEncoderThatSaysItIsCausalIsRefused() throws IOException {
        var bytes = right("bert");
        String key = "bert.attention.causal";
        bytes[find(bytes, key) + key.length() + 4] = 1;
        assertThat(catchThrowable(() -> load(bytes))).isInstanceOf(GgufException.class)
                .hasMessageContaining("bert.attention.causal");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert", "nomic-bert", "jina-bert-v2"})
    void flippedBytesAreRefusedOrComputedButNeverFailOtherwise(String model) throws IOException {
        var random = new SplittableRandom(5);
        var right = right(model);
        int sizesEnd = find(right, "tokenizer.");
        for (int round = 0; round < 150; round++) {
            var bytes = right.clone();
            for (int flips = random.nextInt(1, 4); flips > 0; flips--) {
                bytes[random.nextInt(sizesEnd)] = (byte) random.nextInt(256);
            }
            var thrown = catchThrowable(() -> load(bytes));
            if (thrown != null) {
                assertThat(thrown).as("round %d", round).isInstanceOf(GgufException.class);
            }
        }
    }
}
