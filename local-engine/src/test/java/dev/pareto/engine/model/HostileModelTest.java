package dev.pareto.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.file.Path;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.pareto.engine.gguf.GgufException;
import dev.pareto.engine.gguf.GgufWriter;
import dev.pareto.engine.gguf.WeightType;

/** Files that are right as GGUF and wrong as a model. */
final class HostileModelTest {

    @TempDir
    Path folder;

    private void load(GgufWriter writer) throws Exception {
        HostileFile.use(folder, writer.toByteArray());
    }

    @Test
    void anUnknownArchitectureIsNamedWithTheSupportedOnes() {
        assertThatThrownBy(() -> load(GgufWriter.file(0, 1).key("general.architecture", "mamba")))
                .isInstanceOf(GgufException.class)
                .hasMessageContaining("'mamba', which is not supported yet; supported: [")
                .hasMessageContaining("llama");
        assertThatThrownBy(() -> load(GgufWriter.file(0, 0))).isInstanceOf(GgufException.class)
                .hasMessageContaining("general.architecture is missing");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"llama.embedding_length | 0 | should be from 1 to 16777216",
            "llama.embedding_length | 63 | should divide the embedding of 63",
            "llama.embedding_length | 68 | should have the shape",
            "llama.block_count | -1 | should be an integer of 32 bits",
            "llama.block_count | 2 | blk.1.attn_norm.weight",
            "llama.attention.head_count | 0 | should be from 1",
            "llama.attention.head_count_kv | 3 | should divide the 4",
            "llama.attention.head_count | 16777216 | should divide the embedding of 64",
            "llama.feed_forward_length | 97 | should have the shape",
            "llama.expert_count | 8 | blk.0.ffn_gate_inp.weight is missing",
            "llama.expert_count | 8192 | should be at most 4096",
            "llama.attention.key_length | 7 | should have the shape",
            "llama.attention.key_length | 16777216 | makes vectors longer than 16777216",
            "llama.rope.dimension_count | 17 | should be even",
            "llama.rope.dimension_count | 32 | at most the head size 16",
            "llama.context_length | 0 | should be from 1", "split.count | 2 | split.tensors.count is missing"})
    void aSizeThatDoesNotFitIsRefusedWithItsKey(String key, int value, String reason) {
        assertThatThrownBy(() -> load(model(key, value, 8, "blk.0.ffn_up.weight"))).isInstanceOf(GgufException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void aWeightTypeThatIsNotSupportedIsNamedWithTheTensor() {
        assertThatThrownBy(() -> load(model("any", 1, WeightType.Q8_1.id(), "blk.0.ffn_up.weight")))
                .isInstanceOf(GgufException.class)
                .hasMessageContaining("tensor blk.0.ffn_up.weight [64, 96] Q8_1")
                .hasMessageContaining("has weight type Q8_1 (9), which is not supported yet");
    }

    @Test
    void aTensorThatNothingUsesIsRefusedAndAMissingOneToo() {
        assertThatThrownBy(() -> load(model("any", 1, 8, "blk.0.ffn_up_extra.weight")))
                .isInstanceOf(GgufException.class)
                .hasMessageContaining("tensor blk.0.ffn_up.weight is missing");
        assertThat(catchThrowable(() -> load(model("any", 1, 8, "blk.0.ffn_up.weight")))).isNull();
    }

    @Test
    void flippedBytesOfAModelAreRefusedOrComputedButNeverFailOtherwise() {
        new HostileFile(folder, model("any", 1, 8, "blk.0.ffn_up.weight").toByteArray())
                .assertFlipsDoNoHarm(new SplittableRandom(3), 1400, 800);
    }

    /** A model of one layer with one key changed or added and one tensor of another type or name. */
    private static GgufWriter model(String key, int value, int upType, String upName) {
        var writer = new ModelHead(key, value);
        writer.add("llama.context_length", 16);
        writer.add("llama.embedding_length", 64);
        writer.add("llama.block_count", 1);
        writer.add("llama.attention.head_count", 4);
        writer.add("llama.attention.head_count_kv", 2);
        writer.add("llama.feed_forward_length", 96);
        var file = writer.finish();
        long offset = 0;
        offset = tensor(file, "token_embd.weight", 8, offset, 64, 50);
        offset = tensor(file, "output_norm.weight", 0, offset, 64);
        offset = tensor(file, "blk.0.attn_norm.weight", 0, offset, 64);
        offset = tensor(file, "blk.0.attn_q.weight", 8, offset, 64, 64);
        offset = tensor(file, "blk.0.attn_k.weight", 8, offset, 64, 32);
        offset = tensor(file, "blk.0.attn_v.weight", 8, offset, 64, 32);
        offset = tensor(file, "blk.0.attn_output.weight", 8, offset, 64, 64);
        offset = tensor(file, "blk.0.ffn_norm.weight", 0, offset, 64);
        offset = tensor(file, "blk.0.ffn_gate.weight", 8, offset, 64, 96);
        offset = tensor(file, upName, upType, offset, 64, 96);
        offset = tensor(file, "blk.0.ffn_down.weight", 8, offset, 96, 64);
        return file.pad(32).bytes(new byte[(int) offset]);
    }

    private static long tensor(GgufWriter file, String name, int type, long offset, long... shape) {
        file.tensor(name, type, offset, shape);
        long elements = shape.length == 1 ? shape[0] : shape[0] * shape[1];
        return offset
                + Math.ceilDiv(WeightType.valueOf(type == 0 ? "F32" : type == 8 ? "Q8_0" : "Q8_1").bytes(elements),
                        32) * 32;
    }

    /** Keys with one of them replaced, or added at the end if it is none of them. */
    private static final class ModelHead {

        private final String key;
        private final int value;
        private final GgufWriter body = new GgufWriter();
        private int count = 1;
        private boolean used;

        ModelHead(String key, int value) {
            this.key = key;
            this.value = value;
            body.key("general.architecture", "llama");
        }

        void add(String name, int usual) {
            used |= name.equals(key);
            body.uint32(name, name.equals(key) ? value : usual);
            count++;
        }

        GgufWriter finish() {
            if (!used) {
                add(key, value);
            }
            return GgufWriter.file(11, count).bytes(body.toByteArray());
        }
    }
}
