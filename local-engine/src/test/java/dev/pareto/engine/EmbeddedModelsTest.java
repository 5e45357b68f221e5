package dev.pareto.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EmbeddedModelsTest {

    private static final byte[] WEIGHTS = "weights".repeat(1000).getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path folder;

    @Test
    void copiesOnceAndKeepsAnIntactCopy() throws IOException {
        var models = models(checksum());
        var file = models.extract("tiny");
        assertThat(file).isEqualTo(folder.resolve("sub/tiny.gguf")).hasBinaryContent(WEIGHTS);
        var old = FileTime.fromMillis(1_000_000_000_000L);
        Files.setLastModifiedTime(file, old);
        models.extract("tiny");
        assertThat(Files.getLastModifiedTime(file)).isEqualTo(old);
        try (var files = Files.list(folder.resolve("sub"))) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void replacesADamagedCopy() throws IOException {
        var models = models(checksum());
        Files.writeString(models.extract("tiny"), "cut sho");
        assertThat(models.extract("tiny")).hasBinaryContent(WEIGHTS);
    }

    @Test
    void refusesADamagedJarAndLeavesNothing() throws IOException {
        assertThatThrownBy(() -> models("00").extract("tiny")).isInstanceOf(IOException.class)
                .hasMessageContaining("damaged")
                .hasMessageContaining(checksum());
        try (var files = Files.list(folder.resolve("sub"))) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void anUnknownModelIsNoSuchFile() throws IOException {
        assertThat(models(checksum()).contains("tiny")).isTrue();
        assertThat(models(checksum()).contains("huge")).isFalse();
        assertThatThrownBy(() -> models(checksum()).extract("huge")).isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("huge.gguf");
    }

    private EmbeddedModels models(String checksum) {
        var resources = Map.of("tiny.gguf", WEIGHTS, "tiny.gguf.sha256",
                (checksum + "  tiny.gguf\n").getBytes(StandardCharsets.US_ASCII));
        return new EmbeddedModels(folder.resolve("sub"), name -> {
            var bytes = resources.get(name);
            return bytes == null ? null : new ByteArrayInputStream(bytes);
        });
    }

    private static String checksum() throws IOException {
        return Checksum.copy(new ByteArrayInputStream(WEIGHTS), OutputStream.nullOutputStream());
    }
}
