package dev.pareto.proxy.swap;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;

import dev.pareto.dashboards.store.StoredMove;
import dev.pareto.dashboards.store.StoredSwap;
import dev.pareto.dashboards.store.SwapRepository;
import dev.pareto.policies.catalog.Model;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.decide.Fingerprints;
import dev.pareto.policies.decide.Replacement;
import dev.pareto.policies.policy.ParetoConfig;
import dev.pareto.policies.policy.Policy;
import dev.pareto.policies.policy.Route;
import dev.pareto.policies.swap.Evidence;
import dev.pareto.policies.swap.Move;
import dev.pareto.policies.swap.Swap;
import dev.pareto.policies.swap.SwapEvent;
import dev.pareto.policies.swap.SwapKey;
import dev.pareto.policies.swap.SwapMachine;
import dev.pareto.policies.swap.SwapPlan;
import dev.pareto.policies.swap.SwapState;
import dev.pareto.policies.swap.Swaps;
import dev.pareto.policies.swap.Transition;
import dev.pareto.policies.swap.Verdicts;
import dev.pareto.policies.swap.guard.JudgePlan;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The swaps on file: in memory for the gate, which sees every move at once, and in the store for the next start. A move is written as soon
 * as it is made, counts once a second: what a kill can lose is the counts of its last second. Thread-safe; only {@link #steer},
 * {@link #look} and {@link #history} may wait for the store.
 */
public final class SwapBook implements Swaps, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SwapBook.class);
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES) // what an older version did not keep is zero
            .build();

    private final SwapRepository store;
    private final Supplier<ParetoConfig> config;
    private final Verdicts verdicts;
    private final Fingerprints fingerprints;
    private final SwapClock clock;
    private final ScheduledExecutorService executor;
    private final SwapMachine machine = new SwapMachine();
    private final Map<SwapKey, Swap> swaps = new ConcurrentHashMap<>();
    private final Set<String> told = ConcurrentHashMap.newKeySet();
    /** Guards the two below, and that a state, its mark and its moves are seen together by whoever writes them. */
    private final Object changes = new Object();
    private final Set<SwapKey> unwritten = new HashSet<>();
    private final Deque<Move> moves = new ArrayDeque<>();

    /** @param executor of one thread, which the store may block; closed with this */
    public SwapBook(SwapRepository store, Supplier<ParetoConfig> config, Verdicts verdicts, Fingerprints fingerprints,
            SwapClock clock, ScheduledExecutorService executor) {
        this.store = store;
        this.config = config;
        this.verdicts = verdicts;
        this.fingerprints = fingerprints;
        this.clock = clock;
        this.executor = executor;
        store.all().forEach(stored -> swaps.put(stored.key(), read(stored)));
        look();
        var _ = executor.scheduleWithFixedDelay(this::tick, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public @Nullable Swap find(SwapKey key) {
        return swaps.get(key);
    }

    @Override
    public Instant time(Instant at) {
        return clock.at(at);
    }

    /** Every swap that anything is known of, by route, candidate and segment. */
    public List<Swap> all() {
        return swaps.values()
                .stream()
                .sorted(Comparator.comparing(Swap::route)
                        .thenComparing(swap -> swap.candidate().toString())
                        .thenComparing(swap -> swap.key().segment()))
                .toList();
    }

    /** The moves of a route's swaps, newest first; of all when {@code route} is null. */
    public List<StoredMove> history(@Nullable String route, int limit) {
        return store.moves(route, limit);
    }

    /** Whether it stands there at this moment. */
    boolean stands(SwapKey key, SwapState state, double share) {
        Swap swap = swaps.get(key);
        return swap != null && swap.state() == state && swap.shareAt(clock.instant()) == share;
    }

    /** How it is planned, and by which evidence it goes; null when the configuration has no such replacement any more. */
    public @Nullable Replacement replacement(SwapKey key) {
        ParetoConfig now = config.get();
        Route route = now.routes().get(key.route());
        ModelId baseline = route == null ? null : route.baseline();
        if (route == null || baseline == null || !candidates(now, route).contains(key.candidate())) {
            return null;
        }
        Policy policy = route.policy() == null ? null : now.policies().get(route.policy());
        return Replacement.of(now, verdicts, fingerprints, route, key.candidate(), baseline, policy, clock.instant());
    }

    /** Why a swap that no evidence has moved yet stands where it does; null where its own reason says it all. */
    public @Nullable String silence(Swap swap, Replacement replacement) {
        ModelId baseline = incumbent(swap.key());
        return swap.state() != SwapState.CLOSED || replacement.facts().evidence() != null || baseline == null
                ? null
                : replacement.silence(config.get(), verdicts, baseline);
    }

    /** Who judges live answers of this swap; null when nobody does. */
    @Nullable
    JudgePlan judge(SwapKey key) {
        SwapPlan plan = config.get().swaps().get(key.route());
        return plan != null && plan.to().equals(key.candidate()) ? plan.judge() : null;
    }

    /** Something was seen of a request; returns at once. A roll-back that follows holds for the next decision. */
    public void tell(SwapKey key, SwapEvent event) {
        try {
            if (apply(key, event)) {
                executor.execute(this::write);
            }
        } catch (RejectedExecutionException closing) {
            LOG.debug("a move of {} came while the gateway closes; the next start makes it again", key);
        } catch (RuntimeException fault) {
            // the request that taught it is answered all the same
            LOG.error("what was seen for the {} could not be taken up", key, fault);
        }
    }

    /**
     * A person acts; returns when it is on file. What lets a candidate serve is on file first, then in force: what was not written did not
     * happen. What takes traffic from it is in force at once, and is written until it is on file whatever the store says now.
     *
     * @throws dev.pareto.policies.swap.IllegalMoveException when the life cycle has no such move
     * @throws IllegalArgumentException when there is no such swap
     */
    public synchronized Swap steer(SwapKey key, SwapEvent event) {
        Replacement replacement = replacement(key);
        if (replacement == null) {
            throw new IllegalArgumentException("there is no " + key + "; GET /api/swaps lists those there are");
        }
        if (event instanceof SwapEvent.RolledBack || event instanceof SwapEvent.Frozen) {
            apply(key, event);
            write();
        } else {
            allow(key, replacement, event);
        }
        return requireNonNull(swaps.get(key), () -> "the " + key + " was just moved and is gone");
    }

    private void allow(SwapKey key, Replacement replacement, SwapEvent event) {
        write(); // what happened before is on file before
        Swap before = known(key, replacement);
        Transition allowed = machine.on(before, replacement.plan(), replacement.facts(), event);
        store.save(stored(allowed.swap()).toList(), allowed.moves().stream().map(SwapBook::stored).toList());
        synchronized (changes) {
            Swap now = known(key, replacement);
            if (now.equals(before)) {
                swaps.put(key, allowed.swap());
            } else {
                // something was seen meanwhile, which may forbid what was allowed: then it says so to whoever asked
                unwritten.add(key);
                swaps.put(key, machine.on(now, replacement.plan(), replacement.facts(), event).swap());
            }
        }
        allowed.moves().forEach(this::announce);
    }

    private Swap known(SwapKey key, Replacement replacement) {
        Swap known = swaps.get(key);
        return known == null ? Swap.closed(key, replacement.facts().now()) : known;
    }

    /** Moves whatever is due by time and evidence, and writes down what has changed. */
    public void look() {
        ParetoConfig now = config.get();
        now.routes().values().forEach(route -> {
            if (route.baseline() != null) {
                candidates(now, route).forEach(candidate -> look(now, route, candidate));
            }
        });
        write();
    }

    private void look(ParetoConfig now, Route route, ModelId candidate) {
        SwapPlan found = now.swaps().get(route.name());
        SwapPlan stated = found != null && found.to().equals(candidate) ? found : null;
        Set<String> lives = stated == null ? Set.of(SwapKey.REST) : stated.segments().lives();
        for (String segment : lives) {
            var key = new SwapKey(route.name(), candidate, segment);
            boolean known = stated != null || swaps.containsKey(key);
            Replacement judged = known ? null : replacement(key);
            if (stated != null && stated.segments().tag() != null) {
                compareLabels(key, stated);
            }
            if (known || (judged != null && judged.facts().evidence() != null)) {
                apply(key, new SwapEvent.Looked());
            }
        }
    }

    /** Says once of a verdict that its items are grouped by something else than the tag, as far as can be told before a request came. */
    private void compareLabels(SwapKey key, SwapPlan plan) {
        Replacement replacement = plan.drift() == null ? null : replacement(key);
        Evidence evidence = replacement == null ? null : replacement.facts().evidence();
        if (evidence == null || evidence.labels().isEmpty() || !told.add(key + " " + evidence.verdictId())) {
            return;
        }
        var named = new TreeSet<>(plan.segments().closed());
        named.addAll(plan.segments().own());
        if (Collections.disjoint(named, evidence.labels())) {
            LOG.warn(
                    "{}: verdict {} groups its items by {}, and the labels of tag '{}' that are stated are {}: as long "
                            + "as requests bear other names than the items, labels are not tested for input drift",
                    key,
                    evidence.verdictId(), evidence.labels(), plan.segments().tag(), named);
        }
    }

    private static Set<ModelId> candidates(ParetoConfig now, Route route) {
        var open = new LinkedHashSet<ModelId>();
        for (List<ModelId> some : List.of(route.candidates(), route.fallbacks())) {
            some.stream()
                    .filter(id -> !id.equals(route.baseline())
                            && now.catalogue().served(id).filter(Model::open).isPresent())
                    .forEach(open::add);
        }
        return open;
    }

    /** @return whether there are moves to write */
    private boolean apply(SwapKey key, SwapEvent event) {
        Replacement replacement = replacement(key);
        if (replacement == null) {
            return false;
        }
        Transition transition;
        synchronized (changes) {
            Swap before = swaps.get(key);
            transition = machine.on(known(key, replacement), replacement.plan(), replacement.facts(), event);
            if (!transition.swap().equals(before)) {
                swaps.put(key, transition.swap());
                unwritten.add(key);
            }
            moves.addAll(transition.moves());
        }
        transition.moves().forEach(this::announce);
        return !transition.moves().isEmpty();
    }

    private void announce(Move move) {
        if (move.to() == SwapState.ROLLED_BACK) {
            LOG.warn("{} rolled back by {}: {}", move.key(), move.by(), move.reason());
        } else {
            LOG.info("{}: {} -> {} by {}: {}", move.key(), move.from(), move.to(), move.by(), move.reason());
        }
    }

    private void tick() {
        try {
            look();
        } catch (RuntimeException failure) {
            LOG.error("the swaps could not be looked after; tried again in {}", TICK, failure);
        }
    }

    /** States and moves of one transaction; what could not be written stays for the next time. */
    private synchronized void write() {
        List<Swap> changed = new ArrayList<>();
        List<Move> made;
        synchronized (changes) {
            for (SwapKey key : unwritten) {
                changed.add(requireNonNull(swaps.get(key), "what was changed is there"));
            }
            made = List.copyOf(moves);
            unwritten.clear();
            moves.clear();
        }
        if (changed.isEmpty() && made.isEmpty()) {
            return;
        }
        try {
            store.save(changed.stream().flatMap(this::stored).toList(), made.stream().map(SwapBook::stored).toList());
        } catch (RuntimeException failure) {
            synchronized (changes) {
                changed.forEach(swap -> unwritten.add(swap.key()));
                made.reversed().forEach(moves::addFirst);
            }
            throw failure;
        }
    }

    /** Nothing of a swap whose route the configuration has no more. */
    private Stream<StoredSwap> stored(Swap swap) {
        ModelId incumbent = incumbent(swap.key());
        return incumbent == null
                ? Stream.empty()
                : Stream.of(new StoredSwap(swap.key(), incumbent, swap.state().name(), swap.shareAt(clock.instant()),
                        swap.since(), swap.verdictId(), swap.reason(), JSON.writeValueAsString(swap)));
    }

    @Nullable
    ModelId incumbent(SwapKey key) {
        Route route = config.get().routes().get(key.route());
        return route == null ? null : route.baseline();
    }

    private static StoredMove stored(Move move) {
        return new StoredMove(move.at(), move.key(), move.from().name(), move.to().name(), move.share(), move.by(),
                move.reason(), move.verdictId(), move.alarm() == null ? null : move.alarm().guard().id());
    }

    /** Who was seen was known in memory alone. A state that cannot be read serves nothing. */
    private Swap read(StoredSwap stored) {
        try {
            Swap swap = JSON.readValue(stored.json(), Swap.class);
            if (swap.key().equals(stored.key())) {
                return swap.withMonitor(swap.monitor().withoutUnits());
            }
        } catch (JacksonException unreadable) {
            LOG.error("the state of the {} cannot be read; it begins anew", stored.key(), unreadable);
        }
        return Swap.closed(stored.key(), clock.instant());
    }

    /** The moment by which swaps are moved. */
    public Instant now() {
        return clock.instant();
    }

    @Override
    public void close() {
        executor.shutdown();
        try {
            write();
        } finally {
            executor.shutdownNow();
        }
    }
}
