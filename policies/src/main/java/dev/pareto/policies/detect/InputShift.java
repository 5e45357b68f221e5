package dev.pareto.policies.detect;

import java.util.Locale;

/**
 * Live requests are of another kind than those that the evidence rests on.
 *
 * @param feature that differs most, e.g. {@code language}
 * @param value of it that has moved most
 * @param live its share of live requests now
 * @param known its share in the evidence
 * @param index population stability index of the feature
 * @param bound that it exceeds
 * @param requests looked at
 */
public record InputShift(String feature, String value, double live, double known, double index, double bound,
        long requests) {

    /** {@code input drift: language pt is 41 % of the last 612 requests and 2 % of the evidence (PSI 1.37, bound 0.20)}. */
    public String words() {
        return String.format(Locale.ROOT,
                "input drift: %s %s is %.0f %% of the last %d requests and %.0f %% of the evidence (PSI %.2f, bound %.2f)",
                feature, value.isEmpty() ? "(none)" : value, 100 * live, requests, 100 * known, index, bound);
    }
}
