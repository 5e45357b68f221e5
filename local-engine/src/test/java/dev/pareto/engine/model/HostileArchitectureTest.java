package dev.pareto.engine.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.pareto.engine.Shared;

/** Right files of every architecture with sizes made wrong: each is refused by the name of what is wrong, or computed. */
final class HostileArchitectureTest {

    @TempDir
    Path folder;

    private HostileFile file(String model) throws IOException {
        return new HostileFile(folder, Files.readAllBytes(Shared.path("golden/" + model + ".gguf")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"mixtral-moe | llama.expert_used_count | 5 | should be at most the 4 experts",
            "mixtral-moe | llama.expert_count | 3 | should have the shape",
            "mixtral-moe | llama.expert_count | 4097 | should be at most 4096",
            "qwen3 | qwen3.attention.key_length | 48 | should have the shape",
            "qwen3moe | qwen3moe.expert_feed_forward_length | 31 | should have the shape",
            "phi3-plain | phi3.attention.head_count_kv | 2 | should have the shape",
            "phi3-longrope-long | phi3.rope.dimension_count | 14 | rope_factors_short.weight",
            "gemma2 | gemma2.attention.sliding_window | 0 | should be from 1",
            "falcon7b | falcon.attention.head_count_kv | 4 | should have the shape",
            "dbrx | dbrx.feed_forward_length | 64 | should have the shape",
            "gpt-oss-f32 | gpt-oss.attention.sliding_window | 0 | should be from 1",
            "deepseek-v2 | deepseek2.expert_group_count | 3 | should divide the 8 experts",
            "deepseek-v2 | deepseek2.expert_group_used_count | 5 | should be at most the 4 groups",
            "deepseek-v2 | deepseek2.expert_gating_func | 4 | is not supported yet",
            "deepseek-v2 | deepseek2.rope.dimension_count | 24 | should be less than the key length 24",
            "deepseek-v2 | deepseek2.attention.q_lora_rank | 47 | should have the shape",
            "deepseek-v3 | deepseek2.attention.kv_lora_rank | 31 | should have the shape",
            "deepseek-v3 | deepseek2.attention.value_length_mla | 8 | should have the shape",
            "deepseek-v3 | deepseek2.attention.head_count | 16777216 | makes vectors longer than",
            "deepseek-v3 | deepseek2.leading_dense_block_count | 0 | blk.0.ffn_gate_inp.weight is missing",
            "mpt | mpt.attention.head_count | 3 | should divide the 3 heads",
            "gpt2 | gpt2.context_length | 127 | should have the shape"})
    void aSizeThatDoesNotFitIsRefusedWithItsName(String model, String key, int value, String reason)
            throws IOException {
        file(model).assertRefused(key, value, reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mixtral-moe", "qwen2", "qwen3moe", "phi3-longrope-long", "gemma2", "gemma3", "falcon40b",
            "dbrx", "openelm", "gpt-oss-f32", "deepseek-v2", "deepseek-v3", "mpt", "gpt2"})
    void flippedBytesAreRefusedOrComputedButNeverFailOtherwise(String model) throws IOException {
        var file = file(model);
        file.assertFlipsDoNoHarm(new SplittableRandom(4), file.find("tokenizer."), 60);
    }
}
