package dev.pareto.dashboards.ledger;

import dev.pareto.dashboards.store.Picos;
import dev.pareto.policies.price.Bill;
import dev.pareto.policies.price.ChargeLine;
import dev.pareto.policies.price.Cost;
import dev.pareto.policies.price.CostSource;
import dev.pareto.policies.price.Money;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A bill as it is booked.
 *
 * @param billed what will be paid; null when it is unknown
 * @param source why it is that: a {@link CostSource#id}, {@code vendor}, {@code reservation}, {@code nothing} or {@code unpriced}
 * @param list at the vendor's list; null when it is unknown
 * @param contracted by agreement, or by list where there is none; null when it is unknown
 * @param reported the vendor's own word, also where it is in another currency than the books
 * @param lines their costs add up to {@code billed}
 */
record Booked(@Nullable Money billed, String source, @Nullable Money list, @Nullable Money contracted,
        @Nullable Money reported, @Nullable String priceVersion, @Nullable String listPriceVersion, List<Line> lines) {

    /** The vendor's own word, as far as it differs from the contracted cost. */
    static final String VENDOR_REPORTED = "vendor_reported";
    /** What was set aside for a call that nobody closed. */
    static final String RESERVATION = "reservation";
    /** The list cost where list and contract bill by different buckets. */
    static final String LIST = "list";

    private static final String ONE = "1";

    Booked {
        lines = List.copyOf(lines);
    }

    /**
     * One bucket. Quantities and prices are exact decimal text.
     *
     * @param cost its part of what is billed, in picos; null when it has no price
     */
    record Line(String bucket, String quantity, @Nullable String unitPrice, @Nullable String per, @Nullable Long cost,
            @Nullable String priceVersion, @Nullable String listUnitPrice, @Nullable String listPer,
            @Nullable Long list, @Nullable Long contract) {

        /** A line that has no quantity of its own. */
        static Line sum(String bucket, long cost, @Nullable String priceVersion, long list, long contract) {
            return new Line(bucket, ONE, null, null, cost, priceVersion, null, null, list, contract);
        }
    }

    static Booked of(Bill bill) {
        Cost contracted = bill.contracted();
        Money total = contracted.total();
        Money told = bill.reported();
        boolean vendors = told != null && (total == null || total.currency().equals(told.currency()));
        Money billed = vendors ? told : total;
        Money list = comparable(bill.list().total(), billed);
        List<Line> lines = lines(bill, billed != null, list);
        if (vendors && told != null) {
            long ours = lines.stream().mapToLong(line -> line.cost() == null ? 0 : line.cost()).sum();
            long theirs = Picos.of(told.amount());
            if (ours != theirs) {
                lines.add(Line.sum(VENDOR_REPORTED, theirs - ours, null, 0, 0));
            }
        }
        return new Booked(billed, source(bill, vendors), list, total, told,
                contracted.priceVersion(), bill.list().priceVersion(), lines);
    }

    /** The worst case, for want of anything better; null when the model has no price. */
    static Booked reservation(@Nullable Money reserved) {
        if (reserved == null) {
            return new Booked(null, "unpriced", null, null, null, null, null, List.of());
        }
        long picos = Picos.of(reserved.amount());
        return new Booked(reserved, RESERVATION, reserved, reserved, null, null, null,
                List.of(Line.sum(RESERVATION, picos, null, picos, picos)));
    }

    /**
     * The buckets. What is known of a part only is nothing that sums could add up: where one bucket of a call has no price, none of
     * them has a cost, as the call has none.
     *
     * @param priced whether it is known what will be paid for all of it
     * @param listTotal null when it is unknown for a part or cannot be compared
     */
    private static List<Line> lines(Bill bill, boolean priced, @Nullable Money listTotal) {
        boolean contracted = bill.contracted().total() != null;
        Map<String, ChargeLine> list = new HashMap<>();
        bill.list().lines().forEach(line -> list.put(line.bucket(), line));
        boolean alike = list.keySet()
                .equals(Map.copyOf(byBucket(bill.contracted())).keySet());
        String version = bill.contracted().priceVersion();
        List<Line> lines = new ArrayList<>();
        for (ChargeLine line : bill.contracted().lines()) {
            ChargeLine published = alike && listTotal != null ? list.get(line.bucket()) : null;
            Long cost = priced ? picos(line.cost()) : null;
            lines.add(new Line(line.bucket(), Money.plain(line.quantity()), priced ? plain(line.unitPrice()) : null,
                    priced ? plain(line.per()) : null, cost, cost == null ? null : version,
                    published == null ? null : plain(published.unitPrice()),
                    published == null ? null : plain(published.per()),
                    published == null ? null : picos(published.cost()), contracted ? cost : null));
        }
        if (!alike && listTotal != null) {
            lines.add(Line.sum(LIST, 0, bill.list().priceVersion(), Picos.of(listTotal.amount()), 0));
        }
        return lines;
    }

    private static Map<String, ChargeLine> byBucket(Cost cost) {
        Map<String, ChargeLine> lines = new HashMap<>();
        cost.lines().forEach(line -> lines.put(line.bucket(), line));
        return lines;
    }

    private static String source(Bill bill, boolean vendors) {
        if (vendors) {
            return "vendor";
        }
        Cost cost = bill.contracted();
        if (cost.total() == null) {
            return "unpriced";
        }
        if (cost.lines().isEmpty() && cost.total().amount().signum() == 0) {
            return "nothing";
        }
        return (bill.basis() == null ? CostSource.LIST : bill.basis()).id();
    }

    /** Amounts of two currencies cannot be compared; such a list cost is left out. */
    private static @Nullable Money comparable(@Nullable Money list, @Nullable Money billed) {
        return list == null || (billed != null && !billed.currency().equals(list.currency())) ? null : list;
    }

    private static @Nullable Long picos(@Nullable BigDecimal cost) {
        return cost == null ? null : (Long) Picos.of(cost);
    }

    private static @Nullable String plain(@Nullable BigDecimal value) {
        return value == null ? null : Money.plain(value);
    }
}
