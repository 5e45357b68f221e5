package dev.pareto.evals.suite.sample;

import static java.util.Objects.requireNonNull;

/**
 * What to cut.
 *
 * @param route whose traffic
 * @param items how many at most
 * @param by what divides the traffic: {@code none}, {@code length}, or {@code tag:NAME}
 * @param floor least items of each stratum, as far as there are so many
 * @param seed decides which; the same samples and the same seed give the same suite
 */
public record CutPlan(String route, int items, String by, int floor, String seed) {

    /** Checks the bounds. */
    public CutPlan {
        requireNonNull(route, "route is null");
        requireNonNull(seed, "seed is null");
        if (items < 1 || items > 200_000 || floor < 0) {
            throw new IllegalArgumentException("cut 1 to 200000 items, with 0 or more of each stratum");
        }
        if (!by.equals("none") && !by.equals("length") && !by.matches("tag:[^\\s:]{1,64}")) {
            throw new IllegalArgumentException("cannot divide by '" + by + "'; write none, length or tag:NAME");
        }
    }

    /** The stratum of a sample; its prompt has so many characters. */
    String stratum(Sample sample, int characters) {
        return switch (by) {
            case "none" -> "all";
            case "length" -> characters < 400 ? "short" : characters < 2_000 ? "medium" : "long";
            default -> sample.tags().getOrDefault(by.substring("tag:".length()), "untagged");
        };
    }
}
