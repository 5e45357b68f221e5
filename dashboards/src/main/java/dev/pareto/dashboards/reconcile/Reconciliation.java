package dev.pareto.dashboards.reconcile;

import dev.pareto.dashboards.report.Amount;
import dev.pareto.dashboards.store.Micros;
import dev.pareto.dashboards.store.Picos;
import dev.pareto.dashboards.store.Store;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
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
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Lays the ledger beside vendors' own words. Calls of simulated vendors are left out; a model's dated snapshots count as the model.
 * Reads roll-ups by day only. Blocks.
 */
public final class Reconciliation {

    private static final long DAY_US = Duration.ofDays(1).toNanos() / 1_000;
    private static final Pattern SNAPSHOT = Pattern.compile("-(\\d{4}-\\d{2}-\\d{2}|\\d{8})$");

    private static final String LEDGER = "SELECT hour_us / " + DAY_US
            + " AS day, model, bucket, currency, SUM(quantity) AS quantity, SUM(quantity_nano) AS nano, "
            + Picos.sum("cost_pico", "cost")
            + " FROM rollup_price_day WHERE vendor = ? AND simulated = 0 AND hour_us >= ? AND hour_us < ? AND currency <> ''"
            + " GROUP BY hour_us / " + DAY_US + ", model, bucket, currency";

    private static final String ADJUSTED = "SELECT concerns, " + Picos.sum("amount_pico", "amount")
            + " FROM adjustment a WHERE vendor = ? AND kind NOT IN ('IDLE', 'CREDIT') AND concerns >= ? AND concerns <= ?"
            + " AND NOT EXISTS (SELECT 1 FROM adjustment o WHERE o.adjustment_id = a.reverses AND o.kind IN ('IDLE', 'CREDIT'))"
            + " GROUP BY concerns";

    private final JdbcClient reads;
    private final VendorCostRepository vendors;

    public Reconciliation(Store store) {
        this.reads = JdbcClient.create(store.reads());
        this.vendors = new VendorCostRepository(store);
    }

    /** What a line is about. */
    private record Key(LocalDate day, @Nullable String model, String item, boolean mapped) {}

    /** What one side has of it; sides are added up. */
    private record Side(@Nullable BigDecimal quantity, Amount amount) {

        Side plus(Side other) {
            return new Side(quantity == null || other.quantity == null ? null : quantity.add(other.quantity),
                    amount.plus(other.amount));
        }
    }

    /** The vendors that the ledger booked real calls of in some days, by name; own machines are none. */
    public List<String> vendors(LocalDate from, LocalDate to) {
        return reads
                .sql("""
                     SELECT vendor FROM rollup_price_day WHERE simulated = 0 AND bucket <> 'gpu_second' AND hour_us >= ? AND hour_us < ?
                     GROUP BY vendor HAVING MAX(cost_pico) > 0 OR MAX(unpriced) > 0 ORDER BY vendor""")
                .params(micros(from), micros(to.plusDays(1)))
                .query((row, number) -> Objects.requireNonNull(row.getString(1)))
                .list();
    }

    /** The vendors that were asked about any of these days, by name. */
    public List<String> asked(LocalDate from, LocalDate to) {
        return vendors.asked(from, to);
    }

    /** Each day of a vendor on which the ledger or the vendor has something, oldest first. */
    public List<ReconciledDay> days(String vendor, LocalDate from, LocalDate to) {
        Map<Key, Side> ledger = ledger(vendor, from, to);
        Map<Key, Side> theirs = new LinkedHashMap<>();
        vendors.costs(vendor, from, to)
                .forEach(cost -> theirs.merge(key(cost),
                        new Side(cost.quantity(), new Amount(cost.amount().amount())), Side::plus));
        Map<LocalDate, Amount> adjusted = adjusted(vendor, from, to);
        Map<LocalDate, Instant> fetched = vendors.fetched(vendor, from, to);
        String currency = currency(vendor, from, to);
        return from.datesUntil(to.plusDays(1))
                .filter(day -> fetched.containsKey(day) || adjusted.containsKey(day)
                        || ledger.keySet().stream().anyMatch(key -> key.day().equals(day)))
                .map(day -> day(vendor, day, currency, ledger, theirs, adjusted.getOrDefault(day, Amount.ZERO),
                        fetched.get(day)))
                .toList();
    }

    private static ReconciledDay day(String vendor, LocalDate day, String currency, Map<Key, Side> ledger,
            Map<Key, Side> theirs, Amount adjusted, @Nullable Instant fetchedAt) {
        Amount ours = sum(ledger, day);
        if (fetchedAt == null) {
            return new ReconciledDay(vendor, day, ReconciliationStatus.NOT_FETCHED, null, currency, ours, adjusted,
                    null,
                    null, List.of());
        }
        List<ReconciledLine> lines = lines(day, ledger, theirs);
        Amount told = sum(theirs, day);
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

    private static List<ReconciledLine> lines(LocalDate day, Map<Key, Side> ledger, Map<Key, Side> theirs) {
        List<ReconciledLine> lines = new ArrayList<>();
        List<Key> keys = new ArrayList<>(ledger.keySet());
        theirs.keySet().stream().filter(key -> !ledger.containsKey(key)).forEach(keys::add);
        for (Key key : keys) {
            if (key.day().equals(day)) {
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
        reads.sql(LEDGER).params(vendor, micros(from), micros(to.plusDays(1))).query(row -> {
            LocalDate day = LocalDate.ofEpochDay(row.getLong("day"));
            ledger.merge(new Key(day, plainName(name(row.getString("model"))), row.getString("bucket"), true),
                    side(row),
                    Side::plus);
        });
        return ledger;
    }

    private static Side side(ResultSet row) throws SQLException {
        return new Side(BigDecimal.valueOf(row.getLong("quantity"))
                .add(BigDecimal.valueOf(row.getLong("nano"), 9)),
                new Amount(Picos.toAmount(row.getLong("cost_high"), row.getLong("cost_low"))));
    }

    private Map<LocalDate, Amount> adjusted(String vendor, LocalDate from, LocalDate to) {
        Map<LocalDate, Amount> adjusted = new HashMap<>();
        reads.sql(ADJUSTED).params(vendor, from.toString(), to.toString()).query(row -> {
            adjusted.put(LocalDate.parse(row.getString(1)),
                    new Amount(Picos.toAmount(row.getLong("amount_high"), row.getLong("amount_low"))));
        });
        return adjusted;
    }

    /** In which the vendor bills; a vendor has one. */
    private String currency(String vendor, LocalDate from, LocalDate to) {
        return vendors.costs(vendor, from, to)
                .stream()
                .map(cost -> cost.amount().currency())
                .findFirst()
                .orElse("USD");
    }

    private static Key key(VendorCost cost) {
        String model = cost.model();
        String bucket = cost.bucket();
        return model == null || bucket == null
                ? new Key(cost.day(), model == null ? null : plainName(model), cost.lineItem(), false)
                : new Key(cost.day(), plainName(model), bucket, true);
    }

    private static Amount sum(Map<Key, Side> sides, LocalDate day) {
        return sides.entrySet()
                .stream()
                .filter(entry -> entry.getKey().day().equals(day))
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

    private static long micros(LocalDate day) {
        return Micros.of(day.atStartOfDay(ZoneOffset.UTC).toInstant());
    }
}
