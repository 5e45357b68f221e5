package dev.pareto.policies.detect;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What requests are like: how many had which value of each feature (length, language, …). Of a suite, the traffic that its evidence
 * speaks of; of a window of live requests, what is to be held against it. Immutable.
 *
 * @param n requests; a sum of weights where they do not count the same
 * @param counts by feature, then by value
 */
public record InputMix(double n, Map<String, Map<String, Double>> counts) {

    public static final InputMix NONE = new InputMix(0, Map.of());

    /** Values that callers can make up do not grow without bound; the rest is one value. */
    private static final int MOST_VALUES = 64;
    private static final String OTHER = "other";

    /** Half a request of every value on both sides, so that none has a share of zero. */
    private static final double PRIOR = 0.5;

    public InputMix {
        if (!(n >= 0 && n < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("a mix has 0 requests or more, got " + n);
        }
        var copy = new TreeMap<String, Map<String, Double>>();
        counts.forEach((feature, values) -> copy.put(feature, Collections.unmodifiableMap(new TreeMap<>(values))));
        counts = Collections.unmodifiableMap(copy);
    }

    /** One request more, with the value of each of its features. */
    public InputMix with(Map<String, String> features, double weight) {
        var more = new HashMap<>(counts);
        features.forEach((feature, value) -> {
            var values = new TreeMap<>(more.getOrDefault(feature, Map.of()));
            boolean room = values.containsKey(value) || values.size() < MOST_VALUES;
            values.merge(room ? value : OTHER, weight, Double::sum);
            more.put(feature, values);
        });
        return new InputMix(n + weight, more);
    }

    /** The same without one of the features. */
    public InputMix without(String feature) {
        var fewer = new HashMap<>(counts);
        fewer.remove(feature);
        return new InputMix(n, fewer);
    }

    /** Both together. */
    public InputMix plus(InputMix other) {
        var sum = new HashMap<>(counts);
        other.counts.forEach((feature, values) -> sum.merge(feature, values, (one, two) -> {
            var both = new TreeMap<>(one);
            two.forEach((value, count) -> both.merge(value, count, Double::sum));
            return both;
        }));
        return new InputMix(n + other.n, sum);
    }

    /**
     * Where these live requests differ most from the reference: the feature whose population stability index is beyond the bound by
     * more than chance, which is the sequential test of {@link SampleRatio}, so that one may look after every request.
     *
     * @param bound of the index; 0.1 is a small shift, 0.25 a large one by common usage
     * @return null when no feature has shifted so far; features that only one side knows say nothing
     */
    public @Nullable InputShift shift(InputMix reference, double bound) {
        InputShift worst = null;
        for (String feature : counts.keySet()) {
            Map<String, Double> known = reference.counts.get(feature);
            InputShift one = known == null ? null : shift(feature, known, bound);
            if (one != null && (worst == null || one.index() > worst.index())) {
                worst = one;
            }
        }
        return worst;
    }

    /** The population stability index of each feature that both sides know, by its name: how far it is from the reference. */
    public Map<String, Double> indices(InputMix reference) {
        var indices = new TreeMap<String, Double>();
        for (String feature : counts.keySet()) {
            Map<String, Double> known = reference.counts.get(feature);
            if (known != null) {
                Comparison compared = compare(feature, known);
                indices.put(feature, compared == null ? 0.0 : compared.index());
            }
        }
        return indices;
    }

    /** Live requests beside the reference's shares, value by value, and the value that adds most to the index. */
    private record Comparison(double index, String moved, List<Double> shares, List<Long> requests) {}

    private @Nullable InputShift shift(String feature, Map<String, Double> reference, double bound) {
        Comparison compared = compare(feature, reference);
        // each feature is a test of its own
        double alpha = SampleRatio.ALPHA / counts.size();
        if (compared == null || !(compared.index() > bound)
                || !new SampleRatio(compared.shares(), compared.requests()).mismatch(alpha)) {
            return null;
        }
        Map<String, Double> live = counts.getOrDefault(feature, Map.of());
        String moved = compared.moved();
        return new InputShift(feature, moved, share(live, moved), share(reference, moved), compared.index(), bound,
                Math.round(sum(live)));
    }

    /** Null where one value is all there is. */
    private @Nullable Comparison compare(String feature, Map<String, Double> reference) {
        Map<String, Double> live = counts.getOrDefault(feature, Map.of());
        var values = new TreeSet<>(reference.keySet());
        values.addAll(live.keySet());
        if (values.size() < 2) {
            return null;
        }
        double seen = sum(live) + PRIOR * values.size();
        double known = sum(reference) + PRIOR * values.size();
        double index = 0;
        double most = 0;
        String moved = "";
        List<Double> shares = new ArrayList<>();
        List<Long> requests = new ArrayList<>();
        for (String value : values) {
            double now = (live.getOrDefault(value, 0.0) + PRIOR) / seen;
            double then = (reference.getOrDefault(value, 0.0) + PRIOR) / known;
            double part = (now - then) * Math.log(now / then);
            index += part;
            if (part > most) {
                most = part;
                moved = value;
            }
            shares.add(then);
            requests.add(Math.round(live.getOrDefault(value, 0.0)));
        }
        return new Comparison(index, moved, shares, requests);
    }

    private static double share(Map<String, Double> counts, String value) {
        return counts.getOrDefault(value, 0.0) / sum(counts);
    }

    private static double sum(Map<String, Double> counts) {
        return counts.values().stream().mapToDouble(Double::doubleValue).sum();
    }
}
