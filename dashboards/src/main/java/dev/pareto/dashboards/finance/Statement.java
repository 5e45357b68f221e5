package dev.pareto.dashboards.finance;

import dev.pareto.dashboards.ask.Question;
import dev.pareto.dashboards.ask.Report;
import dev.pareto.dashboards.ask.Sheet;
import dev.pareto.dashboards.ask.Slice;
import dev.pareto.dashboards.report.Amount;
import dev.pareto.dashboards.store.Reads;
import dev.pareto.dashboards.store.Row;
import dev.pareto.policies.price.Buckets;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one team, tenant or any other part of the spend is charged for: quantity × unit price, line by line, and the corrections.
 *
 * @param items by model, in the order of a bill; what they show adds up to the total shown
 * @param detailed whether the items are charge lines; by tag only sums of whole calls are kept
 */
public record Statement(Frame frame, boolean detailed, List<Item> items, List<Booking> adjustments, long unpriced,
        Amount total, String shown) implements Report {

    public Statement {
        items = List.copyOf(items);
        adjustments = List.copyOf(adjustments);
    }

    /**
     * What was bought of one bucket at one price.
     *
     * @param bucket e.g. {@code input}; {@code calls} where charge lines are not kept
     * @param quantity exact decimal text
     * @param unitPrice null for lines that have none, such as the difference to a vendor's own word
     * @param priceVersion empty where none was used
     * @param cost null where no price was known
     */
    public record Item(String model, String vendor, String bucket, BigDecimal quantity, @Nullable String unitPrice,
            @Nullable String per, String priceVersion, @Nullable Amount cost, @Nullable String shown) {}

    /** Something booked beside calls. */
    public record Booking(String day, String kind, String model, String reason, Amount amount, String shown) {}

    /** Reads it. */
    static Statement read(Frame frame, Reads reads, String book, Question question) {
        boolean detailed = !question.filtersByTag();
        List<Item> items = detailed ? lines(reads, book, question) : calls(reads, book, question);
        List<Booking> adjustments = adjustments(reads, book, question);
        List<Amount> amounts = new ArrayList<>();
        items.forEach(item -> amounts.add(item.cost() == null ? Amount.ZERO : item.cost()));
        adjustments.forEach(booking -> amounts.add(booking.amount()));
        Amount total = amounts.stream().reduce(Amount.ZERO, Amount::plus);
        int decimals = Shown.decimals(total);
        List<String> shown = Shown.parts(amounts, decimals);
        List<Item> priced = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            Item it = items.get(i);
            priced.add(new Item(it.model(), it.vendor(), it.bucket(), it.quantity(), it.unitPrice(), it.per(),
                    it.priceVersion(), it.cost(), it.cost() == null ? null : shown.get(i)));
        }
        List<Booking> booked = new ArrayList<>();
        for (int i = 0; i < adjustments.size(); i++) {
            Booking it = adjustments.get(i);
            booked.add(new Booking(it.day(), it.kind(), it.model(), it.reason(), it.amount(),
                    shown.get(items.size() + i)));
        }
        return new Statement(frame, detailed, priced, booked, frame.trust().unpriced(), total,
                Shown.of(total, decimals));
    }

    private static List<Item> lines(Reads reads, String book, Question question) {
        Slice slice = Slice.lines(question, question.span());
        Map<List<@Nullable String>, Item> items = new LinkedHashMap<>();
        Sums.query(reads, slice, book,
                from -> "SELECT model, vendor, bucket, unit_price, per, price_version, COALESCE(SUM(quantity), 0) AS quantity,"
                        + " COALESCE(SUM(quantity_nano), 0) AS quantity_nano, SUM(lines) - SUM(unpriced) AS priced, "
                        + Sums.money(reads, "cost_pico", "cost") + " FROM " + from + " AND currency IN (:book, '')"
                        + " GROUP BY model, vendor, bucket, unit_price, per, price_version")
                .each(row -> {
                    Item item = line(row);
                    items.merge(Arrays.asList(item.model(), item.vendor(), item.bucket(), item.unitPrice(), item.per(),
                            item.priceVersion()), item, Statement::together);
                });
        return items.values()
                .stream()
                .sorted(Comparator.comparing(Item::model)
                        .thenComparing(Item::bucket, Buckets.ORDER)
                        .thenComparing(Item::priceVersion))
                .toList();
    }

    private static Item together(Item one, Item other) {
        Amount cost = one.cost();
        Amount more = other.cost();
        return new Item(one.model(), one.vendor(), one.bucket(), one.quantity().add(other.quantity()), one.unitPrice(),
                one.per(), one.priceVersion(), cost == null ? more : more == null ? cost : cost.plus(more), null);
    }

    private static Item line(Row row) {
        BigDecimal quantity = BigDecimal.valueOf(row.getLong("quantity"))
                .add(BigDecimal.valueOf(row.getLong("quantity_nano"), 9));
        String price = row.getString("unit_price");
        return new Item(row.getString("model"), row.getString("vendor"), row.getString("bucket"), quantity,
                price.isEmpty() ? null : price, price.isEmpty() ? null : row.getString("per"),
                row.getString("price_version"), row.getLong("priced") == 0 ? null : Sums.amount(row, "cost"), null);
    }

    private static List<Item> calls(Reads reads, String book, Question question) {
        Map<List<String>, Sums> found = new LinkedHashMap<>();
        Sums.query(reads, Slice.of(question, question.span()), book,
                from -> "SELECT model, vendor, " + Sums.columns(reads) + " FROM " + from + " GROUP BY model, vendor")
                .each(row -> {
                    found.merge(List.of(row.getString("model"), row.getString("vendor")), Sums.read(row), Sums::plus);
                });
        List<Item> items = new ArrayList<>();
        found.forEach((key, sums) -> items.add(new Item(key.getFirst(), key.getLast(), "calls",
                BigDecimal.valueOf(sums.attempts()), null, null, "",
                sums.unpriced() == sums.attempts() ? null : sums.cost(), null)));
        items.sort(Comparator.comparing(Item::model).thenComparing(Item::vendor));
        return items;
    }

    private static List<Booking> adjustments(Reads reads, String book, Question question) {
        Slice slice = Slice.adjustments(question, question.span());
        return slice.query(reads, from -> "SELECT concerns, kind, model, reason, "
                + reads.sum("amount_pico", "amount") + " FROM " + from
                + " AND currency = :book GROUP BY concerns, kind, model, reason ORDER BY concerns, kind, model, reason")
                .param("book", book)
                .list(row -> new Booking(row.getString("concerns"), row.getString("kind"),
                        row.getString("model"), row.getString("reason"), Sums.amount(row, "amount"), ""));
    }

    @Override
    public Sheet sheet() {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (Item it : items) {
            Amount cost = it.cost();
            rows.add(Sheet.row(it.model(), it.bucket(), it.quantity(), number(it.unitPrice()), number(it.per()),
                    it.priceVersion(), cost == null ? null : cost.value(), frame.currency(), ""));
        }
        for (Booking it : adjustments) {
            rows.add(Sheet.row(it.model(), it.kind(), null, null, null, "", it.amount().value(), frame.currency(),
                    it.day() + " " + it.reason()));
        }
        return new Sheet("statement",
                List.of("model", "bucket", "quantity", "unit_price", "per", "price_version", "cost", "currency",
                        "note"),
                rows);
    }

    private static @Nullable BigDecimal number(@Nullable String text) {
        return text == null ? null : new BigDecimal(text);
    }
}
