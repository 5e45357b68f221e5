package dev.pareto.evals.suite.sample;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How many items each stratum gets: its share of the traffic, but at least a few, so that a rare kind of question can be judged at
 * all. The shares themselves go into the suite as weights, so that the rare ones do not count for more than they are.
 */
final class Strata {

    private Strata() {}

    /**
     * Largest remainders, above a floor.
     *
     * @param available how many there are of each
     * @param wanted how many to take in all
     * @param floor least of each, as far as there are so many
     */
    static SortedMap<String, Integer> allocate(SortedMap<String, Integer> available, int wanted, int floor) {
        SortedMap<String, Integer> taken = new TreeMap<>();
        available.forEach((stratum, count) -> taken.put(stratum, Math.min(count, floor)));
        int all = available.values().stream().mapToInt(Integer::intValue).sum();
        int target = Math.min(wanted, all);
        record Claim(String stratum, double remainder) {}
        List<Claim> claims = new ArrayList<>();
        available.forEach((stratum, count) -> {
            double fair = (double) target * count / all;
            taken.merge(stratum, (int) fair, Math::max);
            claims.add(new Claim(stratum, fair - (int) fair));
        });
        claims.sort(Comparator.comparingDouble(Claim::remainder).reversed().thenComparing(Claim::stratum));
        while (sum(taken) < target) {
            for (Claim claim : claims) {
                int count = taken.getOrDefault(claim.stratum(), 0);
                if (sum(taken) < target && count < available.getOrDefault(claim.stratum(), 0)) {
                    taken.put(claim.stratum(), count + 1);
                }
            }
        }
        while (sum(taken) > target) {
            String most = taken.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow().getKey();
            taken.merge(most, -1, Integer::sum);
        }
        taken.values().removeIf(count -> count == 0);
        return taken;
    }

    private static int sum(SortedMap<String, Integer> taken) {
        return taken.values().stream().mapToInt(Integer::intValue).sum();
    }
}
