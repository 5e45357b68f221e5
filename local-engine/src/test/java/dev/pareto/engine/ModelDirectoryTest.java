package dev.pareto.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ModelDirectoryTest {

    @Test
    void listsGgufFilesByNameInOrder(@TempDir Path folder) throws IOException {
        Files.createFile(folder.resolve("qwen3-0.6b.gguf"));
        Files.createFile(folder.resolve("llama.gguf"));
        Files.createFile(folder.resolve("readme.md"));
        Files.createDirectory(folder.resolve("folder.gguf"));
        assertThat(new ModelDirectory(folder).models()).containsOnlyKeys("llama", "qwen3-0.6b")
                .containsEntry("llama", folder.resolve("llama.gguf"));
    }

    @Test
    void listsASplitModelOnceByItsFirstPart(@TempDir Path folder) throws IOException {
        var first = Files.createFile(folder.resolve("big-00001-of-00002.gguf"));
        Files.createFile(folder.resolve("big-00002-of-00002.gguf"));
        Files.createFile(folder.resolve("both-00001-of-00002.gguf"));
        var whole = Files.createFile(folder.resolve("both.gguf"));
        assertThat(new ModelDirectory(folder).models()).containsOnlyKeys("big", "both")
                .containsEntry("big", first)
                .containsEntry("both", whole);
    }

    @Test
    void aMissingFolderHasNoModels(@TempDir Path folder) throws IOException {
        assertThat(new ModelDirectory(folder.resolve("none")).models()).isEmpty();
    }
}
