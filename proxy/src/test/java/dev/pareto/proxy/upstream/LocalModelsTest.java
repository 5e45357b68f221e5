package dev.pareto.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;

import dev.pareto.engine.EngineException;
import dev.pareto.engine.EngineSettings;
import dev.pareto.engine.LocalEngine;
import dev.pareto.engine.residency.Residence;
import dev.pareto.engine.residency.Residency;
import dev.pareto.engine.residency.ResidencyLimits;
import dev.pareto.policies.catalog.Capability;
import dev.pareto.policies.catalog.Model;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.catalog.TimeLimits;
import dev.pareto.policies.policy.ConfigException;
import dev.pareto.policies.policy.ConfigReader;
import dev.pareto.policies.policy.ParetoConfig;
import dev.pareto.proxy.dialect.openai.Endpoint;
import dev.pareto.proxy.dialect.openai.RefusedException;
import dev.pareto.proxy.dialect.openai.RequestReader;
import dev.pareto.proxy.testing.Await;
import dev.pareto.proxy.testing.ToolTemplate;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which files of a models folder are served, and which are in memory. */
final class LocalModelsTest {

    @TempDir
    Path home;
    private Path folder = Path.of("");
    private byte[] sound = {};
    private long nanos;
    private ResidencyLimits limits = new ResidencyLimits(1L << 40, 1L << 40, Duration.ofMinutes(1));
    private final List<String> told = new ArrayList<>();
    private LocalModels models;

    @BeforeEach
    void fill() throws IOException {
        folder = Files.createDirectories(home.resolve("models"));
        try (InputStream in = LocalEngine.class.getResourceAsStream("models/support-desk.gguf")) {
            sound = Objects.requireNonNull(in).readAllBytes();
        }
        models = new LocalModels(EngineSettings.defaults().withThreads(1).withWarmUp(Duration.ZERO), home,
                home.resolve("unpacked"), new Residency<>(() -> limits, Runnable::run, () -> nanos), Runnable::run,
                InstantSource.system(), new SplittableRandom(1), loaded -> told.add("loaded " + loaded.card().name()),
                unloaded -> told.add("unloaded " + unloaded.card().name()));
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
                .startsWith("fp2_");
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
    void aModelWhoseTemplateKnowsToolsIsOfferedThem() throws Exception {
        Files.write(folder.resolve("caller.gguf"), ToolTemplate.in(sound));
        Files.write(folder.resolve("talker.gguf"), sound);

        ParetoConfig config = models.stock(config(", models: {alias: {upstream: caller}}"));

        for (Model model : config.catalogue().models()) {
            assertThat(model.can(Capability.TOOLS)).as(model.id().toString())
                    .isEqualTo(Set.of("caller", "alias").contains(model.id().name()));
        }
        call(config, "\"model\":\"local/caller\",\"tools\":[{\"type\":\"function\"}]");
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

    private UpstreamAnswer embed(ParetoConfig config, String name) {
        Model model = config.catalogue().find(ModelId.parse(name)).orElseThrow();
        byte[] body = ("{\"model\":\"" + name + "\",\"input\":\"late parcel\"}").getBytes(StandardCharsets.UTF_8);
        return Objects.requireNonNull(models.make(config.catalogue().vendor("local").orElseThrow(), model, null)
                .orElseThrow()
                .send(new UpstreamCall(model, RequestReader.read(Endpoint.EMBEDDINGS, body), body,
                        new DefaultHttpHeaders(), TimeLimits.DEFAULT, "t"))
                .block());
    }

    private void awaitUnused(String name) {
        Await.until(name + " is given back",
                () -> models.residence(ModelId.parse(name)) instanceof Residence.Ready ready
                        && ready.leases() == 0);
    }

    @Test
    void aModelIsUnloadedWhenNobodyAsksForItAndTheOneOnBoardStays() throws Exception {
        Files.write(folder.resolve("good.gguf"), sound);
        ParetoConfig config = models.stock(config(""));
        assertThat(models.residence(ModelId.parse("local/good"))).isEqualTo(new Residence.OnDisk());
        assertThat(models.residence(ModelId.parse("openai/gpt-4o"))).isNull();

        assertThat(embed(config, "local/good").status()).isEqualTo(200);
        assertThat(embed(config, "local/support-desk").status()).isEqualTo(200);
        awaitUnused("local/good");
        awaitUnused("local/support-desk");
        nanos += limits.unloadAfter().toNanos();
        models.sweep();

        assertThat(told).containsExactly("loaded good", "loaded support-desk", "unloaded good");
        assertThat(models.residences().get("good")).isEqualTo(new Residence.OnDisk());
        assertThat(models.residences().get("support-desk")).isInstanceOf(Residence.Ready.class);
        assertThat(embed(config, "local/good").status()).isEqualTo(200);
        assertThat(told).endsWith("loaded good");
    }

    @Test
    void whatIsPinnedIsTheConfigurationsToSay() throws Exception {
        Files.write(folder.resolve("good.gguf"), sound);
        ParetoConfig config = models.stock(new ConfigReader()
                .read(Files.writeString(home.resolve("pareto.yaml"), """
                                                                     gateway: {engine: {pinned: [local/good]}}
                                                                     vendors: {local: {engine: embedded}}
                                                                     """), Map.of()));
        embed(config, "local/good");
        embed(config, "local/support-desk");
        awaitUnused("local/good");
        awaitUnused("local/support-desk");
        nanos += limits.unloadAfter().toNanos();
        models.sweep();

        assertThat(told).endsWith("unloaded support-desk").doesNotContain("unloaded good");
    }

    @Test
    void aModelThatDoesNotFitIsRefusedWithTheFiguresAndNotOfferedToPolicies() throws Exception {
        Files.write(folder.resolve("good.gguf"), sound);
        limits = new ResidencyLimits(1_000_000, 1_000_000, Duration.ofMinutes(1));
        ParetoConfig config = models.stock(config(""));
        ModelId good = ModelId.parse("local/good");
        assertThat(models.available(good)).isTrue();

        UpstreamAnswer answer = embed(config, "local/good");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(new String(Objects.requireNonNull(answer.body().blockFirst()), StandardCharsets.UTF_8))
                .contains("\"code\":\"model_too_large\"")
                .contains("all together may take 1.0 MB");
        assertThat(models.available(good)).isFalse();
        assertThatThrownBy(() -> call(config, "\"model\":\"local/good\""))
                .isInstanceOfSatisfying(RefusedException.class, refused -> {
                    assertThat(refused.error().status()).isEqualTo(400);
                    assertThat(refused.error().code()).isEqualTo("model_too_large");
                });
        assertThat(models.residence(good)).isInstanceOf(Residence.Failed.class);

        limits = new ResidencyLimits(1L << 40, 1L << 40, Duration.ofMinutes(1));
        nanos += Residency.HOLD.toNanos();
        assertThat(models.available(good)).isTrue();
        assertThat(embed(config, "local/good").status()).isEqualTo(200);
    }

    @Test
    void whoFindsNoRoomIsToldWhenToComeBack() {
        var full = LocalModels.notLoaded("local/good", new EngineException.MemoryFull("good", "2 GB", "9 GB", "10 GB"));

        assertThat(full.status()).isEqualTo(503);
        assertThat(full.code()).isEqualTo("model_memory_full");
        assertThat(full.retryAfter()).isPositive();
        assertThat(full.message()).contains("2 GB").contains("9 GB").contains("10 GB");
    }
}
