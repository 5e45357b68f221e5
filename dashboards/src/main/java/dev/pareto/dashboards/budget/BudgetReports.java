package dev.pareto.dashboards.budget;

import dev.pareto.dashboards.ask.Dimension;
import dev.pareto.dashboards.ask.Question;
import dev.pareto.dashboards.ask.Slice;
import dev.pareto.dashboards.ask.Span;
import dev.pareto.dashboards.ask.Steps;
import dev.pareto.dashboards.forecast.Band;
import dev.pareto.dashboards.forecast.Projection;
import dev.pareto.dashboards.forecast.RunOut;
import dev.pareto.dashboards.outlook.Estimate;
import dev.pareto.dashboards.report.Amount;
import dev.pareto.dashboards.store.Picos;
import dev.pareto.dashboards.store.Reads;
import dev.pareto.dashboards.store.Store;
import dev.pareto.policies.budget.BudgetPeriod.Every;
import dev.pareto.policies.budget.BudgetPlan;
import dev.pareto.policies.budget.BudgetScope;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** How budgets are spent and when they run out, from the roll-ups. Blocks, and computes for some hundredths of a second a budget. */
public final class BudgetReports {

    private static final int HISTORY_DAYS = 182;
    private static final int LEAST_DAYS = 21;
    private static final int PATHS = 1_000;
    private static final long SEED = 6;
    /** A budget without an end is looked ahead for a quarter, and drawn back for as long. */
    private static final int ENDLESS_DAYS = 92;
    /** Beyond so many, a list is told without forecasts; each budget opened by itself has one. */
    private static final int MOST_FORECASTS = 30;
    private static final int SPENDERS = 8;
    private static final int ALERTS = 50;
    private static final List<String> TROUBLE = List.of("overrun", "used-up", "unknown", "ahead", "within");

    private final Reads reads;
    private final TransactionTemplate snapshot;
    private final InstantSource clock;
    private final BudgetRepository repository;

    public BudgetReports(Store store, InstantSource clock) {
        this.reads = Reads.of(store);
        this.snapshot = new TransactionTemplate(new JdbcTransactionManager(store.reads()));
        this.clock = clock;
        this.repository = new BudgetRepository(store);
    }

    /** {@code GET /api/budgets}. */
    public BudgetList list(List<Standing> standings) {
        Instant now = clock.instant();
        boolean forecasts = standings.size() <= MOST_FORECASTS;
        return read(() -> new BudgetList(BudgetPlan.CURRENCY, now, standings.stream()
                .map(it -> BudgetLine.of(it, now, forecasts ? course(it, now).outlook() : null))
                .sorted(Comparator.comparingInt((BudgetLine it) -> TROUBLE.indexOf(it.state()))
                        .thenComparing(BudgetLine::used, Comparator.reverseOrder())
                        .thenComparing(BudgetLine::name))
                .toList()));
    }

    /** {@code GET /api/budgets/NAME}. */
    public BudgetDetail detail(Standing it) {
        Instant now = clock.instant();
        return read(() -> {
            Course course = course(it, now);
            Drawn drawn = drawn(it, now);
            List<BudgetAlert> alerts = repository.newest(ALERTS)
                    .stream()
                    .filter(alert -> alert.budget().equals(it.plan().name())
                            && alert.period().equals(it.window().from()))
                    .toList();
            return new BudgetDetail(BudgetPlan.CURRENCY, now, BudgetLine.of(it, now, course.outlook()), drawn.start(),
                    drawn.steps(), ahead(it, course, now), spenders(it, now),
                    it.topUps().stream().map(grant -> grant(grant, now)).toList(), alerts);
        });
    }

    private static BudgetDetail.Grant grant(TopUp it, Instant now) {
        return new BudgetDetail.Grant(it.id(), new Amount(it.amount().amount()), it.reason(), it.by(), it.grantedAt(),
                it.expires(), it.holds(now));
    }

    /* ---------------------------------------- what was spent ---------------------------------------- */

    private record Drawn(Amount start, List<BudgetDetail.Step> steps) {}

    private Drawn drawn(Standing it, Instant now) {
        ZoneId zone = it.plan().period().zone();
        Instant first = now.atZone(zone).toLocalDate().minusDays(ENDLESS_DAYS).atStartOfDay(zone).toInstant();
        Instant from = it.plan().period().every() == Every.TOTAL && it.window().from().isBefore(first)
                ? first
                : it.window().from();
        Instant to = BudgetQuestion.endOfHour(now.isBefore(from) ? from : now);
        Span span = new Span(from, to);
        boolean hourly = it.plan().period().every() == Every.DAY;
        Steps steps = hourly ? Steps.of(span, zone) : Steps.days(span, zone);
        List<BigDecimal> costs = costs(it.plan().scope(), span, steps, zone);
        BigDecimal sum = costs.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
        // the sums lag a moment behind what the gateway has counted; the last step is where it stands now
        BigDecimal start = it.plan().period().every() == Every.TOTAL
                ? it.spent().subtract(sum).max(BigDecimal.ZERO)
                : BigDecimal.ZERO;
        BigDecimal spent = start;
        List<BudgetDetail.Step> told = new ArrayList<>();
        for (int i = 0; i < costs.size(); i++) {
            spent = spent.add(costs.get(i));
            told.add(new BudgetDetail.Step(steps.names().get(i), new Amount(costs.get(i)),
                    new Amount(it.limit().subtract(spent)), even(it, end(steps.names().get(i), hourly, zone))));
        }
        return new Drawn(new Amount(start), told);
    }

    private static Instant end(String step, boolean hourly, ZoneId zone) {
        return hourly
                ? LocalDateTime.parse(step).atZone(zone).plusHours(1).toInstant()
                : LocalDate.parse(step).plusDays(1).atStartOfDay(zone).toInstant();
    }

    /** What an even pace leaves at an instant. */
    private static @Nullable Amount even(Standing it, Instant at) {
        Instant to = it.window().to();
        if (to == null) {
            return null;
        }
        long whole = Duration.between(it.window().from(), to).toSeconds();
        long left = Math.clamp(Duration.between(at, to).toSeconds(), 0, whole);
        return new Amount(it.limit()
                .multiply(BigDecimal.valueOf(left))
                .divide(BigDecimal.valueOf(whole), 6, RoundingMode.HALF_EVEN));
    }

    private List<BigDecimal> costs(BudgetScope scope, Span span, Steps steps, ZoneId zone) {
        Question question = BudgetQuestion.of(scope, span, zone);
        Slice slice = Slice.spendInSteps(question, span);
        List<BigDecimal> costs = new ArrayList<>(Collections.nCopies(steps.count(), BigDecimal.ZERO));
        slice.query(reads, from -> "SELECT " + steps.sql() + " AS step, " + cost() + " FROM " + from
                + " GROUP BY step").each(row -> {
                    int at = steps.place(row.getLong("step"));
                    costs.set(at, costs.get(at).add(Picos.sum(row, "cost")));
                });
        return costs;
    }

    private String cost() {
        return reads.sumWhere("currency = '" + BudgetPlan.CURRENCY + "'", "cost_pico", "cost");
    }

    /* ----------------------------------------- who spends it ----------------------------------------- */

    private List<BudgetDetail.Spenders> spenders(Standing it, Instant now) {
        Span span = new Span(it.window().from(), BudgetQuestion.endOfHour(now));
        Question question = BudgetQuestion.of(it.plan().scope(), span, ZoneId.of("UTC"));
        Stream<Dimension> columns = Stream.of(Dimension.MODEL, Dimension.ROUTE, Dimension.TENANT);
        Stream<Dimension> tags = question.tagKey().isPresent()
                ? Stream.of()
                : Stream.of(new Dimension("tag.team"), new Dimension("tag.project"),
                        new Dimension("tag." + BudgetScope.KEY_TAG));
        return Stream.concat(columns, tags)
                .map(dimension -> new BudgetDetail.Spenders(dimension, dearest(question.by(dimension), dimension, it)))
                .filter(spenders -> !spenders.dearest().isEmpty())
                .toList();
    }

    private List<BudgetDetail.Spender> dearest(Question question, Dimension dimension, Standing it) {
        Slice slice = Slice.spend(question, question.span());
        Amount whole = new Amount(it.spent());
        Map<String, BudgetDetail.Spender> found = new HashMap<>();
        slice.query(reads, from -> "SELECT " + dimension.column() + " AS name, SUM(attempts) AS attempts, " + cost()
                + " FROM " + from + " GROUP BY name").each(row -> {
                    Amount cost = new Amount(Picos.sum(row, "cost"));
                    found.merge(row.getString("name"),
                            new BudgetDetail.Spender(row.getString("name"), cost, row.getLong("attempts"), null),
                            (one, other) -> new BudgetDetail.Spender(one.name(), one.cost().plus(other.cost()),
                                    one.attempts() + other.attempts(), null));
                });
        return found.values()
                .stream()
                .sorted(Comparator.comparing((BudgetDetail.Spender one) -> one.cost().value())
                        .reversed()
                        .thenComparing(BudgetDetail.Spender::name))
                .limit(SPENDERS)
                .map(one -> new BudgetDetail.Spender(one.name(), one.cost(), one.attempts(), one.cost().shareOf(whole)))
                .toList();
    }

    /* ------------------------------------------- what comes ------------------------------------------- */

    /** @param projection null where there is none */
    private record Course(BudgetOutlook outlook, @Nullable Projection projection, double today, int days) {}

    private Course course(Standing it, Instant now) {
        if (it.plan().period().every() == Every.DAY) {
            return none("a day is over before whole days of spend can tell where it lands");
        }
        ZoneId zone = it.plan().period().zone();
        LocalDate today = LocalDate.ofInstant(now, zone);
        Span history = new Span(today.minusDays(HISTORY_DAYS).atStartOfDay(zone).toInstant(),
                BudgetQuestion.endOfHour(now));
        double[] days = costs(it.plan().scope(), history, Steps.days(history, zone), zone).stream()
                .mapToDouble(BigDecimal::doubleValue)
                .toArray();
        int begins = IntStream.range(0, HISTORY_DAYS).filter(day -> days[day] > 0).findFirst().orElse(HISTORY_DAYS);
        if (HISTORY_DAYS - begins < LEAST_DAYS) {
            return none(HISTORY_DAYS - begins
                    + " whole days of spend are too few to tell a trend from a week; a forecast needs "
                    + LEAST_DAYS);
        }
        Instant to = it.window().to();
        int ahead = to == null ? ENDLESS_DAYS : (int) ChronoUnit.DAYS.between(today, LocalDate.ofInstant(to, zone));
        Projection projection = Projection.of(Arrays.copyOfRange(days, begins, HISTORY_DAYS), Math.max(1, ahead), PATHS,
                SEED);
        double spentToday = days[HISTORY_DAYS];
        double left = it.limit().subtract(it.spent()).doubleValue();
        RunOut out = projection.runOut(spentToday, left);
        Band end = projection.sum(Math.max(1, ahead), spentToday);
        Amount before = new Amount(
                it.spent().subtract(BigDecimal.valueOf(spentToday).setScale(6, RoundingMode.HALF_EVEN)));
        boolean over = left <= 0;
        return new Course(new BudgetOutlook(to == null ? null : Estimate.of(end, before),
                to == null
                        ? null
                        : BigDecimal.valueOf(projection.beyond(Math.max(1, ahead), spentToday,
                                it.limit().subtract(before.value()).doubleValue())).setScale(2, RoundingMode.HALF_EVEN),
                over ? today : day(today, out.expected()), over ? today : day(today, out.earliest()),
                over ? today : day(today, out.latest()), null), projection, spentToday, Math.max(1, ahead));
    }

    private static Course none(String why) {
        return new Course(BudgetOutlook.unknown(why), null, 0, 0);
    }

    private static @Nullable LocalDate day(LocalDate today, @Nullable Integer ahead) {
        return ahead == null ? null : today.plusDays(ahead);
    }

    /** What is left at the end of each day to come. */
    private static List<BudgetDetail.Ahead> ahead(Standing it, Course course, Instant now) {
        Projection projection = course.projection();
        if (projection == null) {
            return List.of();
        }
        ZoneId zone = it.plan().period().zone();
        LocalDate today = LocalDate.ofInstant(now, zone);
        double left = it.limit().subtract(it.spent()).doubleValue() + course.today();
        return IntStream.range(0, course.days()).mapToObj(day -> {
            Band spent = projection.sum(day + 1, course.today());
            Band remains = new Band(left - spent.expected(), left - spent.upper80(), left - spent.lower80(),
                    left - spent.upper95(), left - spent.lower95());
            LocalDate at = today.plusDays(day);
            return new BudgetDetail.Ahead(at.toString(), Estimate.of(remains, Amount.ZERO),
                    even(it, at.plusDays(1).atStartOfDay(zone).toInstant()));
        }).toList();
    }

    private <T> T read(Supplier<T> query) {
        return Objects.requireNonNull(snapshot.execute(status -> query.get()));
    }
}
