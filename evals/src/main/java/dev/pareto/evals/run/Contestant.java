package dev.pareto.evals.run;

import static java.util.Objects.requireNonNull;

import dev.pareto.evals.suite.Suite;
import dev.pareto.policies.catalog.ModelId;

import org.jspecify.annotations.Nullable;

/**
 * A model that takes part in a run.
 *
 * @param model its catalogue name
 * @param fingerprint what serves it (weights, quantisation, template, host), as known beforehand; null when unknown
 */
public record Contestant(ModelId model, @Nullable String fingerprint) {

    /** Checks the model. */
    public Contestant {
        requireNonNull(model, "model is null");
    }

    RunKey key(Suite suite) {
        return new RunKey(suite.id(), suite.version(), model, suite.sampling(), fingerprint);
    }
}
