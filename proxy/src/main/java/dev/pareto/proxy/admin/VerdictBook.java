package dev.pareto.proxy.admin;

import dev.pareto.dashboards.store.StoredVerdict;
import dev.pareto.dashboards.store.VerdictRepository;
import dev.pareto.evals.check.ChainChecker;
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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The verdicts on file, in memory for the policy engine and in the store for the next start. Reading never blocks; filing
 * does, and is for a thread that may wait. Thread-safe.
 */
public final class VerdictBook implements Verdicts {

    private static final Logger LOG = LoggerFactory.getLogger(VerdictBook.class);

    private final VerdictRepository verdicts;
    private final Supplier<ParetoConfig> config;
    private final SwapClock swaps;
    private final Map<String, List<Evidence>> byRoute = new ConcurrentHashMap<>();
    private final Map<String, String> faults;

    /** @param swaps the time by which evidence ages */
    VerdictBook(VerdictRepository verdicts, Supplier<ParetoConfig> config, SwapClock swaps) {
        this.verdicts = verdicts;
        this.config = config;
        this.swaps = swaps;
        this.faults = faults(verdicts);
        verdicts.newestBySuite().forEach(stored -> {
            String fault = faults.get(stored.id());
            Evidence evidence = VerdictJson.unsealed(stored.json()).toEvidence();
            remember(fault == null ? evidence : evidence.unsound(fault));
        });
    }

    /** What is on file may have been touched from outside: such a verdict opens no gate, and says why. */
    private static Map<String, String> faults(VerdictRepository verdicts) {
        List<JsonNode> chain = verdicts.all()
                .stream()
                .map(stored -> JsonMapper.shared().readTree(stored.json()))
                .toList();
        Map<String, String> faults = new ChainChecker().faults(chain);
        faults.forEach((id, fault) -> LOG.error("verdict {} opens no gate, its chain does not verify: {}; see"
                + " ./pareto verdict check --chain, and run its comparison again", id, fault));
        return Map.copyOf(faults);
    }

    /** Why a verdict opens no gate although it is on file; null when its chain verified at the start, or it came since. */
    @Nullable
    String fault(String id) {
        return faults.get(id);
    }

    @Override
    public List<Evidence> newest(String route) {
        return byRoute.getOrDefault(route, List.of());
    }

    /**
     * Files a verdict; the next decision on its route obeys it. One that is on file already changes nothing.
     *
     * @throws IllegalArgumentException when it names no route or models that are not there
     * @throws ForkException when it does not follow the newest on file
     */
    synchronized void file(Verdict verdict) {
        Evidence evidence = evidence(verdict);
        StoredVerdict known = verdicts.find(verdict.id()).orElse(null);
        if (known != null && VerdictJson.write(verdict).equals(known.json())) {
            return;
        }
        requireNext(verdict);
        verdicts.save(new StoredVerdict(verdict.id(), evidence.route(), evidence.candidate(), evidence.incumbent(),
                verdict.created(), verdict.expires(), verdict.simulated(), VerdictJson.write(verdict)));
        remember(evidence);
    }

    /** Evidence that somebody filed beside the chain would be evidence that nobody can miss. */
    private void requireNext(Verdict verdict) {
        Verdict newest = verdicts.latest(1, 0)
                .stream()
                .map(stored -> VerdictJson.unsealed(stored.json()))
                .findFirst()
                .orElse(null);
        String tip = newest == null ? null : newest.sha256();
        if (!Objects.equals(verdict.previousSha256(), tip)) {
            throw new ForkException("verdict " + verdict.id() + " follows "
                    + (verdict.previousSha256() == null ? "none" : verdict.previousSha256())
                    + ", but the newest on file is "
                    + (newest == null ? "none" : newest.id() + " (" + tip + ")")
                    + "; it opens no gate before it is sealed behind that one: run the comparison again");
        }
        if (newest != null && (verdict.created().isBefore(newest.created()) || verdict.id().equals(newest.id()))) {
            throw new ForkException("verdict " + verdict.id() + " of " + verdict.created() + " follows " + newest.id()
                    + ", which was made at " + newest.created() + "; a chain goes forward");
        }
    }

    /** A verdict that would not stand at the end of the chain. */
    static final class ForkException extends RuntimeException {

        private static final long serialVersionUID = 1;

        ForkException(String message) {
            super(message);
        }
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
