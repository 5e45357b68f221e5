package dev.pareto.dashboards.anomaly;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Why an incident cost more than usual.
 *
 * @param where the one value of a dimension that explains most beyond its usual part; null when none stands out
 * @param what the factor that rose most, there or overall
 * @param factors every factor's part of the excess; they add up to it
 */
public record Cause(@Nullable Place where, Factor what, List<Part> factors) {

    /** Explaining less than this beyond its usual part, a value does not stand out. */
    private static final double STANDS_OUT = 0.25;

    public Cause {
        factors = List.copyOf(factors);
    }

    /** Cost is the product of these. */
    public enum Factor {
        /** How many requests there were. */
        REQUESTS,
        /** Calls for each request: retries, fallbacks, shadows. */
        CALLS_PER_REQUEST,
        /** Tokens for each call. */
        TOKENS_PER_CALL,
        /** Money for each token: the price, or a dearer model. */
        PRICE_PER_TOKEN
    }

    /** @param share of the excess; all excess is 1 */
    public record Place(String dimension, String value, double share, double excess) {}

    /**
     * @param ratio now against usual; null when there was nothing usual
     * @param excess its part, in money
     */
    public record Part(Factor factor, @Nullable Double ratio, double excess) {}

    /**
     * @param now the incident's cells
     * @param usual the same stretch as it usually is
     */
    public static Cause of(Collection<Cell> now, Collection<Cell> usual) {
        Place where = where(now, usual);
        List<Part> factors = where == null
                ? factors(now, usual)
                : factors(within(now, where), within(usual, where));
        Part most = factors.stream().max(Comparator.comparingDouble(Part::excess)).orElseThrow();
        return new Cause(where, most.factor(), factors);
    }

    /** What explains much of the excess though it is usually a small part of the cost, after Bhagwan et al., "Adtributor" (NSDI 2014). */
    private static @Nullable Place where(Collection<Cell> now, Collection<Cell> usual) {
        double before = sum(usual, Cell::cost);
        double excess = sum(now, Cell::cost) - before;
        if (!(excess > 0)) {
            return null;
        }
        Place best = null;
        double most = STANDS_OUT;
        Map<List<String>, double[]> values = new HashMap<>();
        now.forEach(cell -> cell.dimensions()
                .forEach((name, value) -> add(values, name, value, cell.cost(), 0)));
        usual.forEach(cell -> cell.dimensions()
                .forEach((name, value) -> add(values, name, value, 0, cell.cost())));
        for (Map.Entry<List<String>, double[]> entry : values.entrySet()) {
            double[] costs = entry.getValue();
            double share = (costs[0] - costs[1]) / excess;
            double surprise = Math.min(share, 1) - (before == 0 ? 0 : costs[1] / before);
            String name = entry.getKey().getFirst();
            String value = entry.getKey().getLast();
            if (surprise > most || (best != null && surprise == most
                    && (name + value).compareTo(best.dimension() + best.value()) < 0)) {
                most = surprise;
                best = new Place(name, value, share, costs[0] - costs[1]);
            }
        }
        return best;
    }

    private static void add(Map<List<String>, double[]> values, String name, String value, double now, double usual) {
        double[] costs = values.computeIfAbsent(List.of(name, value), ignored -> new double[2]);
        costs[0] += now;
        costs[1] += usual;
    }

    /** The logarithmic mean Divisia index (Ang, Energy Policy 32, 2004): parts that add up whatever the order of the factors. */
    private static List<Part> factors(Collection<Cell> now, Collection<Cell> usual) {
        double[] after = levels(now);
        double[] before = levels(usual);
        double costNow = sum(now, Cell::cost);
        double costBefore = sum(usual, Cell::cost);
        Factor[] names = Factor.values();
        if (!known(after) || !known(before)) {
            return IntStream.range(0, names.length)
                    .mapToObj(i -> new Part(names[i], null, i == 0 ? costNow - costBefore : 0))
                    .toList();
        }
        double weight = costNow == costBefore
                ? costNow
                : (costNow - costBefore) / Math.log(costNow / costBefore);
        return IntStream.range(0, names.length).mapToObj(i -> {
            double ratio = after[i] / before[i];
            return new Part(names[i], ratio, weight * Math.log(ratio));
        }).toList();
    }

    private static double[] levels(Collection<Cell> cells) {
        double requests = sum(cells, Cell::requests);
        double attempts = sum(cells, Cell::attempts);
        double tokens = sum(cells, Cell::tokens);
        return new double[]{requests, attempts / requests, tokens / attempts, sum(cells, Cell::cost) / tokens};
    }

    private static boolean known(double[] levels) {
        for (double level : levels) {
            if (!(level > 0) || Double.isInfinite(level)) {
                return false;
            }
        }
        return true;
    }

    private static List<Cell> within(Collection<Cell> cells, Place place) {
        return cells.stream()
                .filter(cell -> place.value().equals(cell.dimensions().get(place.dimension())))
                .toList();
    }

    private static double sum(Collection<Cell> cells, ToDoubleFunction<Cell> measure) {
        return cells.stream().mapToDouble(measure).sum();
    }
}
