package dev.pareto.evals.run;

import java.time.Duration;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.price.Money;

import org.jspecify.annotations.Nullable;

/** Is told after every answer. Called by one thread at a time; must be quick. */
@FunctionalInterface
public interface RunListener {

    /** Tells nobody. */
    RunListener SILENT = progress -> {};

    /** @param progress of the model whose answer has come in */
    void onProgress(Progress progress);

    /** An outcome is there: first those of answers that were paid for earlier, then each as it comes. */
    default void onOutcome(Contestant contestant, ItemOutcome outcome) {}

    /**
     * Where one model's run stands.
     *
     * @param model whose answers are counted
     * @param done items with an outcome
     * @param total items to be asked
     * @param reused of those done, how many were paid for earlier
     * @param errors of those done, how many have no answer
     * @param accuracy mean score so far; null before the first
     * @param spent cost of this run's own answers; null when any is unknown
     * @param elapsed since the start
     * @param remaining estimate from this run's own answers; null before the first
     * @param evidence how far a sequential test is on its way to a decision, 0 to 1; null when there is none
     */
    record Progress(ModelId model, int done, int total, int reused, int errors, @Nullable Double accuracy,
            @Nullable Money spent, Duration elapsed, @Nullable Duration remaining,
            @Nullable Double evidence) {}
}
