package dev.pareto.proxy.cli.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;

import dev.pareto.engine.LocalEngine;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class ModelListCommandTest {

    @TempDir
    Path home;

    private String list(String... options) throws IOException {
        Path folder = Files.createDirectories(home.resolve("models"));
        try (InputStream in = LocalEngine.class.getResourceAsStream("models/support-desk.gguf")) {
            byte[] sound = Objects.requireNonNull(in).readAllBytes();
            Files.write(folder.resolve("good.gguf"), sound);
            Files.write(folder.resolve("short.gguf"), Arrays.copyOf(sound, sound.length - 1));
        }
        var out = new StringWriter();
        var command = new CommandLine(new ModelListCommand()).setOut(new PrintWriter(out, true));
        String[] all = Arrays.copyOf(options, options.length + 2);
        all[options.length] = "--models-dir=" + folder;
        all[options.length + 1] = "--data=" + home.resolve("data");
        assertThat(command.execute(all)).isZero();
        return out.toString();
    }

    @Test
    void aFileThatCannotBeServedIsListedWithTheReason() throws IOException {
        assertThat(list().lines()).hasSize(4)
                .anyMatch(line -> line.startsWith("local/good ") && line.contains("llama"))
                .anyMatch(line -> line.matches("local/short +cannot be served: .*lies outside the file.*"));
    }

    @Test
    void theDocumentForProgramsTellsIt() throws IOException {
        JsonNode all = JsonMapper.shared().readTree(list("--json"));

        assertThat(all.size()).isEqualTo(3);
        assertThat(all.get(0).path("name").asString()).isEqualTo("good");
        assertThat(all.get(2).path("name").asString()).isEqualTo("short");
        assertThat(all.get(2).path("problem").asString()).contains("lies outside the file");
    }
}
