package dev.pareto.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.gguf.GgufException;
import dev.pareto.engine.gguf.GgufFile;
import dev.pareto.engine.gguf.WeightType;
import dev.pareto.engine.kernel.Kernels;
import dev.pareto.engine.residency.Footprint;
import dev.pareto.engine.tensor.ComputePool;
import dev.pareto.engine.text.Tokenizer;

/**
 * Runs open weights in this JVM. A file is loaded once however many callers ask for it, and freed when the last of them
 * closes its handle. All models share the compute threads. Safe for use by any thread.
 */
public final class LocalEngine implements AutoCloseable {

    private final EngineSettings settings;
    private final InstantSource clock;
    private final ComputePool pool;
    private final Map<Path, Slot> slots = new HashMap<>();
    private boolean closed;

    /** Starts the compute threads. */
    public LocalEngine(EngineSettings settings) {
        this(settings, InstantSource.system());
    }

    /** The same with the clock that chat templates read the date from. */
    public LocalEngine(EngineSettings settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
        this.pool = new ComputePool(settings.threads());
    }

    /**
     * Whether the model in this file can be run, and what for. Reads what describes the model (metadata, tokenizer, tensor
     * table, norms) and checks it as {@link #load} would, but no matrix and so in well under a second.
     *
     * @throws IOException if the file cannot be read
     */
    public static ModelCheck check(Path gguf) throws IOException {
        return ServedModel.check(gguf);
    }

    /** Why the model in this file cannot be run, as {@link #check} tells; empty if it can. */
    public static Optional<String> faultOf(Path gguf) throws IOException {
        return Optional.ofNullable(check(gguf).fault());
    }

    /**
     * The tokenizer of the model in this file. Reads no weights: a file that has none will do.
     *
     * @throws IOException if the file cannot be read
     * @throws EngineException.UnusableModel if it describes no tokenizer that is known here
     */
    public static Tokenizer tokenizerOf(Path gguf) throws IOException {
        try (var file = GgufFile.open(gguf)) {
            return Tokenizer.of(file.metadata());
        } catch (GgufException e) {
            throw ServedModel.unusable(gguf, e);
        }
    }

    /**
     * The most memory that the model in this file takes with these settings, together with the one that drafts for it.
     * Reads what {@link #faultOf} reads.
     *
     * @throws IOException if the file cannot be read
     * @throws EngineException.UnusableModel if it is no model that the engine can run, or its draft is missing or none
     */
    public static Footprint footprintOf(Path gguf, EngineSettings settings) throws IOException {
        var draftPath = draftOf(gguf, settings);
        try (var file = GgufFile.open(gguf); var draft = draftPath == null ? null : GgufFile.open(draftPath)) {
            return ModelMemory.footprint(file, draft, settings);
        } catch (GgufException e) {
            throw ServedModel.unusable(gguf, e);
        }
    }

    /** Which loops compute on this machine. */
    public static KernelChoice kernels() {
        var kernels = Kernels.best();
        return new KernelChoice(kernels.name(), kernels.why(), Arrays.stream(WeightType.values())
                .filter(type -> kernels.prefersQuads(type) || kernels.prefersInterleaved(type))
                .map(WeightType::name)
                .collect(Collectors.toCollection(TreeSet::new)));
    }

    /**
     * A handle to the model in this file, which is loaded and warmed up now unless somebody uses it already.
     *
     * @throws IOException if the file cannot be read
     * @throws EngineException.UnusableModel if it is no model that the engine can run, or the model that is to draft for
     *             it is missing or does not fit
     * @throws EngineException.Closed after {@link #close}
     */
    public LoadedModel load(Path gguf) throws IOException {
        var path = gguf.toRealPath();
        Slot slot;
        synchronized (slots) {
            if (closed) {
                throw new EngineException.Closed(ModelDirectory.nameOf(path));
            }
            slot = slots.computeIfAbsent(path, Slot::new);
            slot.users++;
        }
        boolean loaded = false;
        try {
            var handle = new ModelHandle(slot.model(), () -> release(slot));
            loaded = true;
            return handle;
        } finally {
            if (!loaded) {
                release(slot);
            }
        }
    }

    /** Ends every model, whoever uses it, and the compute threads. */
    @Override
    public void close() {
        List<Slot> all;
        synchronized (slots) {
            closed = true;
            all = List.copyOf(slots.values());
            slots.clear();
        }
        all.forEach(Slot::free);
        pool.close();
    }

    /** The model that is to draft for this one, or null. */
    private static @Nullable Path draftOf(Path gguf, EngineSettings settings) throws IOException {
        var name = ModelDirectory.nameOf(gguf);
        var draft = settings.speculation().drafts().get(name);
        if (draft == null) {
            return null;
        }
        var found = new ModelDirectory(gguf.resolveSibling("")).models().get(draft);
        if (found == null) {
            throw new EngineException.UnusableModel("the model " + name + " is to be drafted for by " + draft
                    + ", but there is no file " + draft + ".gguf beside it", null);
        }
        return found;
    }

    private void release(Slot slot) {
        synchronized (slots) {
            if (--slot.users > 0) {
                return;
            }
            slots.remove(slot.path, slot);
        }
        slot.free();
    }

    /** One file. Its own lock lets others load and close meanwhile. */
    private final class Slot {

        private final Path path;
        private int users;
        private @Nullable ServedModel model;
        private boolean freed;

        Slot(Path path) {
            this.path = path;
        }

        synchronized ServedModel model() throws IOException {
            if (freed) {
                throw new EngineException.Closed(ModelDirectory.nameOf(path));
            }
            var present = model;
            if (present == null) {
                present = ServedModel.open(path, draftOf(path, settings), settings, pool, clock);
                model = present;
            }
            return present;
        }

        synchronized void free() {
            freed = true;
            if (model != null) {
                model.close();
                model = null;
            }
        }
    }
}
