package dev.pareto.dashboards.finance;

import dev.pareto.dashboards.ask.Dimension;
import dev.pareto.dashboards.ask.Question;
import dev.pareto.dashboards.ask.Slice;
import dev.pareto.dashboards.ask.Span;
import dev.pareto.dashboards.report.Amount;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads both periods and explains the difference. Blocks. */
final class ChangeReport {

    private static final int MOVERS = 8;
    private static final Set<String> OVERHEAD = Set.of("SHADOW", "JUDGE", "CLASSIFIER");

    private final JdbcClient reads;
    private final String book;
    private final SpendReader spend;

    ChangeReport(JdbcClient reads, String book, SpendReader spend) {
        this.reads = reads;
        this.book = book;
        this.spend = spend;
    }

    Changes changes(Frame frame, Question question) {
        Changes.requireComparison(question);
        Span then = Objects.requireNonNull(question.before());
        Spend before = spend.total(question, then);
        Spend now = spend.total(question, question.span());
        Map<Effect, BigDecimal> effects = Drivers.between(side(question, then, before),
                side(question, question.span(), now));
        Amount difference = now.amount().minus(before.amount());
        int decimals = Shown.decimals(new Amount(now.amount().value().abs().max(before.amount().value().abs())));
        // both ends as they are shown, so that the page adds up from one to the other
        BigDecimal from = new BigDecimal(Shown.of(before.amount(), decimals));
        BigDecimal to = new BigDecimal(Shown.of(now.amount(), decimals));
        List<Changes.Driver> drivers = drivers(effects, to.subtract(from), decimals);
        BigDecimal change = Sums.change(now.amount(), before.amount());
        return new Changes(frame, before.amount(), from.toPlainString(), now.amount(), to.toPlainString(), difference,
                to.subtract(from).toPlainString(), change, before.sums().requests(), now.sums().requests(),
                ChangeWords.of(frame.currency(), change, to.subtract(from), drivers, now.sums().requests()
                        - before.sums().requests()), drivers, movers(question, then),
                before.sums().unpriced(), now.sums().unpriced());
    }

    private static List<Changes.Driver> drivers(Map<Effect, BigDecimal> effects, BigDecimal shown, int decimals) {
        List<Amount> amounts = new ArrayList<>();
        effects.values().forEach(value -> amounts.add(new Amount(value)));
        List<String> texts = Shown.parts(amounts, shown, decimals);
        List<Changes.Driver> drivers = new ArrayList<>();
        for (Effect effect : effects.keySet()) {
            drivers.add(new Changes.Driver(effect, amounts.get(drivers.size()), texts.get(drivers.size())));
        }
        return drivers;
    }

    private Drivers.Side side(Question question, Span span, Spend total) {
        Slice slice = Slice.lines(question, span);
        List<Drivers.Line> lines = Sums.query(reads, slice, book,
                from -> "SELECT model, role, bucket, unit_price, per, COALESCE(SUM(quantity), 0) AS quantity,"
                        + " COALESCE(SUM(quantity_nano), 0) AS quantity_nano, " + Sums.money("cost_pico", "cost")
                        + " FROM " + from + " AND currency = :book AND lines > unpriced"
                        + " GROUP BY model, role, bucket, unit_price, per")
                .query((row, number) -> new Drivers.Line(row.getString("model"),
                        OVERHEAD.contains(row.getString("role")), row.getString("bucket"),
                        price(row.getString("unit_price"), row.getString("per")),
                        BigDecimal.valueOf(row.getLong("quantity"))
                                .add(BigDecimal.valueOf(row.getLong("quantity_nano"), 9)),
                        Sums.amount(row, "cost").value()))
                .list();
        Map<String, BigDecimal> wasted = new HashMap<>();
        spend.by(question, span, List.of(Dimension.MODEL, Dimension.ROLE)).forEach((key, part) -> {
            if (!OVERHEAD.contains(key.get(1))) {
                wasted.merge(key.getFirst(), part.sums().wasted().value(), BigDecimal::add);
            }
        });
        return new Drivers.Side(total.sums().requests(), lines, wasted, total.sums().cost().value(),
                total.adjustments().value());
    }

    private static String price(String unitPrice, String per) {
        return unitPrice.isEmpty() ? "" : unitPrice + "/" + per;
    }

    private List<Changes.Movers> movers(Question question, Span then) {
        List<Changes.Movers> movers = new ArrayList<>();
        for (Dimension by : List.of(Dimension.MODEL, Dimension.ROUTE, Dimension.TENANT, Dimension.VENDOR)) {
            Map<List<String>, Spend> now = spend.by(question, question.span(), List.of(by));
            Map<List<String>, Spend> before = spend.by(question, then, List.of(by));
            Set<List<String>> keys = new HashSet<>(now.keySet());
            keys.addAll(before.keySet());
            movers.add(new Changes.Movers(by, keys.stream()
                    .map(key -> mover(key.getFirst(), before.get(key), now.get(key)))
                    .sorted(Comparator.comparing((Changes.Mover mover) -> mover.difference().value().abs())
                            .reversed()
                            .thenComparing(Changes.Mover::value))
                    .limit(MOVERS)
                    .toList()));
        }
        return movers;
    }

    private static Changes.Mover mover(String value, @Nullable Spend before, @Nullable Spend now) {
        Amount from = before == null ? Amount.ZERO : before.amount();
        Amount to = now == null ? Amount.ZERO : now.amount();
        return new Changes.Mover(value, from, to, to.minus(from), Sums.change(to, from));
    }
}
