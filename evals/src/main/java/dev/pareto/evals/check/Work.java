package dev.pareto.evals.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import tools.jackson.databind.JsonNode;

/**
 * What a verdict was to be computed from and how, by its own design.
 *
 * @param records the file
 * @param used pairs that count: up to the stop of a sequential test, else all usable ones
 * @param units differences of what is drawn independently, in the order of the looks, up to the stop
 * @param replay how a sequential test ran; of a fixed one what the same bets would have won
 * @param bare whether the records are somebody's own, of no route and no models that anybody named
 */
record Work(PairFile records, List<Pair> used, double[] units, SecondOpinion.Replay replay, double margin,
        double alpha, String grouping, boolean sequential, boolean bare) {

    static Work of(JsonNode verdict, PairFile records) {
        double margin = verdict.at("/design/margin").asDouble(Double.NaN);
        double alpha = verdict.at("/design/alpha").asDouble(Double.NaN);
        if (!(margin > 0 && margin < 1 && alpha > 0 && alpha < 0.5)) {
            throw new IllegalArgumentException("a design with margin " + margin + " and alpha " + alpha + " is none");
        }
        boolean bare = verdict.path("route").isNull() && verdict.at("/suite/id").asString("").equals("records");
        String grouping = verdict.at("/design/grouping").asString("none");
        boolean sequential = verdict.at("/design/test").asString("").startsWith("paired-gro");
        List<List<Pair>> units = units(records.usable(), grouping.equals("cluster"),
                verdict.at("/design/order_seed").asString(""));
        double[] means = units.stream()
                .mapToDouble(unit -> unit.stream().mapToDouble(Pair::d).sum() / unit.size())
                .toArray();
        SecondOpinion.Replay replay = SecondOpinion.replay(means, margin, alpha,
                sequential ? verdict.at("/design/n_min").asInt(1) : Integer.MAX_VALUE);
        if (!sequential) {
            return new Work(records, records.usable(), means, replay, margin, alpha, grouping, false,
                    bare);
        }
        List<Pair> used = units.subList(0, replay.used()).stream().flatMap(List::stream).toList();
        return new Work(records, used, Arrays.copyOf(means, replay.used()), replay, margin, alpha, grouping,
                true, bare);
    }

    private static List<List<Pair>> units(List<Pair> usable, boolean clustered, String seed) {
        Map<String, List<Pair>> groups = new LinkedHashMap<>();
        for (Pair pair : usable) {
            groups.computeIfAbsent(clustered ? pair.group() : pair.id(), name -> new ArrayList<>()).add(pair);
        }
        record Keyed(String key, String group, List<Pair> unit) {}
        return groups.entrySet()
                .stream()
                .map(entry -> new Keyed(
                        Canonical.sha256(seed + "|" + entry.getValue().getFirst().name(clustered)), entry.getKey(),
                        entry.getValue()))
                .sorted(Comparator.comparing(Keyed::key).thenComparing(Keyed::group))
                .map(Keyed::unit)
                .toList();
    }

    boolean clustered() {
        return grouping.equals("cluster");
    }

    double confidence() {
        return 1 - 2 * alpha;
    }

    double[] differences() {
        return used.stream().mapToDouble(Pair::d).toArray();
    }

    /** Pairs that only the candidate passes. */
    int better() {
        return (int) used.stream().filter(pair -> pair.x() > pair.y()).count();
    }

    /** Pairs that only the incumbent passes. */
    int worse() {
        return (int) used.stream().filter(pair -> pair.x() < pair.y()).count();
    }

    static boolean binary(List<Pair> pairs) {
        return pairs.stream().allMatch(pair -> (pair.x() == 0 || pair.x() == 1) && (pair.y() == 0 || pair.y() == 1));
    }

    static String outcome(SecondOpinion.Range range, double margin) {
        return range.lower() > 0
                ? "SUPERIOR"
                : range.lower() > -margin ? "NON_INFERIOR" : range.upper() < -margin ? "INFERIOR" : "INCONCLUSIVE";
    }
}
