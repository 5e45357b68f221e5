package dev.pareto.engine.residency;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.EngineException;
import dev.pareto.engine.residency.Resident.Phase;

/**
 * Keeps models in memory as long as they are worth it. A model is loaded at its first lease, once for all who ask
 * meanwhile; it stays while leased, and after that until it was unused for long or another needs its room, the longest
 * unused going first. A model is loaded only if it fits beside those that stay, so models together never take more than
 * the limits. Thread-safe; nothing but {@link #sweep} and {@link #close} blocks.
 */
public final class Residency<M> implements AutoCloseable {

    /** How long a load that failed is not tried again, so that a broken file costs each caller little. */
    public static final Duration HOLD = Duration.ofSeconds(5);

    private static final System.Logger LOG = System.getLogger(Residency.class.getName());

    private final Supplier<ResidencyLimits> limits;
    private final Executor executor;
    private final LongSupplier nanoTime;
    private final Object lock = new Object();
    private final Map<Stored<M>, Resident<M>> residents = new LinkedHashMap<>();
    private long loads;
    private long failures;
    private long unloads;
    private boolean closed;

    /**
     * @param limits asked at each load and sweep, so that they may change
     * @param executor loads and unloads, both of which take long and compute; a thread each is right
     */
    public Residency(Supplier<ResidencyLimits> limits, Executor executor, LongSupplier nanoTime) {
        this.limits = limits;
        this.executor = executor;
        this.nanoTime = nanoTime;
    }

    /**
     * A lease of a model, done at once if that is in memory. It fails with {@link EngineException.ModelTooLarge},
     * {@link EngineException.MemoryFull}, {@link EngineException.Closed} or whatever the load failed with. Who cancels it
     * leaves the load to the others.
     */
    public CompletableFuture<Lease<M>> lease(Stored<M> stored) {
        var waiter = new CompletableFuture<Lease<M>>();
        Resident<M> resident;
        synchronized (lock) {
            if (closed) {
                return CompletableFuture.failedFuture(new EngineException.Closed(stored.name()));
            }
            resident = residents.computeIfAbsent(stored, Resident::new);
            if (resident.phase == Phase.READY) {
                return CompletableFuture.completedFuture(lend(resident));
            }
            var refusal = refusalHeld(resident);
            if (refusal != null && !(refusal instanceof EngineException.MemoryFull)) {
                return CompletableFuture.failedFuture(refusal);
            }
            resident.waiting.add(waiter);
            if (resident.phase != Phase.ON_DISK) {
                return waiter;
            }
            resident.phase = Phase.LOADING;
        }
        start(resident);
        return waiter;
    }

    /** Why a lease would be refused now, as far as is known without looking at the file; null if it may be given. */
    public @Nullable EngineException refusal(Stored<M> stored) {
        synchronized (lock) {
            var resident = residents.get(stored);
            if (resident == null) {
                return null;
            }
            var refusal = refusalHeld(resident);
            var needs = resident.needs;
            return refusal instanceof EngineException.MemoryFull && needs != null
                    ? plan(resident, needs).refusal
                    : refusal;
        }
    }

    /** Where the model is. */
    public Residence residence(Stored<M> stored) {
        synchronized (lock) {
            var resident = residents.get(stored);
            if (resident == null) {
                return new Residence.OnDisk();
            }
            return switch (resident.phase) {
                case LOADING -> new Residence.Loading(resident.held.total() == 0 ? null : resident.held);
                case READY -> new Residence.Ready(resident.held, resident.leases,
                        resident.leases > 0 ? Duration.ZERO : since(resident.usedNanos));
                case UNLOADING -> new Residence.Unloading(Objects.requireNonNullElse(resident.needs, Footprint.NONE));
                case ON_DISK -> resident.refusal == null
                        ? new Residence.OnDisk()
                        : new Residence.Failed(String.valueOf(resident.refusal.getMessage()),
                                since(resident.refusedNanos));
            };
        }
    }

    /**
     * What a model that is ready tells of itself; null if it is not. No lease is needed, and the model does not count as
     * used.
     *
     * @param look must neither block nor keep the model
     */
    public <T> @Nullable T peek(Stored<M> stored, Function<M, T> look) {
        synchronized (lock) {
            var resident = residents.get(stored);
            var model = resident == null || resident.phase != Phase.READY ? null : resident.model;
            return model == null ? null : look.apply(model);
        }
    }

    /** All models together. */
    public ResidencyTotals totals() {
        synchronized (lock) {
            return new ResidencyTotals(taken(), limits.get(), loads, failures, unloads);
        }
    }

    /** Unloads what was unused for long and, where the limits have become lower, what is beyond them. Blocks. */
    public void sweep() {
        List<Resident<M>> leaving = new ArrayList<>();
        synchronized (lock) {
            var limit = limits.get();
            for (var resident : longestUnused()) {
                if (since(resident.usedNanos).compareTo(limit.unloadAfter()) >= 0 || !limit.hold(taken())) {
                    leave(resident);
                    leaving.add(resident);
                }
            }
        }
        leaving.forEach(this::unload);
    }

    /** Unloads every model, whoever uses it, and refuses all who wait. */
    @Override
    public void close() {
        var waiting = new LinkedHashMap<CompletableFuture<Lease<M>>, EngineException>();
        List<Resident<M>> leaving = new ArrayList<>();
        synchronized (lock) {
            closed = true;
            for (var resident : residents.values()) {
                var refusal = new EngineException.Closed(resident.stored.name());
                resident.takeWaiting().forEach(waiter -> waiting.put(waiter, refusal));
                if (resident.phase == Phase.READY) {
                    leave(resident);
                    leaving.add(resident);
                }
            }
        }
        waiting.forEach(CompletableFuture::completeExceptionally);
        leaving.forEach(this::unload);
    }

    private void start(Resident<M> resident) {
        try {
            executor.execute(() -> load(resident));
        } catch (RejectedExecutionException _) {
            fail(resident, new EngineException.Closed(resident.stored.name()));
        }
    }

    private void load(Resident<M> resident) {
        var stored = resident.stored;
        try {
            makeRoom(resident, stored.footprint());
            ready(resident, stored.load());
        } catch (EngineException known) {
            fail(resident, known);
        } catch (IOException e) {
            fail(resident, new EngineException.UnusableModel("the file of the model " + stored.name()
                    + " cannot be read", e));
        } catch (RuntimeException | Error e) { // those who wait must hear of it, whatever it is
            fail(resident, new EngineException.ComputationFailed("the model " + stored.name()
                    + " could not be loaded: " + e, e));
        }
    }

    /** Sets memory aside and returns when it is free. */
    private void makeRoom(Resident<M> resident, Footprint needs) {
        List<Resident<M>> victims;
        List<CompletableFuture<Void>> others;
        synchronized (lock) {
            resident.needs = needs;
            var plan = plan(resident, needs);
            if (plan.refusal != null) {
                throw plan.refusal;
            }
            resident.held = needs;
            others = residents.values().stream().map(one -> one.gone).filter(gone -> !gone.isDone()).toList();
            victims = plan.victims;
            victims.forEach(this::leave);
        }
        victims.forEach(this::unload);
        others.forEach(CompletableFuture::join); // under way on other threads
    }

    /**
     * How a model would fit.
     *
     * @param victims to be unloaded first
     * @param refusal null if it fits then
     */
    private record Plan<M>(List<Resident<M>> victims, @Nullable EngineException refusal) {}

    private Plan<M> plan(Resident<M> resident, Footprint needs) {
        var limit = limits.get();
        var name = resident.stored.name();
        var pinned = taken(one -> one != resident && one.stored.pinned()).plus(needs);
        if (!limit.hold(pinned)) {
            return new Plan<>(List.of(), new EngineException.ModelTooLarge(name, needs.words(),
                    Footprint.words(pinned.total() - needs.total()), limit.words(pinned)));
        }
        var victims = new ArrayList<Resident<M>>();
        var unused = longestUnused().iterator();
        var all = taken(one -> one != resident).plus(needs);
        while (!limit.hold(all)) {
            if (!unused.hasNext()) {
                return new Plan<>(List.of(), new EngineException.MemoryFull(name, needs.words(),
                        Footprint.words(all.total() - needs.total()), limit.words(all)));
            }
            victims.add(unused.next());
            all = taken(one -> one != resident && !victims.contains(one)).plus(needs);
        }
        return new Plan<>(victims, null);
    }

    private List<Resident<M>> longestUnused() {
        long now = nanoTime.getAsLong();
        return residents.values()
                .stream()
                .filter(Resident::unused)
                .sorted(Comparator.comparingLong(resident -> resident.usedNanos - now))
                .toList();
    }

    private Footprint taken() {
        return taken(_ -> true);
    }

    private Footprint taken(Predicate<Resident<M>> which) {
        return residents.values()
                .stream()
                .filter(which)
                .map(resident -> resident.held)
                .reduce(Footprint.NONE, Footprint::plus);
    }

    private void ready(Resident<M> resident, M model) {
        var leases = new LinkedHashMap<CompletableFuture<Lease<M>>, Lease<M>>();
        boolean late;
        synchronized (lock) {
            loads++;
            resident.model = model;
            resident.refusal = null;
            resident.phase = Phase.READY;
            resident.usedNanos = nanoTime.getAsLong();
            late = closed;
            if (late) {
                leave(resident);
            } else {
                resident.takeWaiting().forEach(waiter -> leases.put(waiter, lend(resident)));
            }
        }
        if (late) {
            unload(resident);
        }
        leases.forEach((waiter, lease) -> {
            if (!waiter.complete(lease)) {
                lease.close();
            }
        });
    }

    private void fail(Resident<M> resident, EngineException refusal) {
        List<CompletableFuture<Lease<M>>> waiting;
        synchronized (lock) {
            failures++;
            resident.refusal = refusal;
            resident.refusedNanos = nanoTime.getAsLong();
            resident.held = Footprint.NONE;
            resident.phase = Phase.ON_DISK;
            waiting = resident.takeWaiting();
        }
        // Want of room is no fault and may meet every request.
        var level = refusal instanceof EngineException.MemoryFull ? Level.DEBUG : Level.WARNING;
        LOG.log(level, "the model " + resident.stored.name() + " was not loaded: " + refusal.getMessage(),
                refusal.getCause());
        waiting.forEach(waiter -> waiter.completeExceptionally(refusal));
    }

    /** Marks a model as being unloaded; {@link #unload} must follow. */
    private void leave(Resident<M> resident) {
        resident.phase = Phase.UNLOADING;
        resident.held = Footprint.NONE;
        resident.gone = new CompletableFuture<>();
    }

    private void unload(Resident<M> resident) {
        M model;
        synchronized (lock) {
            model = Objects.requireNonNull(resident.model);
            resident.model = null;
        }
        try {
            resident.stored.unload(model);
            LOG.log(Level.INFO, "unloaded {0}", resident.stored.name());
        } catch (RuntimeException | Error e) { // others wait for the room
            LOG.log(Level.ERROR, "the model " + resident.stored.name() + " was not unloaded cleanly", e);
        }
        boolean wanted;
        CompletableFuture<Void> gone;
        synchronized (lock) {
            unloads++;
            wanted = !resident.waiting.isEmpty();
            resident.phase = wanted ? Phase.LOADING : Phase.ON_DISK;
            gone = resident.gone;
        }
        gone.complete(null);
        if (wanted) {
            start(resident);
        }
    }

    private Lease<M> lend(Resident<M> resident) {
        resident.leases++;
        return new Lease<>(Objects.requireNonNull(resident.model), () -> {
            synchronized (lock) {
                resident.leases--;
                resident.usedNanos = nanoTime.getAsLong();
            }
        });
    }

    /** Why the last load failed, if that was just now. */
    private @Nullable EngineException refusalHeld(Resident<M> resident) {
        return resident.phase == Phase.ON_DISK && since(resident.refusedNanos).compareTo(HOLD) < 0
                ? resident.refusal
                : null;
    }

    private Duration since(long nanos) {
        return Duration.ofNanos(nanoTime.getAsLong() - nanos);
    }
}
