package dev.pareto.evals.check;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/**
 * One item; what is null was not there.
 *
 * @param x the candidate's score; nothing gradable is 0
 * @param y the incumbent's; NaN when the pair says nothing
 * @param answered whether the candidate gave something gradable
 * @param human what people say is the difference; null unless they marked both
 * @param candidate the candidate's side, as the file has it
 * @param incumbent the incumbent's
 */
record Pair(String id, @Nullable String cluster, @Nullable String stratum, boolean critical, double x, double y,
        boolean answered, @Nullable Double human, JsonNode candidate, JsonNode incumbent) {

    static Pair of(String id, @Nullable String cluster, @Nullable String stratum, boolean critical, JsonNode candidate,
            JsonNode incumbent) {
        Double x = score(candidate, "score");
        Double y = score(incumbent, "score");
        Double ours = candidate.isObject() ? score(candidate, "human") : null;
        Double theirs = incumbent.isObject() ? score(incumbent, "human") : null;
        return new Pair(id, cluster, stratum, critical, x == null ? 0 : x, y == null ? Double.NaN : y, x != null,
                ours == null || theirs == null ? null : (Double) (ours - theirs), candidate, incumbent);
    }

    double d() {
        return x - y;
    }

    String group() {
        return cluster == null ? "item " + id : "cluster " + cluster;
    }

    /** What the order hashes. */
    String name(boolean clustered) {
        return clustered && cluster != null ? cluster : id;
    }

    private static @Nullable Double score(JsonNode side, String key) {
        JsonNode score = side.isObject() ? side.path(key) : side;
        if (score.isBoolean()) {
            return score.booleanValue() ? 1.0 : 0.0;
        }
        return score.isNumber() ? (Double) score.doubleValue() : null;
    }
}
