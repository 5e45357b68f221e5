package dev.pareto.dashboards.models;

import dev.pareto.dashboards.ask.Dimension;
import dev.pareto.dashboards.ask.Question;
import dev.pareto.dashboards.ask.Slice;
import dev.pareto.dashboards.ask.Steps;
import dev.pareto.dashboards.finance.Frame;
import dev.pareto.dashboards.ledger.LatencyBuckets;
import dev.pareto.policies.price.PriceVersion;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Lays machines of the house beside a vendor's price, and calls beside what vendors refused. Blocks. */
final class CapacityReport {

    private static final int LIMITS = 60;
    private static final int COMPARABLE = 400;
    private static final long HOUR_US = 3_600_000_000L;

    private final LineReader lines;
    private final UseReader uses;
    private final MachineReport machines;

    CapacityReport(LineReader lines) {
        this.lines = lines;
        this.uses = new UseReader(lines);
        this.machines = new MachineReport(lines);
    }

    /** @param against at whose price the machines' tokens are laid; null for the model of others that is called most */
    Capacity read(Frame frame, Question question, @Nullable String against, Surroundings known, Instant now) {
        Question everything = only(question, List.of());
        Map<UseReader.Key, UseReader.Calls> all = uses.calls(everything);
        List<String> closed = closed(all, known, now);
        String chosen = against != null ? against : closed.isEmpty() ? null : closed.getFirst();
        Steps steps = Steps.of(question.span(), question.zone());
        MachineReport.Read machine = machines.read(only(question, List.of(Dimension.VENDOR)), steps, chosen, known,
                now);
        return new Capacity(frame, chosen, closed.stream().sorted().limit(COMPARABLE).toList(), machine.total(),
                machine.machines(), steps.names(), machine.series(), machine.week(), known.engines(),
                limits(question));
    }

    /** The same without filters by other dimensions. */
    private static Question only(Question question, List<Dimension> dimensions) {
        return new Question(question.period(), question.from(), question.to(), question.zone(), question.span(),
                question.compare(), question.before(),
                question.filters().stream().filter(filter -> dimensions.contains(filter.dimension())).toList(),
                question.simulated(), List.of());
    }

    /** Models of others that have a price, those called most first. */
    private static List<String> closed(Map<UseReader.Key, UseReader.Calls> used, Surroundings known, Instant now) {
        return used.entrySet()
                .stream()
                .filter(entry -> known.machines()
                        .stream()
                        .noneMatch(machine -> machine.vendor().equals(entry.getKey().vendor())))
                .filter(entry -> known.prices()
                        .at(known.sku().apply(entry.getKey().model()), PriceVersion.STANDARD, now)
                        .filter(version -> version.bands().getFirst().prices().containsKey("output"))
                        .isPresent())
                .sorted(Comparator.comparingLong(
                        (Map.Entry<UseReader.Key, UseReader.Calls> entry) -> entry.getValue().calls())
                        .reversed()
                        .thenComparing(entry -> entry.getKey().model()))
                .map(entry -> entry.getKey().model())
                .distinct()
                .toList();
    }

    /** The most of one hour. */
    private record Busiest(long calls, long tokens) {

        Busiest most(Busiest other) {
            return new Busiest(Math.max(calls, other.calls), Math.max(tokens, other.tokens));
        }
    }

    /** Calls that were refused as too many. */
    private record Busy(long calls, long hours) {

        Busy plus(Busy other) {
            return new Busy(calls + other.calls, hours + other.hours);
        }
    }

    private List<Capacity.Limit> limits(Question question) {
        Map<UseReader.Key, UseReader.Calls> calls = uses.calls(question);
        Map<String, Busiest> busiest = busiest(question);
        Map<String, Busy> busy = busy(question);
        Map<String, Long> retries = retries(question);
        Map<String, SortedMap<Integer, Long>> latencies = uses.latencies(question);
        long seconds = Duration.between(question.span().from(), question.span().to()).toSeconds();
        List<Capacity.Limit> limits = new ArrayList<>();
        calls.forEach((key, its) -> {
            Busy refused = busy.getOrDefault(key.model(), new Busy(0, 0));
            Busiest most = busiest.getOrDefault(key.model(), new Busiest(0, 0));
            limits.add(new Capacity.Limit(key.model(), key.vendor(), its.calls(), its.failed(), refused.calls(),
                    UseReader.share(refused.calls(), its.calls()), refused.hours(),
                    retries.getOrDefault(key.model(), 0L), most.calls(), most.tokens(),
                    atOnce(latencies.get(key.model()), seconds)));
        });
        return limits.stream()
                .sorted(Comparator.comparingLong(Capacity.Limit::busy)
                        .thenComparingLong(Capacity.Limit::calls)
                        .reversed()
                        .thenComparing(Capacity.Limit::model))
                .limit(LIMITS)
                .toList();
    }

    /** By Little's law: the time that all calls took together, over the time that passed. */
    private static @Nullable BigDecimal atOnce(@Nullable SortedMap<Integer, Long> histogram, long seconds) {
        if (histogram == null || seconds == 0) {
            return null;
        }
        double millis = 0;
        for (Map.Entry<Integer, Long> bucket : histogram.entrySet()) {
            millis += LatencyBuckets.millis(bucket.getKey()) * bucket.getValue();
        }
        return BigDecimal.valueOf(millis / 1_000 / seconds).setScale(3, RoundingMode.HALF_EVEN);
    }

    private Map<String, Busiest> busiest(Question question) {
        Map<String, Busiest> most = new HashMap<>();
        Slice slice = Slice.modelsEachHour(question, question.span());
        lines.plain(slice,
                from -> "SELECT model, MAX(calls) AS calls, MAX(tokens) AS tokens FROM (SELECT model, hour_us,"
                        + " SUM(attempts) AS calls, SUM(input_tokens + output_tokens) AS tokens FROM " + from
                        + " GROUP BY model, hour_us) AS hours GROUP BY model")
                .each(row -> most.merge(row.getString("model"),
                        new Busiest(row.getLong("calls"), row.getLong("tokens")), Busiest::most));
        return most;
    }

    private Map<String, Long> retries(Question question) {
        Map<String, Long> retries = new TreeMap<>();
        lines.plain(Slice.hours(question, question.span()), from -> "SELECT model, SUM(attempts) AS calls FROM " + from
                + " AND role = 'RETRY' GROUP BY model")
                .each(row -> retries.merge(row.getString("model"), row.getLong("calls"), Long::sum));
        return retries;
    }

    /** From the rows themselves: sums do not tell one failure from another, and these have an index. */
    private Map<String, Busy> busy(Question question) {
        Map<String, Busy> busy = new HashMap<>();
        lines.plain(Slice.refusals(question, question.span()),
                from -> "SELECT model, SUM(calls) AS calls, COUNT(*) AS hours FROM (SELECT model, started_us / "
                        + HOUR_US
                        + " AS hour, COUNT(*) AS calls FROM " + from + " GROUP BY model, started_us / "
                        + HOUR_US + ") AS refused GROUP BY model")
                .each(row -> busy.merge(row.getString("model"), new Busy(row.getLong("calls"), row.getLong("hours")),
                        Busy::plus));
        return busy;
    }
}
