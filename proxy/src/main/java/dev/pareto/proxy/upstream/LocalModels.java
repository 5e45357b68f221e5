package dev.pareto.proxy.upstream;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

import dev.pareto.engine.EmbeddedModels;
import dev.pareto.engine.EngineException;
import dev.pareto.engine.EngineSettings;
import dev.pareto.engine.LoadedModel;
import dev.pareto.engine.LocalEngine;
import dev.pareto.engine.ModelDirectory;
import dev.pareto.policies.catalog.Capability;
import dev.pareto.policies.catalog.Model;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.catalog.Vendor;
import dev.pareto.policies.catalog.VendorKind;

import org.jspecify.annotations.Nullable;

/**
 * The models of embedded vendors: GGUF files of a folder and those that come with the jar. Each is loaded at its first call and
 * stays. Thread-safe.
 */
public final class LocalModels implements Upstreams, AutoCloseable {

    private static final Set<Capability> CAN = Set.of(Capability.CHAT, Capability.COMPLETION, Capability.EMBEDDING);

    private final Path home;
    private final EmbeddedModels embedded;
    private final LazyEngine engine;
    private final Executor executor;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final ConcurrentMap<ModelId, LocalUpstream> upstreams = new ConcurrentHashMap<>();
    private final ConcurrentMap<ModelId, String> fingerprints = new ConcurrentHashMap<>();

    /**
     * @param home where a relative models folder begins
     * @param unpacked the folder to which models of the jar are copied
     * @param executor for work that may block; best of virtual threads
     */
    public LocalModels(EngineSettings settings, Path home, Path unpacked, Executor executor, InstantSource clock,
            RandomGenerator random) {
        this.home = home;
        this.embedded = new EmbeddedModels(unpacked);
        this.engine = new LazyEngine(settings);
        this.executor = executor;
        this.clock = clock;
        this.random = random;
    }

    /** What an embedded vendor can serve now, for the catalogue. */
    public List<Model> found(Vendor vendor) {
        List<String> names = new ArrayList<>();
        if (embedded.contains(EmbeddedModels.SUPPORT_DESK)) {
            names.add(EmbeddedModels.SUPPORT_DESK);
        }
        try {
            names.addAll(folder(vendor).models().keySet());
        } catch (IOException e) {
            throw new UncheckedIOException("the models folder of vendor " + vendor.name() + " cannot be read", e);
        }
        return names.stream().distinct().map(name -> found(vendor, name)).toList();
    }

    private Model found(Vendor vendor, String name) {
        ModelId id = new ModelId(vendor.name(), name);
        try {
            fingerprints.put(id, WeightsFingerprint.of(file(vendor, name)));
        } catch (IOException e) {
            throw new UncheckedIOException("the model " + id + " cannot be read", e);
        }
        return new Model(id, true, null, CAN);
    }

    /** What a model is made of, as of the last look at its file; null for models that are not here. */
    public @Nullable String fingerprint(ModelId model) {
        return fingerprints.get(model);
    }

    private Path file(Vendor vendor, String name) throws IOException {
        Path file = folder(vendor).models().get(name);
        return file == null ? embedded.extract(name) : file;
    }

    @Override
    public Optional<Upstream> make(Vendor vendor, Model model, @Nullable URI url) {
        if (vendor.kind() != VendorKind.EMBEDDED) {
            return Optional.empty();
        }
        return Optional.of(upstreams.computeIfAbsent(model.id(),
                id -> new LocalUpstream(new Lazy(vendor, model.upstreamName())::get,
                        () -> fingerprints.getOrDefault(id, "fp_unknown"), executor, clock, random)));
    }

    private ModelDirectory folder(Vendor vendor) {
        return new ModelDirectory(home.resolve(vendor.modelsDir() == null ? "models" : vendor.modelsDir()));
    }

    @Override
    public void close() {
        engine.close();
    }

    /** One model, loaded once; a load that failed is tried again by the next call. */
    private final class Lazy {

        private final Vendor vendor;
        private final String name;
        private @Nullable LoadedModel loaded;

        Lazy(Vendor vendor, String name) {
            this.vendor = vendor;
            this.name = name;
        }

        synchronized LoadedModel get() {
            LoadedModel present = loaded;
            if (present == null) {
                try {
                    present = engine.get().load(file(vendor, name));
                } catch (IOException e) {
                    throw new EngineException.UnusableModel("the model " + name + " cannot be read: " + e.getMessage(),
                            e);
                }
                loaded = present;
            }
            return present;
        }
    }

    /** The engine's compute threads only start when somebody asks for a local model. */
    private static final class LazyEngine {

        private final EngineSettings settings;
        private @Nullable LocalEngine engine;

        LazyEngine(EngineSettings settings) {
            this.settings = settings;
        }

        synchronized LocalEngine get() {
            LocalEngine present = engine;
            if (present == null) {
                present = new LocalEngine(settings);
                engine = present;
            }
            return present;
        }

        synchronized void close() {
            if (engine != null) {
                engine.close();
                engine = null;
            }
        }
    }
}
