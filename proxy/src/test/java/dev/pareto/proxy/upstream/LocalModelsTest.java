package dev.pareto.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;

import dev.pareto.engine.EngineSettings;
import dev.pareto.engine.LocalEngine;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.policy.ConfigException;
import dev.pareto.policies.policy.ConfigReader;
import dev.pareto.policies.policy.ParetoConfig;
import dev.pareto.proxy.dialect.openai.Endpoint;
import dev.pareto.proxy.dialect.openai.RefusedException;
import dev.pareto.proxy.dialect.openai.RequestReader;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which files of a models folder are served. No model is loaded here. */
final class LocalModelsTest {

    @TempDir
    Path home;
    private Path folder = Path.of("");
    private byte[] sound = {};
    private LocalModels models = new LocalModels(EngineSettings.defaults(), folder, folder, Runnable::run,
            InstantSource.system(), new SplittableRandom(1), loaded -> {});

    @BeforeEach
    void fill() throws IOException {
        folder = Files.createDirectories(home.resolve("models"));
        try (InputStream in = LocalEngine.class.getResourceAsStream("models/support-desk.gguf")) {
            sound = Objects.requireNonNull(in).readAllBytes();
        }
        models = new LocalModels(EngineSettings.defaults(), home, home.resolve("unpacked"), Runnable::run,
                InstantSource.system(), new SplittableRandom(1), loaded -> {});
    }

    @AfterEach
    void close() {
        models.close();
    }

    private ParetoConfig config(String more) throws IOException, ConfigException {
        return new ConfigReader().read(
                Files.writeString(home.resolve("pareto.yaml"), "vendors: {local: {engine: embedded" + more + "}}\n"),
                Map.of());
    }

    private static List<String> names(ParetoConfig config) {
        return config.catalogue().models().stream().map(model -> model.id().toString()).toList();
    }

    private void call(ParetoConfig config, String fields) {
        models.refuseUnserved(config,
                RequestReader.read(Endpoint.CHAT, ("{" + fields + "}").getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void onlySoundFilesAreServedAndTheRestSaysWhy() throws Exception {
        Files.write(folder.resolve("good.gguf"), sound);
        Files.write(folder.resolve("short.gguf"), Arrays.copyOf(sound, sound.length / 2));
        Files.writeString(folder.resolve("notes.gguf"), "these are only notes");
        Files.write(folder.resolve("empty.gguf"), new byte[0]);

        ParetoConfig config = models.stock(config(""));

        assertThat(names(config)).containsExactly("local/good", "local/support-desk");
        call(config, "\"model\":\"local/good\"");
        for (String name : List.of("short", "notes", "empty")) {
            assertThatThrownBy(() -> call(config, "\"model\":\"local/" + name + "\""))
                    .isInstanceOfSatisfying(RefusedException.class, refused -> {
                        assertThat(refused.error().status()).isEqualTo(404);
                        assertThat(refused.error().code()).isEqualTo("model_not_found");
                        assertThat(refused.error().param()).isEqualTo("model");
                        assertThat(refused.error().message())
                                .startsWith("The model 'local/" + name + "' cannot be served: ")
                                .contains("GGUF")
                                .doesNotContain(home.toString());
                    });
        }
    }

    @Test
    void aStatedModelWithoutItsFileIsNotServed() throws Exception {
        Files.write(folder.resolve("good.gguf"), sound);

        ParetoConfig config = models.stock(config(", models: {missing: {}, alias: {upstream: good}}"));

        assertThat(names(config)).containsExactly("local/alias", "local/good", "local/support-desk");
        assertThat(models.fingerprint(ModelId.parse("local/alias")))
                .isEqualTo(models.fingerprint(ModelId.parse("local/good")))
                .startsWith("fp_");
        assertThatThrownBy(() -> call(config, "\"model\":\"local/missing\""))
                .hasMessageContaining("there is no file missing.gguf in the models folder");
    }

    @Test
    void whatComesGoesOrIsMendedIsSeenAtTheNextLook() throws Exception {
        ParetoConfig stated = config("");
        Files.writeString(folder.resolve("late.gguf"), "half");
        models.stock(stated);
        assertThat(models.changed()).isFalse();

        Files.write(folder.resolve("new.gguf"), sound);
        Files.write(folder.resolve("late.gguf"), sound);

        assertThat(models.changed()).isTrue();
        assertThat(names(models.stock(stated))).containsExactly("local/late", "local/new", "local/support-desk");
        assertThat(models.changed()).isFalse();

        Files.delete(folder.resolve("new.gguf"));

        assertThat(models.changed()).isTrue();
        ParetoConfig last = models.stock(stated);
        assertThat(names(last)).containsExactly("local/late", "local/support-desk");
        assertThat(models.fingerprint(ModelId.parse("local/new"))).isNull();
    }

    @Test
    void toolsOfADirectCallAreRefusedByName() throws Exception {
        ParetoConfig config = models.stock(config(""));

        assertThatThrownBy(() -> call(config, "\"model\":\"local/support-desk\",\"tools\":[{\"type\":\"function\"}]"))
                .isInstanceOfSatisfying(RefusedException.class, refused -> {
                    assertThat(refused.error().status()).isEqualTo(400);
                    assertThat(refused.error().code()).isEqualTo("unsupported_parameter");
                    assertThat(refused.error().param()).isEqualTo("tools");
                });
    }
}
