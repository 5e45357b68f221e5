package dev.pareto.proxy.upstream;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

import dev.pareto.engine.EmbeddedModels;
import dev.pareto.engine.EngineException;
import dev.pareto.engine.EngineLoad;
import dev.pareto.engine.EngineSettings;
import dev.pareto.engine.LeasedModel;
import dev.pareto.engine.LoadedModel;
import dev.pareto.engine.LocalEngine;
import dev.pareto.engine.residency.Footprint;
import dev.pareto.engine.residency.Residence;
import dev.pareto.engine.residency.Residency;
import dev.pareto.engine.residency.Stored;
import dev.pareto.policies.catalog.Capability;
import dev.pareto.policies.catalog.Catalogue;
import dev.pareto.policies.catalog.Model;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.catalog.Vendor;
import dev.pareto.policies.catalog.VendorKind;
import dev.pareto.policies.policy.EngineLimits;
import dev.pareto.policies.policy.ParetoConfig;
import dev.pareto.proxy.dialect.openai.OpenAiError;
import dev.pareto.proxy.dialect.openai.OpenAiRequest;
import dev.pareto.proxy.dialect.openai.RefusedException;

import org.jspecify.annotations.Nullable;

/**
 * The models of embedded vendors: GGUF files of a folder and those that come with the jar. Only files that the engine can run are
 * in the catalogue. Each is loaded when it is called and unloaded when {@link Residency} finds it dispensable; a file that is
 * replaced meanwhile counts from the next load on. Thread-safe.
 */
public final class LocalModels implements Upstreams, AutoCloseable {

    /** When to ask again for a model that others leave no room for: one that ends is unloaded at once. */
    private static final Duration FULL_FOR = Duration.ofSeconds(5);
    private static final Set<Capability> CAN = Set.of(Capability.CHAT, Capability.COMPLETION, Capability.EMBEDDING,
            Capability.STRUCTURED_OUTPUT, Capability.LOG_PROBABILITIES);

    private final Path home;
    private final EmbeddedModels embedded;
    private final EngineSettings settings;
    private final LazyEngine engine;
    private final Residency<LoadedModel> residency;
    private final Grammars grammars;
    private final Executor executor;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Consumer<LoadedModel> onLoad;
    private final Consumer<LoadedModel> onUnload;
    private final ConcurrentMap<Path, ModelShelf> shelves = new ConcurrentHashMap<>();
    private final ConcurrentMap<Weights, LocalModel> known = new ConcurrentHashMap<>();
    private volatile Stock stock = new Stock(Map.of(), Map.of(), Set.of());

    /** One model's place. */
    private record Weights(Path folder, String name) {}

    /**
     * What the last look found.
     *
     * @param faults by the name that callers use
     * @param pinned those that stay once they are loaded
     */
    private record Stock(Map<ModelId, LocalModel> served, Map<String, String> faults, Set<LocalModel> pinned) {}

    /**
     * @param home where a relative models folder begins
     * @param unpacked the folder to which models of the jar are copied
     * @param residency which models are in memory; closed with this
     * @param executor for work that may block; best of virtual threads
     * @param onLoad told of each model when it is loaded
     * @param onUnload told of each before it is unloaded
     */
    public LocalModels(EngineSettings settings, Path home, Path unpacked, Residency<LoadedModel> residency,
            Executor executor, InstantSource clock, RandomGenerator random, Consumer<LoadedModel> onLoad,
            Consumer<LoadedModel> onUnload) {
        this.settings = settings;
        this.residency = residency;
        this.onUnload = onUnload;
        this.home = home;
        this.embedded = new EmbeddedModels(unpacked);
        this.engine = new LazyEngine(settings);
        this.grammars = new Grammars(Math.max(1, settings.threads() / 2));
        this.executor = executor;
        this.clock = clock;
        this.random = random;
        this.onLoad = onLoad;
    }

    /** Whether a models folder is not as it was when the catalogue was stocked. */
    public boolean changed() {
        boolean changed = false;
        for (Map.Entry<Path, ModelShelf> shelf : shelves.entrySet()) {
            try {
                changed |= shelf.getValue().changed();
            } catch (IOException e) {
                throw unreadable(shelf.getKey(), e);
            }
        }
        return changed;
    }

    /**
     * The configuration with just those models of embedded vendors that can be served now: found ones are added, stated ones
     * that lack a sound file are left out. Blocks.
     */
    public synchronized ParetoConfig stock(ParetoConfig stated) {
        Catalogue catalogue = stated.catalogue();
        Map<ModelId, LocalModel> served = new HashMap<>();
        Map<String, String> faults = new HashMap<>();
        List<Model> found = new ArrayList<>();
        for (Vendor vendor : catalogue.vendors()) {
            if (vendor.kind() == VendorKind.EMBEDDED) {
                look(vendor).forEach(name -> {
                    Model model = new Model(new ModelId(vendor.name(), name), true, null, Set.of());
                    if (catalogue.find(model.id()).isEmpty()) {
                        stocked(vendor, model, served, faults).ifPresent(found::add);
                    }
                });
            }
        }
        List<Model> kept = new ArrayList<>();
        for (Model model : catalogue.models()) {
            Vendor vendor = catalogue.vendor(model.id().vendor()).orElseThrow();
            if (vendor.kind() != VendorKind.EMBEDDED) {
                kept.add(model);
            } else {
                stocked(vendor, model, served, faults).ifPresent(kept::add);
            }
        }
        stock = new Stock(Map.copyOf(served), Map.copyOf(faults), pinned(stated.gateway().engine(), served));
        return stated.with(new Catalogue(catalogue.vendors(), kept, catalogue.defaultVendor())).withModels(found);
    }

    private static Set<LocalModel> pinned(EngineLimits engine, Map<ModelId, LocalModel> served) {
        Set<ModelId> stated = engine.pinned();
        return served.entrySet()
                .stream()
                .filter(one -> stated == null ? one.getValue().onBoard() : stated.contains(one.getKey()))
                .map(Map.Entry::getValue)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The names of all files, sound or not, and of the models on board. */
    private Set<String> look(Vendor vendor) {
        Path folder = folder(vendor);
        ModelShelf shelf = shelves.computeIfAbsent(folder, ModelShelf::new);
        try {
            shelf.look();
        } catch (IOException e) {
            throw unreadable(folder, e);
        }
        Set<String> names = new TreeSet<>(shelf.items().keySet());
        if (embedded.contains(EmbeddedModels.SUPPORT_DESK)) {
            names.add(EmbeddedModels.SUPPORT_DESK);
        }
        return names;
    }

    /** The model with what it can do; empty if it cannot be served. */
    private Optional<Model> stocked(Vendor vendor, Model model, Map<ModelId, LocalModel> served,
            Map<String, String> faults) {
        LocalModel local = known.computeIfAbsent(new Weights(folder(vendor), model.upstreamName()),
                place -> new LocalModel(shelves.computeIfAbsent(place.folder, ModelShelf::new), place.name));
        String fault = local.fault();
        if (fault != null) {
            faults.put(model.id().toString(), fault);
            return Optional.empty();
        }
        local.fingerprint(); // read now rather than by a thread that must not block
        served.put(model.id(), local);
        return Optional.of(capable(model, local.tools()));
    }

    /** What the engine cannot do is not asked of a model for which the configuration is silent. */
    private static Model capable(Model stated, boolean tools) {
        if (!stated.capabilities().isEmpty()) {
            return stated;
        }
        Set<Capability> can = EnumSet.copyOf(CAN);
        if (tools) {
            can.add(Capability.TOOLS);
        }
        return new Model(stated.id(), stated.open(), stated.contextLength(), stated.maxOutputTokens(), can,
                stated.upstreamName(), stated.priceSku());
    }

    private static UncheckedIOException unreadable(Path folder, IOException why) {
        return new UncheckedIOException("the models folder " + folder + " cannot be read", why);
    }

    /** What a model is made of, as of the last look at its file; null for models that are not here. */
    public @Nullable String fingerprint(ModelId model) {
        LocalModel local = stock.served.get(model);
        return local == null ? null : local.fingerprint();
    }

    /** Where a model is; null for models that are not here. */
    public @Nullable Residence residence(ModelId model) {
        LocalModel local = stock.served.get(model);
        return local == null ? null : residency.residence(local);
    }

    /**
     * How a model is.
     *
     * @param pinned whether it stays once it is loaded
     * @param load null while it is not ready
     */
    public record Status(Residence residence, boolean pinned, @Nullable EngineLoad load) {}

    /** How long a call that comes now will probably wait for its turn; zero for models that are not in memory or not here. */
    public Duration queueWait(ModelId model) {
        LocalModel local = stock.served.get(model);
        EngineLoad load = local == null ? null : residency.peek(local, LoadedModel::load);
        return load == null ? Duration.ZERO : load.queueWait();
    }

    /** How a model is; null for models that are not here. */
    public @Nullable Status status(ModelId model) {
        LocalModel local = stock.served.get(model);
        return local == null
                ? null
                : new Status(residency.residence(local), local.pinned(), residency.peek(local, LoadedModel::load));
    }

    /** Where all are, by the names of their files. */
    public Map<String, Residence> residences() {
        Map<String, Residence> all = new TreeMap<>();
        stock.served.values().forEach(local -> all.put(local.name(), residency.residence(local)));
        return all;
    }

    /** Whether a call need not fail for want of the model or of a place in its queue; true for models that are not here. */
    public boolean available(ModelId model) {
        LocalModel local = stock.served.get(model);
        if (local == null) {
            return true;
        }
        EngineLoad load = residency.peek(local, LoadedModel::load);
        return residency.refusal(local) == null && (load == null || load.free() > 0);
    }

    /** Unloads what nobody needs. Blocks. */
    public void sweep() {
        residency.sweep();
    }

    /**
     * Refuses what is known to fail before anything is decided: a direct call of a model whose file cannot be run or that could
     * not be loaded just now, and tools for one that knows none.
     *
     * @throws RefusedException saying why
     */
    public void refuseUnserved(ParetoConfig now, OpenAiRequest request) {
        if (now.routes().containsKey(request.model())) {
            return;
        }
        String fault = stock.faults.get(request.model());
        if (fault != null) {
            throw new RefusedException(notServed(request.model(), fault));
        }
        Model named = now.catalogue().resolve(request.model()).orElse(null);
        LocalModel here = named == null ? null : stock.served.get(named.id());
        if (named == null || here == null) {
            return;
        }
        EngineException refusal = residency.refusal(here);
        if (refusal != null) {
            throw new RefusedException(notLoaded(request.model(), refusal));
        }
        if (request.tools() && !named.can(Capability.TOOLS)) {
            throw LocalTools.unknown("tools");
        }
    }

    /** What a caller is told of a load that failed; the log has the rest. */
    static OpenAiError notLoaded(String model, EngineException refusal) {
        String message = String.valueOf(refusal.getMessage());
        if (refusal instanceof EngineException.MemoryFull) {
            return OpenAiError.later(503, refusal.code(), message, FULL_FOR);
        }
        if (refusal instanceof EngineException.ModelTooLarge) {
            return OpenAiError.badRequest(refusal.code(), message, "model");
        }
        return refusal instanceof EngineException.UnusableModel
                ? notServed(model, message)
                : OpenAiError.upstream(503, refusal.code(), "The model '" + model
                        + "' could not be loaded; the gateway's log has the details.");
    }

    static OpenAiError notServed(String model, String why) {
        return new OpenAiError(404, "invalid_request_error", "model_not_found",
                "The model '" + model + "' cannot be served: " + why + ".", "model", null);
    }

    @Override
    public Optional<Upstream> make(Vendor vendor, Model model, @Nullable URI url) {
        return Optional.ofNullable(stock.served.get(model.id())).map(local -> local.upstream);
    }

    private Path folder(Vendor vendor) {
        return home.resolve(vendor.modelsDir() == null ? "models" : vendor.modelsDir());
    }

    @Override
    public void close() {
        residency.close();
        engine.close();
    }

    /** One model's file, its residence being the business of {@link Residency}. */
    private final class LocalModel implements Stored<LoadedModel> {

        private final ModelShelf shelf;
        private final String name;
        private final LocalUpstream upstream;
        /** Of the weights in use, or of those on board; null while the shelf knows better. */
        private volatile @Nullable String fixedFingerprint;
        /** Of the model on board, which does not change; null before it was looked into. */
        private volatile @Nullable Boolean toolsOnBoard;

        LocalModel(ModelShelf shelf, String name) {
            this.shelf = shelf;
            this.name = name;
            this.upstream = new LocalUpstream(this::borrow, () -> String.valueOf(fingerprint()), grammars, executor,
                    clock,
                    random);
        }

        /** Null when it can be served. */
        @Nullable
        String fault() {
            ModelShelf.Item item = shelf.items().get(name);
            if (item != null) {
                return item.fault();
            }
            return embedded.contains(name) ? null : "there is no file " + name + ".gguf in the models folder";
        }

        String fingerprint() {
            String fixed = fixedFingerprint;
            ModelShelf.Item item = shelf.items().get(name);
            if (fixed == null && item != null) {
                return String.valueOf(item.fingerprint());
            }
            if (fixed == null) {
                try {
                    fixed = WeightsFingerprint.of(file());
                } catch (IOException e) {
                    throw new UncheckedIOException("the model " + name + " cannot be read", e);
                }
                fixedFingerprint = fixed;
            }
            return fixed;
        }

        /** Whether its chat template knows tools. */
        boolean tools() {
            ModelShelf.Item item = shelf.items().get(name);
            if (item != null) {
                return item.tools();
            }
            Boolean known = toolsOnBoard;
            if (known == null) {
                try {
                    known = LocalEngine.check(file()).tools();
                } catch (IOException e) {
                    throw new UncheckedIOException("the model " + name + " cannot be read", e);
                }
                toolsOnBoard = known;
            }
            return known;
        }

        private Path file() throws IOException {
            ModelShelf.Item item = shelf.items().get(name);
            return item == null ? embedded.extract(name) : item.file();
        }

        boolean onBoard() {
            return shelf.items().get(name) == null && embedded.contains(name);
        }

        /** Waits until the model is loaded; the caller closes what it gets. */
        private LoadedModel borrow() {
            return LeasedModel.await(residency.lease(this));
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public boolean pinned() {
            return stock.pinned.contains(this);
        }

        @Override
        public Footprint footprint() throws IOException {
            return LocalEngine.footprintOf(file(), settings);
        }

        @Override
        public LoadedModel load() throws IOException {
            Path file = file();
            String fingerprint = WeightsFingerprint.of(file);
            LoadedModel loaded = engine.get().load(file);
            boolean told = false;
            try {
                onLoad.accept(loaded);
                told = true;
            } finally {
                if (!told) {
                    loaded.close();
                }
            }
            fixedFingerprint = fingerprint;
            return loaded;
        }

        @Override
        public void unload(LoadedModel model) {
            onUnload.accept(model);
            model.close();
            if (!onBoard()) {
                fixedFingerprint = null; // the file may have been replaced
            }
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
