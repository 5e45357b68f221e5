package dev.pareto.evals.experiment;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

import dev.pareto.policies.experiment.ExperimentPlan;
import org.jspecify.annotations.Nullable;

/** The requests of an experiment by arm and unit. A unit belongs to the arm of its first request. */
final class Cohorts {

    static final String RETRIES = "retries";

    private final Map<String, Map<Long, Member>> arms = new HashMap<>();
    private final Map<Long, Map<String, Sum>> before = new HashMap<>();

    /** Sum and number of a metric's values. */
    static final class Sum {
        double sum;
        int count;

        void add(double value) {
            sum += value;
            count++;
        }
    }

    /** One unit's part in its arm. */
    static final class Member {
        final long unit;
        final Map<String, List<Double>> values = new HashMap<>();
        int requests;
        int delivered;
        @Nullable
        Seen first;

        Member(long unit) {
            this.unit = unit;
        }
    }

    private Cohorts() {}

    /** @param requests in the order of their arrival */
    static Cohorts of(ExperimentPlan plan, List<Seen> requests) {
        Cohorts cohorts = new Cohorts();
        plan.arms().forEach(arm -> cohorts.arms.put(arm.name(), new HashMap<>()));
        boolean[] again = askedAgain(requests, plan.retryWindow());
        Map<Long, String> homes = new HashMap<>();
        for (int i = 0; i < requests.size(); i++) {
            Seen seen = requests.get(i);
            Map<String, Double> values = seen.values();
            if (seen.endedAt() != null) {
                values = new HashMap<>(values);
                values.put(RETRIES, again[i] ? 1.0 : 0.0);
            }
            if (seen.before()) {
                Map<String, Sum> sums = cohorts.before.computeIfAbsent(seen.unit(), unit -> new HashMap<>());
                values.forEach((metric, value) -> sums.computeIfAbsent(metric, name -> new Sum()).add(value));
            } else {
                Map<Long, Member> arm = cohorts.arms.get(seen.arm());
                if (arm != null && homes.computeIfAbsent(seen.unit(), unit -> seen.arm()).equals(seen.arm())) {
                    add(arm.computeIfAbsent(seen.unit(), Member::new), seen, values);
                }
            }
        }
        return cohorts;
    }

    private static void add(Member member, Seen seen, Map<String, Double> values) {
        member.requests++;
        member.delivered += seen.delivered() ? 1 : 0;
        values.forEach(
                (metric, value) -> member.values.computeIfAbsent(metric, name -> new ArrayList<>(2)).add(value));
        Instant ended = seen.endedAt();
        if (ended != null && (member.first == null || ended.isBefore(endOf(member.first)))) {
            member.first = seen;
        }
    }

    private static Instant endOf(Seen seen) {
        return seen.endedAt() == null ? Instant.MAX : seen.endedAt();
    }

    /** For each request whether the same asker asked the same again within the window. */
    private static boolean[] askedAgain(List<Seen> requests, Duration window) {
        boolean[] again = new boolean[requests.size()];
        Map<Long, Integer> last = new HashMap<>();
        for (int i = 0; i < again.length; i++) {
            Seen seen = requests.get(i);
            Integer earlier = last.put(seen.ask(), i);
            if (earlier != null && Duration.between(requests.get(earlier).at(), seen.at()).compareTo(window) <= 0) {
                again[earlier] = true;
            }
        }
        return again;
    }

    Map<Long, Member> arm(String name) {
        return arms.getOrDefault(name, Map.of());
    }

    /** The mean that the unit had before the start; null when nothing was seen of it. */
    @Nullable
    Double before(long unit, String metric) {
        Sum sum = before.getOrDefault(unit, Map.of()).get(metric);
        return sum == null ? null : (Double) (sum.sum / sum.count);
    }

    /** The values of a 0-or-1 metric of the first request of each unit, as they became known. */
    List<Double> firsts(String arm, String metric) {
        NavigableMap<Instant, List<Double>> byEnd = new TreeMap<>();
        arm(arm).values().forEach(member -> {
            Seen first = member.first;
            Double value = first == null ? null : first.values().get(metric);
            if (first != null && value != null) {
                byEnd.computeIfAbsent(endOf(first), at -> new ArrayList<>(1)).add(value);
            }
        });
        return byEnd.values().stream().flatMap(List::stream).toList();
    }
}
