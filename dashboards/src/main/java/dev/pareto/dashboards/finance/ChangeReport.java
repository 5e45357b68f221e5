package dev.pareto.dashboards.finance;

import dev.pareto.dashboards.ask.Dimension;
import dev.pareto.dashboards.ask.Question;
import dev.pareto.dashboards.ask.Slice;
import dev.pareto.dashboards.ask.Span;
import dev.pareto.dashboards.report.Amount;
import dev.pareto.dashboards.store.Reads;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads both periods and explains the difference. Blocks. */
final class ChangeReport {

    private static final int MOVERS = 8;
    /** Where people read of tenants: after models and routes. */
    private static final int TENANTS_PLACE = 2;

    /** Read once for each period; everything but charge lines and tenants is a sum of its cells. Roles come last. */
    private static final List<Dimension> CUBE = List.of(Dimension.MODEL, Dimension.ROUTE, Dimension.VENDOR,
            Dimension.ROLE);

    private final Reads reads;
    private final String book;
    private final SpendReader spend;

    ChangeReport(Reads reads, String book, SpendReader spend) {
        this.reads = reads;
        this.book = book;
        this.spend = spend;
    }

    Changes changes(Frame frame, Question question) {
        Changes.requireComparison(question);
        Span then = Objects.requireNonNull(question.before());
        Map<List<String>, Spend> was = spend.by(question, then, CUBE);
        Map<List<String>, Spend> is = spend.by(question, question.span(), CUBE);
        List<Changes.Movers> movers = movers(was, is);
        // by themselves: tenants are what makes cells many
        movers.add(TENANTS_PLACE, new Changes.Movers(Dimension.TENANT,
                movers(spend.by(question, then, List.of(Dimension.TENANT)),
                        spend.by(question, question.span(), List.of(Dimension.TENANT)), MOVERS)));
        return changes(frame, side(question, then, total(was), wasted(was)),
                side(question, question.span(), total(is), wasted(is)), movers);
    }

    /**
     * Why spend changed, in a sentence; null where nothing is compared, or charge lines are not kept.
     *
     * @param before all that was spent then; null where nothing is compared
     * @param now all that was spent in the period
     */
    @Nullable
    String summary(Frame frame, Question question, @Nullable Spend before, Spend now) {
        Span then = question.before();
        return then == null || before == null || question.filtersByTag()
                ? null
                : changes(frame, side(question, then, before, spend.wasted(question, then)),
                        side(question, question.span(), now, spend.wasted(question, question.span())),
                        List.of()).summary();
    }

    /** One period: what it came to, and what explains it. */
    private record Period(Spend total, Drivers.Side side) {}

    private static Spend total(Map<List<String>, Spend> cube) {
        return cube.values().stream().reduce(Spend.NONE, Spend::plus);
    }

    private static Changes changes(Frame frame, Period was, Period is, List<Changes.Movers> movers) {
        Spend before = was.total();
        Spend now = is.total();
        Map<Effect, BigDecimal> effects = Drivers.between(was.side(), is.side());
        Amount difference = now.amount().minus(before.amount());
        int decimals = Shown.decimals(new Amount(now.amount().value().abs().max(before.amount().value().abs())));
        // both ends as they are shown, so that the page adds up from one to the other
        BigDecimal from = new BigDecimal(Shown.of(before.amount(), decimals));
        BigDecimal to = new BigDecimal(Shown.of(now.amount(), decimals));
        List<Changes.Driver> drivers = drivers(effects, before.amount(), to.subtract(from), decimals);
        BigDecimal change = Sums.change(now.amount(), before.amount());
        return new Changes(frame, before.amount(), from.toPlainString(), now.amount(), to.toPlainString(), difference,
                to.subtract(from).toPlainString(), change, before.sums().requests(), now.sums().requests(),
                ChangeWords.of(frame.currency(), change, to.subtract(from), drivers, now.sums().requests()
                        - before.sums().requests()),
                drivers, movers, before.sums().unpriced(), now.sums().unpriced());
    }

    private static List<Changes.Driver> drivers(Map<Effect, BigDecimal> effects, Amount before, BigDecimal shown,
            int decimals) {
        List<Amount> amounts = new ArrayList<>();
        effects.values().forEach(value -> amounts.add(new Amount(value)));
        List<String> texts = Shown.parts(amounts, shown, decimals);
        List<Changes.Driver> drivers = new ArrayList<>();
        Amount after = before;
        for (Effect effect : effects.keySet()) {
            int place = drivers.size();
            after = after.plus(amounts.get(place));
            drivers.add(new Changes.Driver(effect, amounts.get(place), texts.get(place), after));
        }
        return drivers;
    }

    private Period side(Question question, Span span, Spend total, Map<String, BigDecimal> wasted) {
        Slice slice = Slice.lines(question, span);
        Map<List<Object>, Drivers.Line> lines = new LinkedHashMap<>();
        Sums.query(reads, slice, book,
                from -> "SELECT model, role, bucket, unit_price, per, COALESCE(SUM(quantity), 0) AS quantity,"
                        + " COALESCE(SUM(quantity_nano), 0) AS quantity_nano, " + reads.sum("cost_pico", "cost")
                        + " FROM "
                        + from
                        + " AND currency = :book AND lines > unpriced"
                        + " GROUP BY model, role, bucket, unit_price, per")
                .each(row -> {
                    Drivers.Line line = new Drivers.Line(row.getString("model"),
                            SpendReader.OVERHEAD.contains(row.getString("role")), row.getString("bucket"),
                            price(row.getString("unit_price"), row.getString("per")),
                            BigDecimal.valueOf(row.getLong("quantity"))
                                    .add(BigDecimal.valueOf(row.getLong("quantity_nano"), 9)),
                            Sums.amount(row, "cost").value());
                    lines.merge(List.of(line.model(), line.overhead(), line.bucket(), line.price()), line,
                            Drivers.Line::plus);
                });
        return new Period(total, new Drivers.Side(total.sums().requests(), List.copyOf(lines.values()), wasted,
                total.sums().cost().value(), total.adjustments().value()));
    }

    /** By model, of calls that answer callers. */
    private static Map<String, BigDecimal> wasted(Map<List<String>, Spend> cube) {
        Map<String, BigDecimal> wasted = new HashMap<>();
        cube.forEach((key, part) -> {
            if (!SpendReader.OVERHEAD.contains(key.getLast())) {
                wasted.merge(key.getFirst(), part.sums().wasted().value(), BigDecimal::add);
            }
        });
        return wasted;
    }

    private static String price(String unitPrice, String per) {
        return unitPrice.isEmpty() ? "" : unitPrice + "/" + per;
    }

    private static List<Changes.Movers> movers(Map<List<String>, Spend> was, Map<List<String>, Spend> is) {
        List<Changes.Movers> movers = new ArrayList<>();
        for (int place = 0; place < CUBE.size() - 1; place++) {
            movers.add(new Changes.Movers(CUBE.get(place), movers(along(was, place), along(is, place), MOVERS)));
        }
        return movers;
    }

    private static Map<List<String>, Spend> along(Map<List<String>, Spend> cube, int place) {
        Map<List<String>, Spend> sums = new HashMap<>();
        cube.forEach((key, part) -> sums.merge(List.of(key.get(place)), part, Spend::plus));
        return sums;
    }

    /** Those whose spend moved most. */
    static List<Changes.Mover> movers(Map<List<String>, Spend> before, Map<List<String>, Spend> now, int most) {
        Set<List<String>> keys = new HashSet<>(now.keySet());
        keys.addAll(before.keySet());
        return keys.stream()
                .map(key -> mover(key.getFirst(), before.get(key), now.get(key)))
                .sorted(Comparator.comparing((Changes.Mover mover) -> mover.difference().value().abs())
                        .reversed()
                        .thenComparing(Changes.Mover::value))
                .limit(most)
                .toList();
    }

    private static Changes.Mover mover(String value, @Nullable Spend before, @Nullable Spend now) {
        Amount from = before == null ? Amount.ZERO : before.amount();
        Amount to = now == null ? Amount.ZERO : now.amount();
        return new Changes.Mover(value, from, to, to.minus(from), Sums.change(to, from));
    }
}
