package dev.pareto.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.pareto.engine.gguf.GgufFile;
import dev.pareto.engine.model.Decoder;
import dev.pareto.engine.tensor.ComputePool;

/** What is left of a load that fails. */
final class ServedModelTest {

    private static final EngineSettings SETTINGS = EngineSettings.defaults()
            .withThreads(1)
            .withWarmUp(Duration.ofSeconds(1));

    @TempDir
    Path folder;
    private final List<String> calls = new ArrayList<>();

    /** A decoder that fails at one method, and tells when it is closed. */
    private Decoder failing(GgufFile file, ComputePool pool, String at) {
        var decoder = Decoder.load(file, pool);
        return (Decoder) Proxy.newProxyInstance(Decoder.class.getClassLoader(), new Class<?>[]{Decoder.class},
                (_, method, arguments) -> {
                    if (method.getName().equals(at)) {
                        throw new OutOfMemoryError("pretended");
                    }
                    if (method.getName().equals("close")) {
                        calls.add("closed");
                    }
                    try {
                        return method.invoke(decoder, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @Test
    void aWarmUpThatFailsClosesTheDecoders() throws IOException {
        var model = new EmbeddedModels(folder).extract(EmbeddedModels.SUPPORT_DESK);
        var draft = Files.copy(model, folder.resolve("draft.gguf"));
        try (var pool = new ComputePool(1)) {
            assertThatThrownBy(() -> ServedModel.open(model, draft, SETTINGS,
                    file -> failing(file, pool, "forward"), InstantSource.system()))
                    .isInstanceOf(OutOfMemoryError.class);
        }
        assertThat(calls).containsExactly("closed", "closed");
    }

    @Test
    void aDraftThatFailsClosesItsDecoder() throws IOException {
        var model = new EmbeddedModels(folder).extract(EmbeddedModels.SUPPORT_DESK);
        try (var pool = new ComputePool(1)) {
            assertThatThrownBy(() -> DraftWeights.open(model, CacheType.F32, file -> failing(file, pool, "reading")))
                    .isInstanceOf(OutOfMemoryError.class);
        }
        assertThat(calls).containsExactly("closed");
    }
}
