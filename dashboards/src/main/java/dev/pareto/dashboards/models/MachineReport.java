package dev.pareto.dashboards.models;

import dev.pareto.dashboards.ask.Dimension;
import dev.pareto.dashboards.ask.Filter;
import dev.pareto.dashboards.ask.Question;
import dev.pareto.dashboards.ask.Slice;
import dev.pareto.dashboards.ask.Steps;
import dev.pareto.dashboards.report.Amount;
import dev.pareto.dashboards.store.Micros;
import dev.pareto.dashboards.store.Picos;
import dev.pareto.policies.price.Buckets;
import dev.pareto.policies.price.Money;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads what machines of the house cost: the seconds that calls were charged, and the idle rest that was booked beside them. Blocks. */
final class MachineReport {

    private static final int WEEK = 7 * 24;

    private final LineReader lines;

    MachineReport(LineReader lines) {
        this.lines = lines;
    }

    /** Everything about machines that a page shows. */
    record Read(Capacity.Total total, List<Capacity.Machine> machines, List<Capacity.Point> series,
            List<Capacity.Cell> week) {}

    /** Idle time as it was booked. */
    private record Idle(String vendor, Instant at, int step, BigDecimal seconds, Amount cost) {}

    /** Time and money of one vendor, one step or one hour of the week; for one thread. */
    private static final class Tally {

        private BigDecimal used = BigDecimal.ZERO;
        private BigDecimal idle = BigDecimal.ZERO;
        private Amount charged = Amount.ZERO;
        private Amount idleCost = Amount.ZERO;

        void used(Bought line) {
            charged = charged.plus(line.cost());
            if (line.bucket().equals(Buckets.GPU_SECOND)) {
                used = used.add(line.quantity());
            }
        }

        void idle(Idle booked) {
            idle = idle.add(booked.seconds());
            idleCost = idleCost.plus(booked.cost());
        }

        @Nullable
        BigDecimal utilisation() {
            return Bought.share(used, used.add(idle));
        }
    }

    /**
     * @param question about vendors alone
     * @param against at whose price the tokens are laid; null for none
     */
    Read read(Question question, Steps steps, @Nullable String against, Surroundings known, Instant now) {
        List<Bought> bought = lines.read(question, "vendor");
        Map<String, List<Bought>> byVendor = new TreeMap<>();
        known.machines()
                .stream()
                .filter(machine -> asked(question, machine.vendor()))
                .forEach(machine -> byVendor.put(machine.vendor(), new ArrayList<>()));
        // whoever was charged by the second is a machine, whatever the configuration says now
        bought.stream()
                .filter(line -> line.bucket().equals(Buckets.GPU_SECOND))
                .forEach(line -> byVendor.putIfAbsent(line.key().getFirst(), new ArrayList<>()));
        for (Bought line : bought) {
            List<Bought> its = byVendor.get(line.key().getFirst());
            if (its != null) {
                its.add(line);
            }
        }
        List<Idle> idle = idle(question, steps);
        idle.forEach(booked -> byVendor.putIfAbsent(booked.vendor(), new ArrayList<>()));
        Map<String, Long> calls = calls(question);
        List<Capacity.Machine> machines = new ArrayList<>();
        byVendor.forEach((vendor, its) -> machines.add(machine(vendor, its,
                idle.stream().filter(booked -> booked.vendor().equals(vendor)).toList(),
                calls.getOrDefault(vendor, 0L), against, known, now)));
        machines.sort(Comparator.comparing((Capacity.Machine machine) -> machine.use().whole().value())
                .reversed()
                .thenComparing(Capacity.Machine::vendor));
        Set<String> timed = machines.stream()
                .filter(machine -> machine.use().utilisation() != null)
                .map(Capacity.Machine::vendor)
                .collect(Collectors.toUnmodifiableSet());
        List<Bought> paid = bought.stream().filter(line -> timed.contains(line.key().getFirst())).toList();
        return new Read(total(paid, idle, against, known, now), machines, series(question, steps, timed, idle),
                week(question, idle));
    }

    private static boolean asked(Question question, String vendor) {
        return question.filters().stream().allMatch(filter -> filter.values().contains(vendor));
    }

    private static Capacity.Machine machine(String vendor, List<Bought> bought, List<Idle> idle, long calls,
            @Nullable String against, Surroundings known, Instant now) {
        Capacity.Total use = total(bought, idle, against, known, now);
        Surroundings.Machine stated = known.machines()
                .stream()
                .filter(machine -> machine.vendor().equals(vendor))
                .findFirst()
                .orElse(new Surroundings.Machine(vendor, false, null));
        Money rate = stated.perHour();
        return new Capacity.Machine(vendor, stated.embedded(), rate == null ? null : new Amount(rate.amount()), calls,
                use, use.usedSeconds().signum() == 0
                        ? null
                        : use.outputTokens().divide(use.usedSeconds(), 2, RoundingMode.HALF_EVEN),
                bought.stream().map(Bought::model).distinct().sorted().toList());
    }

    private static Capacity.Total total(List<Bought> bought, List<Idle> idle, @Nullable String against,
            Surroundings known, Instant now) {
        Tally tally = new Tally();
        bought.forEach(tally::used);
        idle.forEach(tally::idle);
        BigDecimal in = BigDecimal.ZERO;
        BigDecimal out = BigDecimal.ZERO;
        for (Bought line : bought) {
            in = Buckets.isPrompt(line.bucket()) ? in.add(line.quantity()) : in;
            out = Buckets.isOutput(line.bucket()) ? out.add(line.quantity()) : out;
        }
        BigDecimal tokens = in.add(out);
        Amount whole = tally.charged.plus(tally.idleCost);
        // without time that was booked nobody knows what the machine cost
        boolean costs = tally.utilisation() != null;
        Amount there = against == null || bought.isEmpty() ? null : WhatIfs.at(bought, against, known, now).would();
        return new Capacity.Total(tally.used, tally.idle, tally.utilisation(), tally.charged, tally.idleCost, whole, in,
                out, costs ? Bought.perMillion(whole, tokens) : null,
                costs && tally.charged.value().signum() > 0 ? Bought.perMillion(tally.charged, tokens) : null, there,
                there == null ? null : Bought.perMillion(there, tokens),
                there == null || !costs || tally.charged.value().signum() <= 0 ? null : tally.charged.shareOf(there),
                there == null || !costs ? null : there.minus(whole));
    }

    private List<Idle> idle(Question question, Steps steps) {
        Slice slice = Slice.adjustments(question, question.span());
        return lines.query(slice, from -> "SELECT vendor, booked_us, quantity, amount_pico, "
                + steps.sql().replace("hour_us", "booked_us") + " AS step_no FROM " + from
                + " AND kind = 'IDLE' AND currency = :book")
                .list(row -> {
                    String quantity = row.getStringOrNull("quantity");
                    return new Idle(row.getString("vendor"), Micros.toInstant(row.getLong("booked_us")),
                            steps.place(row.getLong("step_no")),
                            quantity == null ? BigDecimal.ZERO : new BigDecimal(quantity),
                            new Amount(Picos.toAmount(row.getLong("amount_pico"))));
                });
    }

    private Map<String, Long> calls(Question question) {
        Map<String, Long> calls = new TreeMap<>();
        lines.plain(Slice.hours(question, question.span()),
                from -> "SELECT vendor, SUM(attempts) AS calls FROM " + from + " GROUP BY vendor")
                .each(row -> {
                    calls.merge(row.getString("vendor"), row.getLong("calls"), Long::sum);
                });
        return calls;
    }

    private List<Capacity.Point> series(Question question, Steps steps, Set<String> machines, List<Idle> idle) {
        List<Tally> points = new ArrayList<>();
        steps.names().forEach(step -> points.add(new Tally()));
        if (!machines.isEmpty()) {
            lines.readSteps(theirs(question, machines), steps.sql() + " AS step_no")
                    .forEach(line -> points.get(steps.place(Long.parseLong(line.key().getFirst()))).used(line));
        }
        idle.forEach(booked -> points.get(booked.step()).idle(booked));
        return points.stream()
                .map(point -> new Capacity.Point(point.charged, point.idleCost, point.utilisation()))
                .toList();
    }

    private static Question theirs(Question question, Set<String> machines) {
        return new Question(question.period(), question.from(), question.to(), question.zone(), question.span(),
                question.compare(), question.before(),
                List.of(new Filter(Dimension.VENDOR, machines.stream().sorted().toList())), question.simulated(),
                List.of());
    }

    private List<Capacity.Cell> week(Question question, List<Idle> idle) {
        List<Tally> hours = new ArrayList<>();
        for (int i = 0; i < WEEK; i++) {
            hours.add(new Tally());
        }
        lines.plain(Slice.linesEachHour(question, question.span()),
                from -> "SELECT hour_us, SUM(quantity) AS quantity, SUM(quantity_nano) AS nano FROM " + from
                        + " AND bucket = 'gpu_second' GROUP BY hour_us")
                .each(row -> {
                    Tally hour = hours.get(place(Micros.toInstant(row.getLong("hour_us")), question.zone()));
                    hour.used = hour.used.add(BigDecimal.valueOf(row.getLong("quantity")))
                            .add(BigDecimal.valueOf(row.getLong("nano"), 9));
                });
        idle.forEach(booked -> hours.get(place(booked.at(), question.zone())).idle(booked));
        List<Capacity.Cell> cells = new ArrayList<>();
        for (int i = 0; i < WEEK; i++) {
            cells.add(new Capacity.Cell(1 + i / 24, i % 24, hours.get(i).used, hours.get(i).utilisation()));
        }
        return cells;
    }

    /** The hour of the week, 0 for Monday's first. */
    private static int place(Instant at, ZoneId zone) {
        ZonedDateTime there = at.atZone(zone);
        return (there.getDayOfWeek().getValue() - 1) * 24 + there.getHour();
    }
}
