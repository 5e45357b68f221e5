package dev.pareto.dashboards.reconcile;

import dev.pareto.dashboards.ask.Slice;
import dev.pareto.dashboards.ask.Span;
import dev.pareto.dashboards.report.Amount;
import dev.pareto.dashboards.store.Picos;
import dev.pareto.dashboards.store.Reads;
import dev.pareto.dashboards.store.Row;
import dev.pareto.dashboards.store.Store;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Lays the ledger beside vendors' own words. Calls of simulated vendors are left out; a model's dated snapshots count as the model.
 * Reads roll-ups by day only. Amounts of two currencies are never added up: a day on which there are some of both comes once for each.
 * Blocks.
 */
public final class Reconciliation {

    private static final long DAY_US = Duration.ofDays(1).toNanos() / 1_000;
    private static final Pattern SNAPSHOT = Pattern.compile("-(\\d{4}-\\d{2}-\\d{2}|\\d{8})$");

    private static final String LEDGER = "SELECT hour_us / " + DAY_US
            + " AS day, model, bucket, currency, SUM(quantity) AS quantity, SUM(quantity_nano) AS nano, "
            + Picos.sum("cost_pico", "cost") + " FROM ";
    private static final String OF_VENDOR = " AND vendor = :vendor AND simulated = 0 AND currency <> ''"
            + " GROUP BY hour_us / " + DAY_US + ", model, bucket, currency";

    private static final String ADJUSTED = "SELECT concerns, currency, " + Picos.sum("amount_pico", "amount")
            + " FROM adjustment a WHERE vendor = ? AND kind NOT IN ('IDLE', 'CREDIT') AND concerns >= ? AND concerns <= ?"
            + " AND NOT EXISTS (SELECT 1 FROM adjustment o WHERE o.adjustment_id = a.reverses AND o.kind IN ('IDLE', 'CREDIT'))"
            + " GROUP BY concerns, currency";

    private final Reads reads;
    private final VendorCostRepository vendors;

    public Reconciliation(Store store) {
        this.reads = Reads.of(store);
        this.vendors = new VendorCostRepository(store);
    }

    /** A day's money of one currency. */
    private record At(LocalDate day, String currency) {}

    /** What a line is about. */
    private record Key(At at, @Nullable String model, String item, boolean mapped) {}

    /** What one side has of it; sides are added up. */
    private record Side(@Nullable BigDecimal quantity, Amount amount) {

        Side plus(Side other) {
            return new Side(quantity == null || other.quantity == null ? null : quantity.add(other.quantity),
                    amount.plus(other.amount));
        }
    }

    /** The vendors that the ledger booked real calls of in some days or that were asked about them, by name; own machines are none. */
    public List<String> vendors(LocalDate from, LocalDate to) {
        NavigableSet<String> names = new TreeSet<>(asked(from, to));
        names.addAll(booked(from, to));
        return List.copyOf(names);
    }

    private Set<String> booked(LocalDate from, LocalDate to) {
        return Set.copyOf(Slice.prices(days(from, to))
                .query(reads, rows -> "SELECT vendor FROM " + rows + " AND simulated = 0 AND bucket <> 'gpu_second'"
                        + " GROUP BY vendor HAVING MAX(cost_pico) > 0 OR MAX(unpriced) > 0")
                .list(row -> row.getString("vendor")));
    }

    /** The vendors that were asked about any of these days, by name. */
    public List<String> asked(LocalDate from, LocalDate to) {
        return vendors.asked(from, to);
    }

    /**
     * The days that a vendor was not asked about though it was about others of them, oldest first. Whatever the ledger has of them,
     * the vendor may bill something; none of a vendor that was never asked, whose word nobody can get.
     */
    public List<LocalDate> notAsked(String vendor, LocalDate from, LocalDate to) {
        Set<LocalDate> asked = vendors.fetched(vendor, from, to).keySet();
        return asked.isEmpty()
                ? List.of()
                : from.datesUntil(to.plusDays(1)).filter(day -> !asked.contains(day)).toList();
    }

    /** Each day of a vendor on which the ledger or the vendor has something, once for each currency, oldest first. */
    public List<ReconciledDay> days(String vendor, LocalDate from, LocalDate to) {
        Map<Key, Side> ledger = ledger(vendor, from, to);
        Map<Key, Side> theirs = new LinkedHashMap<>();
        vendors.costs(vendor, from, to)
                .forEach(cost -> theirs.merge(key(cost),
                        new Side(cost.quantity(), new Amount(cost.amount().amount())), Side::plus));
        Map<At, Amount> adjusted = adjusted(vendor, from, to);
        Map<LocalDate, Instant> fetched = vendors.fetched(vendor, from, to);
        NavigableSet<At> all = new TreeSet<>(Comparator.comparing(At::day).thenComparing(At::currency));
        Stream.of(ledger, theirs).flatMap(side -> side.keySet().stream()).map(Key::at).forEach(all::add);
        all.addAll(adjusted.keySet());
        Set<LocalDate> known = all.stream().map(At::day).collect(Collectors.toSet());
        String usual = theirs.keySet().stream().map(key -> key.at().currency()).findFirst().orElse("USD");
        fetched.keySet().stream().filter(day -> !known.contains(day)).forEach(day -> all.add(new At(day, usual)));
        return all.stream()
                .map(at -> day(vendor, at, ledger, theirs, adjusted.getOrDefault(at, Amount.ZERO),
                        fetched.get(at.day())))
                .toList();
    }

    private static ReconciledDay day(String vendor, At at, Map<Key, Side> ledger, Map<Key, Side> theirs,
            Amount adjusted, @Nullable Instant fetchedAt) {
        LocalDate day = at.day();
        String currency = at.currency();
        Amount ours = sum(ledger, at);
        if (fetchedAt == null) {
            return new ReconciledDay(vendor, day, ReconciliationStatus.NOT_FETCHED, null, currency, ours, adjusted,
                    null,
                    null, List.of());
        }
        List<ReconciledLine> lines = lines(at, ledger, theirs);
        Amount told = sum(theirs, at);
        Amount difference = told.minus(ours.plus(adjusted));
        boolean near = ReconciliationStatus.near(ours.plus(adjusted).value(), told.value(), new BigDecimal("0.01"));
        ReconciliationStatus worst = lines.stream()
                .filter(line -> line.status() != ReconciliationStatus.MATCHED)
                .findFirst()
                .map(ReconciledLine::status)
                .orElse(ReconciliationStatus.MATCHED);
        // an adjustment makes good what the lines still show, or spoils what they do not
        boolean whole = adjusted.value().signum() != 0 || worst == ReconciliationStatus.MATCHED;
        ReconciliationStatus status = whole && near
                ? ReconciliationStatus.MATCHED
                : worst == ReconciliationStatus.MATCHED
                        ? ReconciliationStatus.of(null, null, ours.plus(adjusted), told)
                        : worst;
        return new ReconciledDay(vendor, day, status, fetchedAt, currency,
                ours,
                adjusted, told, difference, lines);
    }

    private static List<ReconciledLine> lines(At at, Map<Key, Side> ledger, Map<Key, Side> theirs) {
        List<ReconciledLine> lines = new ArrayList<>();
        List<Key> keys = new ArrayList<>(ledger.keySet());
        theirs.keySet().stream().filter(key -> !ledger.containsKey(key)).forEach(keys::add);
        for (Key key : keys) {
            if (key.at().equals(at)) {
                lines.add(line(key, ledger.get(key), theirs.get(key)));
            }
        }
        lines.sort(Comparator.comparing((ReconciledLine line) -> line.difference().value().abs())
                .reversed()
                .thenComparing(line -> String.valueOf(line.model()))
                .thenComparing(ReconciledLine::item));
        return lines;
    }

    private static ReconciledLine line(Key key, @Nullable Side ours, @Nullable Side theirs) {
        Amount ledger = ours == null ? Amount.ZERO : ours.amount();
        Amount vendor = theirs == null ? Amount.ZERO : theirs.amount();
        BigDecimal ourQuantity = ours == null ? null : ours.quantity();
        BigDecimal theirQuantity = theirs == null ? null : theirs.quantity();
        ReconciliationStatus status = key.mapped() || vendor.value().signum() == 0
                ? ReconciliationStatus.of(ourQuantity, theirQuantity, ledger, vendor)
                : ReconciliationStatus.UNMAPPED;
        return new ReconciledLine(key.model(), key.item(), ourQuantity, theirQuantity, ledger, vendor,
                vendor.minus(ledger), status);
    }

    private Map<Key, Side> ledger(String vendor, LocalDate from, LocalDate to) {
        Map<Key, Side> ledger = new LinkedHashMap<>();
        Slice.prices(days(from, to))
                .query(reads, rows -> LEDGER + rows + OF_VENDOR)
                .param("vendor", vendor)
                .each(row -> {
                    At at = new At(LocalDate.ofEpochDay(row.getLong("day")), row.getString("currency"));
                    ledger.merge(new Key(at, plainName(name(row.getString("model"))), row.getString("bucket"), true),
                            side(row),
                            Side::plus);
                });
        return ledger;
    }

    private static Side side(Row row) {
        return new Side(BigDecimal.valueOf(row.getLong("quantity"))
                .add(BigDecimal.valueOf(row.getLong("nano"), 9)),
                new Amount(Picos.sum(row, "cost")));
    }

    private Map<At, Amount> adjusted(String vendor, LocalDate from, LocalDate to) {
        Map<At, Amount> adjusted = new HashMap<>();
        reads.sql(ADJUSTED).params(vendor, from.toString(), to.toString()).query(row -> {
            adjusted.put(new At(LocalDate.parse(row.getString(1)), row.getString(2)),
                    new Amount(Picos.sum(row, "amount")));
        });
        return adjusted;
    }

    private static Key key(VendorCost cost) {
        String model = cost.model();
        String bucket = cost.bucket();
        At at = new At(cost.day(), cost.amount().currency());
        return model == null || bucket == null
                ? new Key(at, model == null ? null : plainName(model), cost.lineItem(), false)
                : new Key(at, plainName(model), bucket, true);
    }

    private static Amount sum(Map<Key, Side> sides, At at) {
        return sides.entrySet()
                .stream()
                .filter(entry -> entry.getKey().at().equals(at))
                .map(entry -> entry.getValue().amount())
                .reduce(Amount.ZERO, Amount::plus);
    }

    /** A catalogue's {@code vendor/name} without the vendor. */
    private static String name(String model) {
        return Objects.requireNonNull(model).substring(model.indexOf('/') + 1);
    }

    /** Without the date of a snapshot: {@code gpt-4o-2024-08-06} is {@code gpt-4o}. */
    static String plainName(String model) {
        return SNAPSHOT.matcher(model.toLowerCase(Locale.ROOT)).replaceFirst("");
    }

    private static Span days(LocalDate from, LocalDate to) {
        LocalDate end = to.isBefore(from) ? from : to.plusDays(1);
        return new Span(from.atStartOfDay(ZoneOffset.UTC).toInstant(), end.atStartOfDay(ZoneOffset.UTC).toInstant());
    }
}
