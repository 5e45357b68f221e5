package dev.pareto.policies.bandit;

import static java.util.Objects.requireNonNull;

/**
 * A request as the bandit sees it: numbers about it, never its content.
 *
 * @param segment requests among which a change of model counts as one, e.g. a route's segment
 * @param values of the features, each about -1 to 1; the first is the constant 1
 */
public record Context(String segment, double[] values) {

    static final int MOST = 64;

    public Context {
        requireNonNull(segment, "segment is null");
        values = values.clone();
        if (values.length == 0 || values.length > MOST || values[0] != 1) {
            throw new IllegalArgumentException("a context has 1 to " + MOST + " values, the first of them 1");
        }
        for (double value : values) {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException("a context's values are finite, one is " + value);
            }
        }
    }
}
