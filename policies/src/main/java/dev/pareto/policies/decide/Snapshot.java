package dev.pareto.policies.decide;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.policy.ParetoConfig;
import dev.pareto.policies.predict.Accuracies;
import dev.pareto.policies.predict.CachedShares;
import dev.pareto.policies.predict.Commitments;
import dev.pareto.policies.predict.Latencies;
import dev.pareto.policies.predict.OutputLengths;
import dev.pareto.policies.swap.Swaps;
import dev.pareto.policies.swap.Verdicts;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Everything that the world knows at the moment of a decision. Each part answers from memory.
 *
 * @param config what is configured
 * @param latencies how long answers take now
 * @param verdicts what the evals say
 * @param swaps which replacements are on file
 * @param available whether a model can be called now, e.g. its circuit is closed
 * @param fingerprint what a model is made of now; null when unknown
 * @param outputLengths how long a route's answers usually are, in tokens
 * @param accuracies how well models will answer, learnt from labels
 * @param lastServed who served last
 * @param cachedShares how much of prompts vendors read from their caches
 * @param commitments what of committed spend is not used yet
 */
public record Snapshot(ParetoConfig config, Latencies latencies, Verdicts verdicts, Swaps swaps,
        Predicate<ModelId> available, Fingerprints fingerprint,
        ToIntFunction<String> outputLengths, Accuracies accuracies, LastServed lastServed,
        CachedShares cachedShares, Commitments commitments) {

    public Snapshot {
        requireNonNull(config, "config is null");
        requireNonNull(latencies, "latencies is null");
        requireNonNull(verdicts, "verdicts is null");
        requireNonNull(swaps, "swaps is null");
        requireNonNull(available, "available is null");
        requireNonNull(fingerprint, "fingerprint is null");
        requireNonNull(outputLengths, "outputLengths is null");
        requireNonNull(accuracies, "accuracies is null");
        requireNonNull(lastServed, "lastServed is null");
        requireNonNull(cachedShares, "cachedShares is null");
        requireNonNull(commitments, "commitments is null");
    }

    /** Where nothing was learnt of accuracy and nobody remembers who served. */
    public Snapshot(ParetoConfig config, Latencies latencies, Verdicts verdicts, Swaps swaps,
            Predicate<ModelId> available, Fingerprints fingerprint, ToIntFunction<String> outputLengths) {
        this(config, latencies, verdicts, swaps, available, fingerprint, outputLengths, Accuracies.UNKNOWN,
                LastServed.NONE);
    }

    /** Where nobody counts on caches and nothing is committed. */
    public Snapshot(ParetoConfig config, Latencies latencies, Verdicts verdicts, Swaps swaps,
            Predicate<ModelId> available, Fingerprints fingerprint, ToIntFunction<String> outputLengths,
            Accuracies accuracies, LastServed lastServed) {
        this(config, latencies, verdicts, swaps, available, fingerprint, outputLengths, accuracies, lastServed,
                CachedShares.NONE, Commitments.NONE);
    }

    /** A world in which nothing was observed yet and every model can be called. */
    public static Snapshot of(ParetoConfig config) {
        return new Snapshot(config, Latencies.UNKNOWN, Verdicts.NONE, Swaps.NONE, model -> true, model -> null,
                route -> OutputLengths.FIRST_GUESS);
    }

    public Snapshot withVerdicts(Verdicts newVerdicts) {
        return new Snapshot(config, latencies, newVerdicts, swaps, available, fingerprint, outputLengths, accuracies,
                lastServed, cachedShares, commitments);
    }

    public Snapshot withLatencies(Latencies newLatencies) {
        return new Snapshot(config, newLatencies, verdicts, swaps, available, fingerprint, outputLengths, accuracies,
                lastServed, cachedShares, commitments);
    }

    public Snapshot withSwaps(Swaps newSwaps) {
        return new Snapshot(config, latencies, verdicts, newSwaps, available, fingerprint, outputLengths, accuracies,
                lastServed, cachedShares, commitments);
    }

    public Snapshot availableWhen(Predicate<ModelId> test) {
        return new Snapshot(config, latencies, verdicts, swaps, test, fingerprint, outputLengths, accuracies,
                lastServed, cachedShares, commitments);
    }

    public Snapshot withAccuracies(Accuracies learnt) {
        return new Snapshot(config, latencies, verdicts, swaps, available, fingerprint, outputLengths, learnt,
                lastServed, cachedShares, commitments);
    }

    public Snapshot withLastServed(LastServed remembered) {
        return new Snapshot(config, latencies, verdicts, swaps, available, fingerprint, outputLengths, accuracies,
                remembered, cachedShares, commitments);
    }

    public Snapshot withCommitments(Commitments paid) {
        return new Snapshot(config, latencies, verdicts, swaps, available, fingerprint, outputLengths, accuracies,
                lastServed, cachedShares, paid);
    }
}
