package dev.pareto.policies.check;

import static java.util.Objects.requireNonNull;

import java.util.Locale;

/**
 * Something about a configuration that its author should know.
 *
 * @param where the route, policy, floor or key that it is about, e.g. {@code route support}
 * @param what a sentence without a full stop
 * @param remedy how to mend it
 */
public record Remark(Weight weight, String where, String what, String remedy) {

    /** How bad it is. */
    public enum Weight {
        /** Requests will be refused, or something that is written can never happen. */
        ERROR,
        /** It works, and probably not as it is meant. */
        WARNING
    }

    public Remark {
        requireNonNull(weight, "weight is null");
        requireNonNull(where, "where is null");
        requireNonNull(what, "what is null");
        requireNonNull(remedy, "remedy is null");
    }

    @Override
    public String toString() {
        return weight.name().toLowerCase(Locale.ROOT) + ": " + where + ": " + what + "; " + remedy;
    }
}
