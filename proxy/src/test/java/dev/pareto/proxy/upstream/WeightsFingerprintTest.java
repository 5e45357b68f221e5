package dev.pareto.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two files of one size are told apart by what lies between their ends. */
final class WeightsFingerprintTest {

    @TempDir
    private Path folder;

    @Test
    void anotherFineTuneOfTheSameSizeIsAnotherFingerprint() throws Exception {
        Path file = folder.resolve("model.gguf");
        int size = 32 << 20;
        try (var weights = new RandomAccessFile(file.toFile(), "rw")) {
            weights.setLength(size);
        }
        String first = WeightsFingerprint.of(file);
        assertThat(first).startsWith("fp2_").isEqualTo(WeightsFingerprint.of(file));
        try (var weights = new RandomAccessFile(file.toFile(), "rw")) {
            // a layer in the middle, as large as a small tensor
            weights.seek(size / 2);
            weights.write(new byte[]{1});
            for (int at = size / 2; at < size / 2 + (1 << 18); at += 512) {
                weights.seek(at);
                weights.write(1);
            }
        }
        assertThat(WeightsFingerprint.of(file)).isNotEqualTo(first);
    }

    @Test
    void aSmallOrEmptyFileHasOneToo() throws Exception {
        Path small = Files.write(folder.resolve("small.gguf"), new byte[]{1, 2, 3});
        Path empty = Files.write(folder.resolve("empty.gguf"), new byte[0]);
        assertThat(WeightsFingerprint.of(small)).startsWith("fp2_").isNotEqualTo(WeightsFingerprint.of(empty));
    }
}
