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
 * @param sample which asking of the same items this is, from 0; answers of another sample are never reused
 */
public record Contestant(ModelId model, @Nullable String fingerprint, int sample) {

    /** Checks the model. */
    public Contestant {
        requireNonNull(model, "model is null");
    }

    /** A model asked for the first time. */
    public Contestant(ModelId model, @Nullable String fingerprint) {
        this(model, fingerprint, 0);
    }

    /** The same model asked once more. */
    public Contestant again(int sample) {
        return new Contestant(model, fingerprint, sample);
    }

    RunKey key(Suite suite) {
        return new RunKey(suite.id(), suite.version(), model, suite.sampling(), fingerprint, sample);
    }
}
