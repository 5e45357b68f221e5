package dev.pareto.engine.model;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.pareto.engine.Oracle;
import dev.pareto.engine.gguf.GgufException;

/** Right encoders with sizes made wrong: each is refused by the name of what is wrong, or computed. */
final class HostileEncoderTest {

    @TempDir
    Path folder;

    private HostileFile file(String model) throws IOException {
        return new HostileFile(folder, Files.readAllBytes(Oracle.model(folder, model, 1)));
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
        file(model).assertRefused(key, value, reason);
    }

    @Test
    void anEncoderThatSaysItIsCausalIsRefused() throws IOException {
        var file = file("bert");
        var bytes = file.right().clone();
        bytes[file.valueOf("bert.attention.causal")] = 1;
        assertThatThrownBy(() -> HostileFile.use(folder, bytes)).isInstanceOf(GgufException.class)
                .hasMessageContaining("bert.attention.causal");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert", "nomic-bert", "jina-bert-v2"})
    void flippedBytesAreRefusedOrComputedButNeverFailOtherwise(String model) throws IOException {
        var file = file(model);
        file.assertFlipsDoNoHarm(new SplittableRandom(5), file.find("tokenizer."), 150);
    }
}
