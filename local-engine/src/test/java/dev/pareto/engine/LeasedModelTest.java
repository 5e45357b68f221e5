package dev.pareto.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.pareto.engine.gguf.GgufFile;
import dev.pareto.engine.model.Decoder;
import dev.pareto.engine.residency.Footprint;
import dev.pareto.engine.residency.Residence;
import dev.pareto.engine.residency.Residency;
import dev.pareto.engine.residency.ResidencyLimits;
import dev.pareto.engine.residency.Stored;
import dev.pareto.engine.tensor.ComputePool;
import dev.pareto.engine.tensor.Interleaved;

/** A real model that is loaded, lent, and unloaded. */
final class LeasedModelTest {

    private static final Duration IDLE = Duration.ofMinutes(1);
    private static final EngineSettings SETTINGS = EngineSettings.defaults()
            .withThreads(1)
            .withSequences(2, 2)
            .withWarmUp(Duration.ZERO);

    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private long nanos;
    private final Residency<LoadedModel> residency = new Residency<>(
            () -> new ResidencyLimits(1L << 40, 1L << 40, IDLE), tasks::add, () -> nanos);
    private final LocalEngine engine = new LocalEngine(SETTINGS);
    @TempDir
    Path folder;
    private Path file = Path.of("");

    @BeforeEach
    void write() throws IOException {
        file = folder.resolve("lent.gguf");
        try (InputStream in = LocalEngine.class.getResourceAsStream("models/support-desk.gguf")) {
            Files.write(file, Objects.requireNonNull(in).readAllBytes());
        }
    }

    @AfterEach
    void close() {
        residency.close();
        engine.close();
    }

    private final Stored<LoadedModel> stored = new Stored<>() {

        @Override
        public String name() {
            return "lent";
        }

        @Override
        public boolean pinned() {
            return false;
        }

        @Override
        public Footprint footprint() throws IOException {
            return LocalEngine.footprintOf(file, SETTINGS);
        }

        @Override
        public LoadedModel load() throws IOException {
            return engine.load(file);
        }

        @Override
        public void unload(LoadedModel model) {
            model.close();
        }
    };

    private LeasedModel lease() {
        var coming = residency.lease(stored);
        for (var task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
        return LeasedModel.await(coming);
    }

    private int leases() {
        return residency.residence(stored) instanceof Residence.Ready ready ? ready.leases() : 0;
    }

    @Test
    void aHandleThatIsClosedHoldsTheModelUntilWhatItBeganHasEnded() {
        var told = new Collected();
        Generation generation;
        try (var model = lease()) {
            generation = model.generate(GenerationRequest.of(model.prompt("Where is my parcel?"), 40,
                    Sampling.greedy(), Duration.ofMinutes(5)), told);
        }
        nanos += IDLE.toNanos();
        residency.sweep(); // whether or not the answer has ended yet, this must not cut it
        assertThat(generation.done().join().reason()).isIn(FinishReason.STOP, FinishReason.LENGTH);
        awaitGivenBack();
    }

    @Test
    void aClosedHandleTakesNoMoreWork() throws Exception {
        var model = lease();
        var embedding = model.embed(new EmbeddingRequest(List.of(model.prompt("late parcel")), null, IDLE));
        embedding.get();
        assertThat(leases()).isOne();
        model.close();
        model.close();
        awaitGivenBack();
        assertThatThrownBy(() -> model.prompt("x")).isInstanceOf(EngineException.Closed.class);
        assertThatThrownBy(() -> model.embed(new int[]{1})).isInstanceOf(EngineException.Closed.class);
        assertThatThrownBy(() -> model.generate(GenerationRequest.of(new int[]{1}, 1, Sampling.greedy(), IDLE),
                new Collected())).isInstanceOf(EngineException.Closed.class);
        assertThat(model.card().name()).isEqualTo("lent");
    }

    @Test
    void workThatIsRefusedHoldsNothing() {
        try (var model = lease()) {
            assertThatThrownBy(() -> model.embed(new int[]{-1})).isInstanceOf(EngineException.InvalidRequest.class);
        }
        assertThat(leases()).isZero();
    }

    @Test
    void unloadingFreesTheMapAndTheThreadAndTheModelComesBack() throws IOException {
        LoadedModel underneath;
        try (var model = lease()) {
            assertThat(model.embed(model.prompt("late parcel"))).isNotEmpty();
            assertThat(threads()).isOne();
        }
        try (var lease = residency.lease(stored).join()) {
            underneath = lease.model();
        }
        nanos += IDLE.toNanos();
        residency.sweep();

        assertThat(residency.residence(stored)).isEqualTo(new Residence.OnDisk());
        assertThat(residency.totals().takes()).isEqualTo(Footprint.NONE);
        assertThat(threads()).isZero();
        assertThatThrownBy(() -> underneath.embed(new int[]{1})).isInstanceOf(EngineException.Closed.class);
        assertThat(maps()).doesNotContain("lent.gguf");
        try (var model = lease()) {
            assertThat(model.embed(model.prompt("late parcel"))).isNotEmpty();
            assertThat(maps()).contains("lent.gguf");
        }
    }

    @Test
    void theFootprintIsWhatTheHeaderSays() throws IOException {
        var footprint = LocalEngine.footprintOf(file, SETTINGS.withCacheBytes(1L << 40));
        try (var gguf = GgufFile.open(file); var pool = new ComputePool(1); var decoder = Decoder.load(gguf, pool)) {
            assertThat(footprint.weights()).isEqualTo(decoder.shape().weightBytes());
            long contexts = 2 * 4; // answers at once, and three kept for each that runs
            assertThat(footprint.cache()).isEqualTo(
                    contexts * decoder.shape().contextLength() / 64 * decoder.pageBytes(SETTINGS.cacheType()));
        }
        try (var gguf = GgufFile.open(file)) {
            assertThat(footprint.copies()).isEqualTo(gguf.tensors()
                    .stream()
                    .filter(tensor -> tensor.shape().size() > 1)
                    .mapToLong(tensor -> Interleaved.bytes(tensor.type(), tensor.dimension(1), tensor.dimension(0)))
                    .sum()).isPositive();
        }
        assertThat(LocalEngine.footprintOf(file, SETTINGS.withCopyBytes(0)).copies()).isZero();
        assertThat(footprint.scratch()).isPositive();
        assertThat(LocalEngine.footprintOf(file, SETTINGS.withCacheBytes(1 << 20)).cache()).isEqualTo(1 << 20);
        try (var model = engine.load(file)) {
            long pages = model.load().pages().total();
            assertThat(pages).isEqualTo(8L * model.card().contextLength() / 64);
        }
    }

    /** Work ends a moment before its loan does, on another thread. */
    private void awaitGivenBack() {
        long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        while (leases() > 0 && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        assertThat(leases()).isZero();
    }

    private static long threads() {
        return Thread.getAllStackTraces()
                .keySet()
                .stream()
                .filter(thread -> thread.getName().equals("pareto-model-lent"))
                .count();
    }

    private static String maps() throws IOException {
        var maps = Path.of("/proc/self/maps");
        assumeThat(maps).as("only Linux tells what is mapped").exists();
        return Files.readString(maps);
    }

    @Test
    void theFootprintCountsTheModelThatDrafts() throws IOException {
        Files.copy(file, folder.resolve("draft.gguf"));
        var settings = SETTINGS.withSpeculation(new Speculation(false, Map.of("lent", "draft"), 8, 3));
        var alone = LocalEngine.footprintOf(file, SETTINGS);
        var both = LocalEngine.footprintOf(file, settings);
        assertThat(both.weights()).isEqualTo(2 * alone.weights());
        assertThat(both.cache()).isEqualTo(alone.cache() + alone.cache() / 4);
        assertThat(both.scratch()).isEqualTo(2 * alone.scratch());
    }
}
