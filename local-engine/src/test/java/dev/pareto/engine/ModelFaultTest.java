package dev.pareto.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.pareto.engine.gguf.GgufWriter;
import dev.pareto.engine.gguf.WeightType;
import dev.pareto.engine.model.RandomModel;

/** Which files can be run is known without loading them. */
final class ModelFaultTest {

    @TempDir
    Path folder;

    private Path file(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("model.gguf"), bytes);
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = ModelFaultTest.class.getResourceAsStream(name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        }
    }

    @Test
    void aModelThatRunsHasNoFault() throws IOException {
        assertThat(LocalEngine.faultOf(file(resource("models/support-desk.gguf")))).isEmpty();
    }

    @Test
    void whatIsBrokenCutShortOrUnknownIsToldInALineWithoutThePath() throws IOException {
        byte[] whole = resource("models/support-desk.gguf");

        assertThat(fault("notes, no weights".getBytes(StandardCharsets.US_ASCII))).contains("magic number");
        assertThat(fault(new byte[0])).contains("the file ends inside");
        assertThat(fault(Arrays.copyOf(whole, whole.length - 1))).contains("lies outside the file");
        assertThat(fault(Arrays.copyOf(whole, 1000))).contains("GGUF, byte");
        assertThat(fault(GgufWriter.file(0, 1).key("general.architecture", "mamba").toByteArray()))
                .contains("'mamba', which is not supported yet");
    }

    @Test
    void aModelWithoutATokenizerIsFaulty() throws IOException {
        Path bare = folder.resolve("bare.gguf");
        new RandomModel(WeightType.F32, 32, 16, 1, 32, 2, 2, 32).write(bare);

        assertThat(LocalEngine.faultOf(bare).orElseThrow()).contains("tokenizer.ggml.model is missing");
    }

    /** 32 bytes are put in, so that the weights stay aligned. */
    @Test
    void aModelWhoseDescriptionHasAnotherTypeIsFaultyToo() throws IOException {
        var right = ByteBuffer.wrap(resource("models/support-desk.gguf")).order(ByteOrder.LITTLE_ENDIAN);
        int keysAt = 16;
        int keyCount = right.getInt(keysAt);
        var wrong = ByteBuffer.allocate(right.capacity() + 32).order(ByteOrder.LITTLE_ENDIAN);
        wrong.put(right.slice(0, keysAt)).putLong(keyCount + 1);
        wrong.putLong(12).put("general.tags".getBytes(StandardCharsets.US_ASCII)).putInt(10).putLong(7);
        wrong.put(right.slice(keysAt + 8, right.capacity() - keysAt - 8));

        assertThat(fault(wrong.array())).contains("general.tags should be an ARRAY of STRING");
    }

    @Test
    void namesInAFileCannotForgeLinesOrFillTheLog() throws IOException {
        String forged = fault(
                GgufWriter.file(0, 1)
                        .key("general.architecture", "a\nWARN \u001b[31m" + "x".repeat(9_000))
                        .toByteArray());

        assertThat(forged).contains("a?WARN ?[31m").hasSizeLessThan(500);
    }

    @Test
    void aFileThatIsNotThereIsNoFaultyModel() {
        assertThatThrownBy(() -> LocalEngine.faultOf(folder.resolve("none.gguf")))
                .isInstanceOf(NoSuchFileException.class);
    }

    private String fault(byte[] bytes) throws IOException {
        String fault = LocalEngine.faultOf(file(bytes)).orElseThrow();
        assertThat(fault).doesNotContain(folder.toString()).doesNotContain("\n");
        return fault;
    }
}
