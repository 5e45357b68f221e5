package dev.pareto.evals.experiment;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.DoubleConsumer;

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

    /** A metric's values; most units have one or two. */
    static final class Values {
        private double[] all = new double[1];
        private int count;

        void add(double value) {
            if (count == all.length) {
                all = Arrays.copyOf(all, 2 * count);
            }
            all[count++] = value;
        }

        void forEach(DoubleConsumer taker) {
            for (int i = 0; i < count; i++) {
                taker.accept(all[i]);
            }
        }
    }

    /** One unit's part in its arm. */
    static final class Member {
        final long unit;
        final Map<String, Values> values = new HashMap<>();
        int requests;
        int delivered;
        @Nullable
        Seen first;

        Member(long unit) {
            this.unit = unit;
        }
    }

    private final Duration window;
    private final Map<Long, String> homes = new HashMap<>();
    /** By asker and question, oldest first: the last request, of which it is not known yet whether it was asked again. */
    private final SequencedMap<Long, Asked> open = new LinkedHashMap<>();

    /** @param member null where it counts for no arm */
    private record Asked(Seen seen, @Nullable Member member) {}

    Cohorts(ExperimentPlan plan) {
        window = plan.retryWindow();
        plan.arms().forEach(arm -> arms.put(arm.name(), new HashMap<>()));
    }

    /** The next request in the order of arrival; nothing of it is kept but what counts. */
    void add(Seen seen) {
        while (!open.isEmpty() && !within(open.firstEntry().getValue(), seen)) {
            know(open.pollFirstEntry().getValue(), false);
        }
        Asked earlier = open.remove(seen.ask());
        if (earlier != null) {
            know(earlier, true);
        }
        Member member = seen.before() ? null : member(seen);
        if (member != null) {
            member.requests++;
            member.delivered += seen.delivered() ? 1 : 0;
            Instant ended = seen.endedAt();
            if (ended != null && (member.first == null || ended.isBefore(endOf(member.first)))) {
                member.first = seen;
            }
        }
        seen.values().forEach((metric, value) -> add(seen, member, metric, value));
        open.putLast(seen.ask(), new Asked(seen, member));
    }

    /** No request follows. */
    void end() {
        open.values().forEach(asked -> know(asked, false));
        open.clear();
    }

    private boolean within(Asked earlier, Seen now) {
        return Duration.between(earlier.seen().at(), now.at()).compareTo(window) <= 0;
    }

    /** Whether the same asker asked the same again within the window. */
    private void know(Asked asked, boolean again) {
        if (asked.seen().endedAt() != null) {
            add(asked.seen(), asked.member(), RETRIES, again ? 1 : 0);
        }
    }

    private @Nullable Member member(Seen seen) {
        Map<Long, Member> arm = arms.get(seen.arm());
        return arm != null && homes.computeIfAbsent(seen.unit(), unit -> seen.arm()).equals(seen.arm())
                ? arm.computeIfAbsent(seen.unit(), Member::new)
                : null;
    }

    private void add(Seen seen, @Nullable Member member, String metric, double value) {
        if (seen.before()) {
            before.computeIfAbsent(seen.unit(), unit -> new HashMap<>())
                    .computeIfAbsent(metric, name -> new Sum())
                    .add(value);
        } else if (member != null) {
            member.values.computeIfAbsent(metric, name -> new Values()).add(value);
        }
    }

    private static Instant endOf(Seen seen) {
        return seen.endedAt() == null ? Instant.MAX : seen.endedAt();
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
