package dev.pareto.dashboards.finance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pareto.dashboards.ask.Report;
import dev.pareto.dashboards.ask.Sheet;
import dev.pareto.dashboards.report.Amount;
import dev.pareto.dashboards.store.Micros;
import dev.pareto.dashboards.store.Picos;
import dev.pareto.dashboards.store.Store;
import dev.pareto.dashboards.testing.books.BooksGenerator;
import dev.pareto.dashboards.testing.books.BooksPlan;
import dev.pareto.dashboards.reconcile.VendorCost;
import dev.pareto.dashboards.reconcile.VendorCostRepository;
import dev.pareto.policies.price.Money;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What finance relies on: table = CSV = sum of the rows, whatever the books are kept in. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class FinanceContract {

    private static final String MONTH = "from=2026-10-01&to=2026-10-31";

    private Store store;
    private FinanceReports reports;
    private JdbcClient rows;

    /** An empty one. */
    abstract Store newStore();

    @BeforeAll
    void fill() throws SQLException {
        store = newStore();
        BooksGenerator.fill(store, BooksPlan.small());
        try (var connection = store.connect(); var statement = connection.createStatement()) {
            long day = Micros.of(Instant.parse("2026-10-20T10:00:00Z"));
            statement.execute("INSERT INTO adjustment (adjustment_id, booked_us, kind, concerns, tenant, route, model,"
                    + " vendor, currency, amount_pico, reason, entered_by, replica) VALUES ('a1', " + day
                    + ", 'CREDIT', '2026-10-19', 'search', '', '', 'openai', 'USD', -1234567890123, 'outage', 'ada',"
                    + " 'local')");
            if (!connection.getAutoCommit()) {
                connection.commit();
            }
        }
        reports = new FinanceReports(store, () -> Instant.parse("2026-11-22T20:15:00Z"), "USD");
        rows = JdbcClient.create(store.reads());
    }

    @AfterAll
    void close() {
        store.close();
    }

    @Test
    void everyWayToDivideAMonthAddsUpToItsRows() {
        BigDecimal sum = sumOfRows("2026-10-01T00:00:00Z", "2026-11-01T00:00:00Z")
                .add(Picos.toAmount(-1_234_567_890_123L));
        for (String group : List.of("tenant", "route", "model", "vendor", "role", "tag.team", "tenant,model",
                "tag.cost-centre,vendor", "role,tag.team")) {
            Chargeback report = ask(reports::chargeback, MONTH + "&group=" + group);
            assertThat(report.total().spend().value()).as(group).isEqualByComparingTo(sum);
            assertThat(sum(report.sheet(), "spend")).as(group).isEqualByComparingTo(sum);
            assertThat(report.rows().stream().map(Chargeback.Row::spend).reduce(Amount.ZERO, Amount::plus).value())
                    .as(group)
                    .isEqualByComparingTo(sum);
        }
    }

    @Test
    void whatIsShownAddsUpToTheCentInBothDirections() {
        Chargeback report = ask(reports::chargeback, MONTH + "&group=tag.team,vendor");
        BigDecimal total = new BigDecimal(report.total().shown());
        assertThat(total.scale()).isEqualTo(2);
        assertThat(shown(report.rows().stream().map(Chargeback.Row::shown).toList())).isEqualByComparingTo(total);
        assertThat(shown(report.total().cells().stream().map(Chargeback.Cell::shown).toList()))
                .isEqualByComparingTo(total);
        for (Chargeback.Row row : report.rows()) {
            assertThat(shown(row.cells().stream().map(Chargeback.Cell::shown).toList())).as(row.value())
                    .isEqualByComparingTo(row.shown());
            assertThat(new BigDecimal(row.shown()).subtract(row.spend().value()).abs())
                    .isLessThan(BigDecimal.valueOf(1, 2));
        }
    }

    @Test
    void aStatementListsEveryChargeLineAndCorrection() {
        Chargeback all = ask(reports::chargeback, MONTH);
        Chargeback.Row search = all.rows()
                .stream()
                .filter(row -> row.value().equals("search"))
                .findFirst()
                .orElseThrow();
        Statement statement = ask(reports::statement, MONTH + "&tenant=search");
        assertThat(statement.total()).isEqualTo(search.spend());
        assertThat(sum(statement.sheet(), "cost")).isEqualByComparingTo(search.spend().value());
        assertThat(statement.adjustments()).singleElement().satisfies(booking -> {
            assertThat(booking.amount().plain()).isEqualTo("-1.234567890123");
            assertThat(booking.reason()).isEqualTo("outage");
        });
        List<String> shown = new ArrayList<>();
        statement.items().stream().map(Statement.Item::shown).filter(Objects::nonNull).forEach(shown::add);
        statement.adjustments().forEach(booking -> shown.add(booking.shown()));
        assertThat(shown(shown)).isEqualByComparingTo(statement.shown());
        assertThat(ask(reports::statement, MONTH + "&tag.team=search-core").detailed()).isFalse();
    }

    @Test
    void theEffectsOfAChangeAreTheDifferenceToTheLastDigit() {
        for (String query : List.of(MONTH, "period=this-month", MONTH + "&tenant=search", MONTH + "&route=agent-tools",
                "from=2026-10-08&to=2026-10-14&zone=Asia/Tokyo", MONTH + "&vendor=openai")) {
            Changes changes = ask(reports::changes, query);
            BigDecimal effects = changes.drivers()
                    .stream()
                    .map(driver -> driver.amount().value())
                    .reduce(BigDecimal.ZERO, BigDecimal::add);
            assertThat(effects).as(query).isEqualByComparingTo(changes.difference().value());
            assertThat(changes.drivers().getLast().after()).as(query).isEqualTo(changes.now());
            assertThat(shown(changes.drivers().stream().map(Changes.Driver::shown).toList())).as(query)
                    .isEqualByComparingTo(changes.shownDifference());
            assertThat(new BigDecimal(changes.shownBefore()).add(new BigDecimal(changes.shownDifference()))).as(query)
                    .isEqualByComparingTo(changes.shownNow());
            assertThat(changes.summary()).as(query).startsWith("Spend ");
        }
    }

    /** The contract that begins in the middle of the books makes OpenAI cheaper. */
    @Test
    void aNewContractIsSeenAsPrices() {
        Changes changes = ask(reports::changes, "from=2026-10-08&to=2026-11-20&vendor=openai");
        Changes.Driver price = changes.drivers()
                .stream()
                .filter(driver -> driver.effect() == Effect.PRICE)
                .findFirst()
                .orElseThrow();
        assertThat(price.amount().value()).isNegative();
    }

    /** Peers shifted "this month" by a day east of UTC (A50). */
    @Test
    void monthsBeginAtTheReadersMidnight() {
        BigDecimal tokyo = sumOfRows("2026-09-30T15:00:00Z", "2026-10-31T15:00:00Z");
        BigDecimal angeles = sumOfRows("2026-10-01T07:00:00Z", "2026-11-01T07:00:00Z");
        assertThat(calls(MONTH + "&zone=Asia/Tokyo")).isEqualByComparingTo(tokyo);
        assertThat(calls(MONTH + "&zone=America/Los_Angeles")).isEqualByComparingTo(angeles);
        assertThat(tokyo).isNotEqualByComparingTo(angeles);
        SpendOverview overview = ask(reports::overview, "from=2026-10-25&to=2026-11-08&zone=America/Los_Angeles");
        assertThat(overview.steps()).hasSize(15).startsWith("2026-10-25").endsWith("2026-11-08");
        assertThat(overview.stepTotals().stream().reduce(Amount.ZERO, Amount::plus).value())
                .isEqualByComparingTo(sumOfRows("2026-10-25T07:00:00Z", "2026-11-09T08:00:00Z"));
    }

    @Test
    void everyDayOfAnotherTimeZoneIsItsHoursWhateverItIsDividedBy() {
        for (String zone : List.of("Europe/Berlin", "Asia/Tokyo", "America/Los_Angeles")) {
            for (String asked : List.of("group=model", "group=vendor", "group=tenant", "group=role", "group=tag.team",
                    "group=model&tenant=search&tenant=support", "group=tag.team&vendor=openai")) {
                SpendOverview overview = ask(reports::overview,
                        "from=2026-10-20&to=2026-11-05&zone=" + zone + "&" + asked);
                for (int day = 0; day < overview.steps().size(); day++) {
                    LocalDate date = LocalDate.parse(overview.steps().get(day));
                    assertThat(overview.stepTotals().get(day).value()).as("%s %s %s", zone, asked, date)
                            .isEqualByComparingTo(sumOfRows(date.atStartOfDay(ZoneId.of(zone)).toInstant().toString(),
                                    date.plusDays(1).atStartOfDay(ZoneId.of(zone)).toInstant().toString(),
                                    asked.contains("tenant=search")
                                            ? "tenant IN ('search', 'support')"
                                            : asked.contains("vendor=") ? "vendor = 'openai'" : "1 = 1"));
                }
            }
        }
    }

    @Test
    void theOverviewsLinesAndStepsAreItsSpend() {
        for (String group : List.of("model", "vendor", "tag.team")) {
            SpendOverview overview = ask(reports::overview, MONTH + "&group=" + group);
            Amount lines = overview.lines().stream().map(SpendOverview.Line::sum).reduce(Amount.ZERO, Amount::plus);
            assertThat(lines.plus(overview.adjustments()).value()).as(group)
                    .isEqualByComparingTo(overview.figures().spend().value());
            assertThat(sum(overview.sheet(), "total")).as(group).isEqualByComparingTo(lines.value());
        }
    }

    @Test
    void unpricedIsCountedAndNeverZero() {
        long unpriced = rows.sql("SELECT COUNT(*) FROM attempt WHERE state <> 'OPEN' AND cost_pico IS NULL"
                + " AND started_us >= ? AND started_us < ?")
                .params(micros("2026-10-01T00:00:00Z"), micros("2026-11-01T00:00:00Z"))
                .query(Long.class)
                .single();
        assertThat(unpriced).isPositive();
        Statement statement = ask(reports::statement, MONTH);
        assertThat(statement.unpriced()).isEqualTo(unpriced);
        assertThat(statement.frame().trust().unpriced()).isEqualTo(unpriced);
        assertThat(statement.items()).filteredOn(item -> item.cost() == null)
                .isNotEmpty()
                .allMatch(
                        item -> item.shown() == null);
    }

    @Test
    void spendIsReconciledAsFarAsVendorsAgreedDayByDay() {
        String days = "from=2026-09-10&to=2026-09-12";
        assertThat(ask(reports::reconciled, days).share()).as("no vendor was asked").isNull();
        VendorCostRepository vendors = new VendorCostRepository(store);
        Instant now = Instant.parse("2026-09-13T06:00:00Z");
        LocalDate first = LocalDate.of(2026, 9, 10);
        BigDecimal agreed = vendorSpend(first);
        vendors.replace("openai", first, first, told(first), now);
        vendors.replace("openai", first.plusDays(1), first.plusDays(1), List.of(new VendorCost(first.plusDays(1), null,
                "all", null, null, null, Money.usd("12345.67"))), now);
        Reconciled reconciled = ask(reports::reconciled, days + "&vendor=openai");
        assertThat(reconciled.vendors()).singleElement().satisfies(openai -> {
            assertThat(openai.matched()).isEqualTo(1);
            assertThat(openai.differing()).isEqualTo(1);
            assertThat(openai.open()).isEqualTo(1);
            assertThat(openai.spend().value()).isEqualByComparingTo(
                    agreed.add(vendorSpend(first.plusDays(1))).add(vendorSpend(first.plusDays(2))));
        });
        assertThat(reconciled.confirmed().value()).isEqualByComparingTo(agreed);
        assertThat(reconciled.share()).isEqualTo(new Amount(agreed).shareOf(reconciled.spend()));
        assertThat(ask(reports::reconciled, days + "&vendor=google").share()).isEqualByComparingTo("0");
        assertThat(sum(ask(reports::reconciled, days).sheet(), "spend"))
                .isGreaterThan(reconciled.spend().value());
    }

    /** The vendor says just what the books say. */
    private List<VendorCost> told(LocalDate day) {
        return rows.sql(
                "SELECT model, bucket, SUM(cost_pico) AS cost FROM rollup_line WHERE vendor = 'openai' AND currency = 'USD'"
                        + " AND hour_us >= ? AND hour_us < ? GROUP BY model, bucket")
                .params(Micros.of(day.atStartOfDay(ZoneOffset.UTC).toInstant()),
                        Micros.of(day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant()))
                .query((row, number) -> new VendorCost(day, null, row.getString("bucket"),
                        row.getString("model").substring("openai/".length()), row.getString("bucket"), null,
                        new Money(Picos.toAmount(row.getLong("cost")), "USD")))
                .list();
    }

    private BigDecimal vendorSpend(LocalDate day) {
        return rows.sql("SELECT " + Picos.sum("cost_pico", "cost")
                + " FROM attempt WHERE vendor = 'openai' AND cost_pico IS NOT NULL AND started_us >= ? AND started_us < ?")
                .params(Micros.of(day.atStartOfDay(ZoneOffset.UTC).toInstant()),
                        Micros.of(day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant()))
                .query((row, number) -> Picos.sum(row, "cost"))
                .single();
    }

    @Test
    void whatOneAnswerCostsIsSpendOverAnswers() {
        Units units = ask(reports::units, MONTH);
        assertThat(Objects.requireNonNull(units.total().perAnswer()))
                .isEqualTo(units.total().spend().each(units.total().answered()));
        assertThat(sum(units.sheet(), "spend")).isEqualByComparingTo(units.total().spend().value());
        BigDecimal waste = units.waste()
                .stream()
                .filter(one -> !one.overhead())
                .map(one -> one.cost().value())
                .reduce(BigDecimal.ZERO, BigDecimal::add);
        assertThat(waste).isPositive().isLessThanOrEqualTo(units.total().wasted().value());
        assertThat(ask(reports::units, "from=2025-01-01&to=2025-01-02").total().perAnswer()).isNull();
    }

    @Test
    void questionsThatSumsCannotAnswerAreRefusedInPlainWords() {
        assertThatThrownBy(() -> ask(reports::changes, MONTH + "&tag.team=search-core"))
                .hasMessageContaining("by tag, only calls, tokens and money are kept");
        assertThatThrownBy(() -> ask(reports::changes, MONTH + "&compare=none"))
                .hasMessageContaining("a change is between two periods");
    }

    private BigDecimal calls(String query) {
        Chargeback report = ask(reports::chargeback, query);
        return report.total().spend().minus(report.total().adjustments()).value();
    }

    private BigDecimal sumOfRows(String from, String to) {
        return sumOfRows(from, to, "1 = 1");
    }

    private BigDecimal sumOfRows(String from, String to, String which) {
        return rows.sql("SELECT " + Picos.sum("cost_pico", "cost")
                + " FROM attempt WHERE cost_pico IS NOT NULL AND state <> 'OPEN' AND started_us >= ? AND started_us < ? AND "
                + which)
                .params(micros(from), micros(to))
                .query((row, number) -> Picos.sum(row, "cost"))
                .single();
    }

    private static long micros(String instant) {
        return Micros.of(Instant.parse(instant));
    }

    private static BigDecimal shown(List<String> amounts) {
        return amounts.stream().map(BigDecimal::new).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    /** Of a column, as a spreadsheet would add it up. */
    private static BigDecimal sum(Sheet sheet, String column) {
        int place = sheet.columns().indexOf(column);
        BigDecimal sum = BigDecimal.ZERO;
        for (List<@Nullable Object> row : sheet.rows()) {
            Object cell = row.get(place);
            sum = cell == null ? sum : sum.add((BigDecimal) cell);
        }
        return sum;
    }

    private static <T extends Report> T ask(Function<Map<String, List<String>>, T> report, String query) {
        Map<String, List<String>> given = new LinkedHashMap<>();
        for (String one : query.split("&", -1)) {
            String[] parts = one.split("=", 2);
            given.computeIfAbsent(parts[0], name -> new ArrayList<>()).add(parts[1]);
        }
        return report.apply(given);
    }
}
