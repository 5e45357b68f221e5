package dev.pareto.evals.run;

import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

import dev.pareto.evals.CanonicalJson;

/**
 * A random order that anyone can recompute: by SHA-256 of seed and id. Sequential tests need random order, and a
 * spend cap then cuts off a random sample instead of the last chapter.
 */
public final class Order {

    private Order() {}

    /** The values sorted by the hash of {@code seed + "|" + id}. */
    public static <T> List<T> seeded(List<T> values, Function<T, String> id, String seed) {
        record Keyed<V>(String key, V value) {}
        return values.stream()
                .map(value -> new Keyed<>(CanonicalJson.sha256(seed + "|" + id.apply(value)), value))
                .sorted(Comparator.comparing(Keyed::key))
                .map(Keyed::value)
                .toList();
    }
}
