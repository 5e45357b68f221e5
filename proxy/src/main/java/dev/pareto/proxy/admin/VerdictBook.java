package dev.pareto.proxy.admin;

import dev.pareto.dashboards.store.StoredSwap;
import dev.pareto.dashboards.store.StoredVerdict;
import dev.pareto.dashboards.store.SwapRepository;
import dev.pareto.dashboards.store.VerdictRepository;
import dev.pareto.evals.verdict.Verdict;
import dev.pareto.evals.verdict.VerdictJson;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.catalog.Vendor;
import dev.pareto.policies.decide.Fingerprints;
import dev.pareto.policies.policy.ParetoConfig;
import dev.pareto.policies.swap.Evidence;
import dev.pareto.policies.swap.Swap;
import dev.pareto.policies.swap.SwapMachine;
import dev.pareto.policies.swap.SwapPlan;
import dev.pareto.policies.swap.Verdicts;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The verdicts on file, in memory for the policy engine and in the store for the next start. Reading never blocks; filing
 * does, and is for a thread that may wait. Thread-safe.
 */
public final class VerdictBook implements Verdicts, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(VerdictBook.class);

    /** How late the pages may see a step of a ramp or the expiry of a verdict; decisions see it at once. */
    private static final Duration TICK = Duration.ofSeconds(10);

    private final VerdictRepository verdicts;
    private final SwapRepository swaps;
    private final Supplier<ParetoConfig> config;
    private final Fingerprints fingerprints;
    private final InstantSource clock;
    private final SwapMachine machine = new SwapMachine();
    private final ScheduledExecutorService executor;
    private final Map<String, List<Evidence>> byRoute = new ConcurrentHashMap<>();
    /** By route, as the store has them; guarded by this. */
    private final Map<String, StoredSwap> written = new HashMap<>();

    /** @param executor of one thread, which the store may block; closed with this */
    VerdictBook(VerdictRepository verdicts, SwapRepository swaps, Supplier<ParetoConfig> config,
            Fingerprints fingerprints, InstantSource clock, ScheduledExecutorService executor) {
        this.verdicts = verdicts;
        this.swaps = swaps;
        this.config = config;
        this.fingerprints = fingerprints;
        this.clock = clock;
        this.executor = executor;
        swaps.all().forEach(swap -> written.put(swap.route(), swap));
        verdicts.newest().forEach(stored -> remember(VerdictJson.read(stored.json()).toEvidence()));
        var _ = executor.scheduleWithFixedDelay(this::tick, 0, TICK.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public List<Evidence> newest(String route) {
        return byRoute.getOrDefault(route, List.of());
    }

    /**
     * Files a verdict; the next decision on its route obeys it.
     *
     * @throws IllegalArgumentException when it names no route or models that are not there
     */
    void file(Verdict verdict) {
        Evidence evidence = evidence(verdict);
        verdicts.save(new StoredVerdict(verdict.id(), evidence.route(), evidence.candidate(), evidence.incumbent(),
                verdict.created(), verdict.expires(), verdict.simulated(), VerdictJson.write(verdict)));
        remember(evidence);
        refresh();
    }

    /** The newest verdicts, newest first. */
    List<StoredVerdict> latest(int limit) {
        return verdicts.latest(limit);
    }

    private void tick() {
        try {
            refresh();
        } catch (RuntimeException failure) {
            LOG.error("where the swaps stand could not be written down; tried again in {}", TICK, failure);
        }
    }

    /** Writes down where each route's swap stands now if it moved, for the pages; decisions derive it for themselves. */
    synchronized void refresh() {
        byRoute.forEach((route, known) -> {
            Evidence evidence = leading(route, known);
            Swap swap = stand(evidence);
            var now = new StoredSwap(route, swap.candidate(), evidence.incumbent(), swap.state().name(),
                    swap.verdictId(), swap.reason(), swap.since());
            if (moved(written.get(route), now)) {
                swaps.save(now);
                written.put(route, now);
            }
        });
    }

    /** A state that is derived anew begins anew each time; it moved only when something else of it changed. */
    private static boolean moved(@Nullable StoredSwap before, StoredSwap now) {
        return before == null || !now.equals(new StoredSwap(before.route(), before.candidate(), before.incumbent(),
                before.state(), before.verdictId(), before.reason(), now.since()));
    }

    /** Of several candidates the store keeps the planned one, else the one judged last. */
    private Evidence leading(String route, List<Evidence> known) {
        SwapPlan stated = config.get().swaps().get(route);
        return Collections.max(known, Comparator
                .comparing((Evidence evidence) -> stated != null && stated.to().equals(evidence.candidate()))
                .thenComparing(Evidence::createdAt)
                .thenComparing(Evidence::verdictId));
    }

    private Swap stand(Evidence evidence) {
        ParetoConfig now = config.get();
        SwapPlan stated = now.swaps().get(evidence.route());
        SwapPlan plan = stated != null && stated.to().equals(evidence.candidate())
                ? stated
                : SwapPlan.unstated(evidence.route(), evidence.candidate(), evidence.margin());
        boolean simulated = now.catalogue().vendor(evidence.incumbent().vendor()).map(Vendor::simulated).orElse(false);
        return machine.derive(plan, SwapMachine.counts(evidence, simulated) ? evidence : null,
                fingerprints.of(evidence.candidate()), clock.instant());
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }

    private Evidence evidence(Verdict verdict) {
        Evidence evidence;
        try {
            evidence = verdict.toEvidence();
        } catch (IllegalStateException unbound) {
            throw new IllegalArgumentException(unbound.getMessage(), unbound);
        }
        for (ModelId model : List.of(evidence.candidate(), evidence.incumbent())) {
            if (config.get().catalogue().find(model).isEmpty()) {
                throw new IllegalArgumentException("the catalogue has no model " + model);
            }
        }
        return evidence;
    }

    /** Only the newest of each pair counts, whatever the order in which they arrive. */
    private void remember(Evidence evidence) {
        byRoute.merge(evidence.route(), List.of(evidence), (known, added) -> {
            Evidence newest = added.getFirst();
            var kept = new ArrayList<Evidence>();
            for (Evidence one : known) {
                boolean samePair = one.candidate().equals(newest.candidate())
                        && one.incumbent().equals(newest.incumbent());
                if (!samePair) {
                    kept.add(one);
                } else if (one.createdAt().isAfter(newest.createdAt())) {
                    newest = one;
                }
            }
            kept.addFirst(newest);
            return List.copyOf(kept);
        });
    }
}
