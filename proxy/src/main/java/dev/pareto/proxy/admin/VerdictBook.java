package dev.pareto.proxy.admin;

import dev.pareto.dashboards.store.StoredVerdict;
import dev.pareto.dashboards.store.VerdictRepository;
import dev.pareto.evals.verdict.Verdict;
import dev.pareto.evals.verdict.VerdictJson;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.policy.ParetoConfig;
import dev.pareto.policies.swap.Evidence;
import dev.pareto.policies.swap.Verdicts;
import dev.pareto.proxy.swap.SwapClock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The verdicts on file, in memory for the policy engine and in the store for the next start. Reading never blocks; filing
 * does, and is for a thread that may wait. Thread-safe.
 */
public final class VerdictBook implements Verdicts {

    private final VerdictRepository verdicts;
    private final Supplier<ParetoConfig> config;
    private final SwapClock swaps;
    private final Map<String, List<Evidence>> byRoute = new ConcurrentHashMap<>();

    /** @param swaps the time by which evidence ages */
    VerdictBook(VerdictRepository verdicts, Supplier<ParetoConfig> config, SwapClock swaps) {
        this.verdicts = verdicts;
        this.config = config;
        this.swaps = swaps;
        verdicts.newestBySuite().forEach(stored -> remember(VerdictJson.read(stored.json()).toEvidence()));
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
    }

    Optional<StoredVerdict> find(String id) {
        return verdicts.find(id);
    }

    /** The one before another in the chain. */
    Optional<StoredVerdict> sealed(String sha256) {
        return verdicts.sealed(sha256);
    }

    List<StoredVerdict> following(String sha256) {
        return verdicts.following(sha256);
    }

    /** The newest verdicts but {@code skip}, newest first. */
    List<StoredVerdict> latest(int limit, int skip) {
        return verdicts.latest(limit, skip);
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

    /** Only the newest of each pair by each suite counts, whatever the order in which they arrive. */
    private void remember(Evidence made) {
        Evidence evidence = made.madeAt(swaps.at(made.createdAt()));
        byRoute.merge(evidence.route(), List.of(evidence), (known, added) -> {
            Evidence newest = added.getFirst();
            var kept = new ArrayList<Evidence>();
            for (Evidence one : known) {
                boolean same = one.candidate().equals(newest.candidate())
                        && one.incumbent().equals(newest.incumbent()) && Objects.equals(one.suite(), newest.suite());
                if (!same) {
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
