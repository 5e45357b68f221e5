package dev.pareto.proxy.admin;

import dev.pareto.dashboards.store.StoredSwap;
import dev.pareto.dashboards.store.StoredVerdict;
import dev.pareto.dashboards.store.SwapRepository;
import dev.pareto.dashboards.store.VerdictRepository;
import dev.pareto.evals.verdict.Verdict;
import dev.pareto.evals.verdict.VerdictJson;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.catalog.Vendor;
import dev.pareto.policies.policy.ParetoConfig;
import dev.pareto.policies.swap.Evidence;
import dev.pareto.policies.swap.Swap;
import dev.pareto.policies.swap.SwapMachine;
import dev.pareto.policies.swap.SwapPlan;
import dev.pareto.policies.swap.Verdicts;
import dev.pareto.policies.decide.Fingerprints;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The verdicts on file, in memory for the policy engine and in the store for the next start. Reading never blocks; filing
 * does, and is for a thread that may wait. Thread-safe.
 */
public final class VerdictBook implements Verdicts {

    private static final int LATEST = 200;

    private final VerdictRepository verdicts;
    private final SwapRepository swaps;
    private final Supplier<ParetoConfig> config;
    private final Fingerprints fingerprints;
    private final InstantSource clock;
    private final SwapMachine machine = new SwapMachine();
    private final Map<String, List<Evidence>> byRoute = new ConcurrentHashMap<>();

    VerdictBook(VerdictRepository verdicts, SwapRepository swaps, Supplier<ParetoConfig> config,
            Fingerprints fingerprints, InstantSource clock) {
        this.verdicts = verdicts;
        this.swaps = swaps;
        this.config = config;
        this.fingerprints = fingerprints;
        this.clock = clock;
        verdicts.newest().forEach(stored -> remember(VerdictJson.read(stored.json()).toEvidence()));
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
    List<StoredVerdict> latest() {
        return verdicts.latest(LATEST);
    }

    /** Writes down where each swap stands now, for the pages; decisions derive it for themselves. */
    void refresh() {
        for (List<Evidence> known : byRoute.values()) {
            for (Evidence evidence : known) {
                Swap swap = stand(evidence);
                swaps.save(new StoredSwap(swap.route(), swap.candidate(), evidence.incumbent(), swap.state().name(),
                        swap.verdictId(), swap.reason(), swap.since()));
            }
        }
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
