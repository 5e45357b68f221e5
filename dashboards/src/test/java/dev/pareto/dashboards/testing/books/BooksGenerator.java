package dev.pareto.dashboards.testing.books;

import dev.pareto.dashboards.store.Micros;
import dev.pareto.dashboards.store.PostgresStore;
import dev.pareto.dashboards.store.Store;
import dev.pareto.policies.price.Discount;
import dev.pareto.policies.price.PriceBook;
import dev.pareto.policies.sheet.PriceSheetReader;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Makes books: {@code BooksGenerator FILE|jdbc:postgresql://… [attempts] [days] [end, a UTC day] [seed]}. The same plan gives the
 * same rows in every database. Week and day have their seasons, use grows, models change hands in the second half, a vendor is down
 * for two hours, and where the plan says so an agent runs wild and a contract begins.
 */
public final class BooksGenerator {

    private static final int HOURS = 24;
    private static final double[] OF_DAY = {.22, .18, .16, .16, .18, .24, .38, .60, .86, 1.05, 1.18, 1.12, .96, 1.06,
            1.20, 1.16, 1.04, .88, .70, .58, .50, .42, .34, .28};
    private static final double[] OF_WEEK = {1.06, 1.10, 1.08, 1.05, .94, .40, .34};

    private final BooksPlan plan;
    private final SplittableRandom random;
    private final Cast cast;
    private final Tariff tariff;
    private final RequestMaker requests;

    private BooksGenerator(BooksPlan plan) {
        this.plan = plan;
        random = new SplittableRandom(plan.seed());
        cast = new Cast(random);
        tariff = new Tariff(prices(plan));
        requests = new RequestMaker(random, tariff);
    }

    /** @param args where, how many attempts, over how many days, to which day, and the seed */
    public static void main(String[] args) throws SQLException {
        long attempts = args.length > 1 ? Long.parseLong(args[1].replace("_", "")) : BooksPlan.small().attempts();
        int days = args.length > 2 ? Integer.parseInt(args[2]) : BooksPlan.small().days();
        Instant end = args.length > 3
                ? LocalDate.parse(args[3]).atStartOfDay(ZoneOffset.UTC).toInstant()
                : BooksPlan.END;
        BooksPlan like = BooksPlan.of(attempts, days, end);
        BooksPlan plan = new BooksPlan(attempts, like.from(), days, args.length > 4 ? Long.parseLong(args[4]) : 1, true,
                true, true);
        long start = System.nanoTime();
        if (args[0].startsWith("jdbc:")) {
            try (Store store = PostgresStore.open(args[0], null, null, "local")) {
                fill(store, plan);
            }
        } else {
            fill(BulkLoad.into(Path.of(args[0])), plan);
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf("%,d attempts in %,.0f s, %,.0f a second%n", attempts, seconds, attempts / seconds);
    }

    /** The prices that the rows of these books rest on. */
    public static PriceBook prices(BooksPlan plan) {
        PriceBook shipped = PriceSheetReader.book(new PriceSheetReader().shipped());
        Discount old = new Discount("frame-2025", "anthropic", Set.of(), Set.of(), new BigDecimal("0.08"),
                Instant.parse("2025-01-01T00:00:00Z"), null);
        Discount renewal = new Discount("renewal-2026", "openai", Set.of(), Set.of(), new BigDecimal("0.12"),
                plan.from().plus(java.time.Duration.ofDays(plan.days() / 2)), null);
        PriceBook book = shipped.with(List.of(dev.pareto.policies.price.EmbeddedPrices.zeroRated(Cast.OWN)));
        return book.withDiscounts(plan.priceChange() ? List.of(old, renewal) : List.of(old));
    }

    /** Writes the books into a store that has none. Blocks. */
    public static void fill(Store store, BooksPlan plan) throws SQLException {
        fill(BulkLoad.into(store, plan), plan);
    }

    private static void fill(BulkLoad into, BooksPlan plan) throws SQLException {
        try (into; BookKeeper keeper = new BookKeeper(into, plan.chained())) {
            new BooksGenerator(plan).write(keeper);
        }
    }

    private void write(BookKeeper keeper) throws SQLException {
        int hours = plan.days() * HOURS;
        double[] weights = weights(hours);
        double whole = java.util.Arrays.stream(weights).sum();
        double due = 0;
        for (int hour = 0; hour < hours && keeper.written() < plan.attempts(); hour++) {
            due += weights[hour] / whole * plan.attempts();
            long until = hour == hours - 1 ? plan.attempts() : Math.min(plan.attempts(), Math.round(due));
            hour(keeper, hour, until);
        }
    }

    private void hour(BookKeeper keeper, int hour, long until) throws SQLException {
        long start = Micros.of(plan.from()) + hour * Micros.HOUR;
        Instant now = Micros.toInstant(start);
        String day = LocalDate.ofInstant(now, ZoneOffset.UTC).toString();
        keeper.endBefore(start);
        tariff.at(now);
        long first = keeper.written();
        long expected = Math.max(1, until - first);
        double later = hour / (double) (plan.days() * HOURS);
        boolean down = hour / HOURS == plan.days() * 2 / 3 && hour % HOURS >= 13 && hour % HOURS < 15;
        boolean wild = wild(hour);
        while (keeper.written() < until) {
            double passed = (keeper.written() - first + random.nextDouble()) / expected;
            long at = start + (long) (Math.min(passed, 0.999_999) * Micros.HOUR);
            boolean agent = wild && random.nextInt(100) < 40;
            for (Call call : requests.request(agent ? cast.wild() : cast.anyone(random),
                    new RequestMaker.Moment(at, later, down), agent ? 3 : 1)) {
                if (keeper.written() < plan.attempts()) {
                    keeper.write(call, day);
                }
            }
        }
    }

    private boolean wild(int hour) {
        return plan.anomaly() && hour / HOURS == Math.max(0, plan.days() - 8) && hour % HOURS >= 10
                && hour % HOURS < 16;
    }

    /** How much is asked for in each hour. */
    private double[] weights(int hours) {
        double[] weights = new double[hours];
        double ofDay = 1;
        for (int hour = 0; hour < hours; hour++) {
            if (hour % HOURS == 0) {
                ofDay = Math.exp(random.nextGaussian() * 0.06);
            }
            int weekday = LocalDate.ofInstant(plan.from(), ZoneOffset.UTC)
                    .plusDays(hour / HOURS)
                    .getDayOfWeek()
                    .getValue();
            weights[hour] = OF_DAY[hour % HOURS] * OF_WEEK[weekday - 1] * ofDay * Math.exp(0.5 * hour / hours)
                    * (wild(hour) ? 1.8 : 1);
        }
        return weights;
    }
}
