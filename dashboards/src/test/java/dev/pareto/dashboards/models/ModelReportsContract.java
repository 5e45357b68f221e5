package dev.pareto.dashboards.models;

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
import dev.pareto.dashboards.testing.books.MachineBooks;
import dev.pareto.policies.price.EmbeddedPrices;
import dev.pareto.policies.price.PriceBook;
import dev.pareto.policies.price.PriceVersion;
import dev.pareto.policies.price.UnitPrice;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What finance relies on: table = CSV = the rows of the ledger, whatever the books are kept in. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ModelReportsContract {

    private static final String MONTH = "from=2026-10-25&to=2026-11-21";
    private static final Instant FROM = Instant.parse("2026-10-25T00:00:00Z");
    private static final Instant TO = Instant.parse("2026-11-22T00:00:00Z");
    private static final int MACHINE_DAYS = 9;

    private Store store;
    private ModelReports reports;
    private JdbcClient rows;
    private PriceBook prices;

    /** An empty one. */
    abstract Store newStore();

    @BeforeAll
    void fill() throws SQLException {
        store = newStore();
        BooksGenerator.fill(store, BooksPlan.small());
        MachineBooks.fill(store, TO.minus(Duration.ofDays(MACHINE_DAYS)), MACHINE_DAYS, 3);
        rows = JdbcClient.create(store.reads());
        prices = BooksGenerator.prices(BooksPlan.small())
                .with(MachineBooks.MODELS.stream()
                        .map(model -> EmbeddedPrices.byTheHour(model.toString(), MachineBooks.RATE))
                        .toList());
        Surroundings known = new Surroundings(prices, UnaryOperator.identity(),
                List.of(new Surroundings.Served("openai/gpt-5.4", "openai", false),
                        new Surroundings.Served("openai/unused", "openai", false)),
                List.of(new Surroundings.Machine(MachineBooks.VENDOR, false, MachineBooks.RATE)), List.of(),
                List.of());
        reports = new ModelReports(store, () -> Instant.parse("2026-11-22T20:15:00Z"), "USD", () -> known);
    }

    @AfterAll
    void close() {
        store.close();
    }

    @Test
    void everyModelsSpendIsThatOfItsCalls() {
        ModelPrices report = ask(reports::models, MONTH);
        Map<String, BigDecimal> booked = new LinkedHashMap<>();
        rows.sql("SELECT model, " + Picos.sum("cost_pico", "cost") + " FROM attempt WHERE cost_pico IS NOT NULL"
                + " AND state <> 'OPEN' AND started_us >= ? AND started_us < ? GROUP BY model")
                .params(Micros.of(FROM), Micros.of(TO))
                .query(row -> {
                    booked.put(row.getString("model"), Picos.sum(row, "cost"));
                });
        assertThat(booked).hasSizeGreaterThan(20);
        booked.forEach((model, spend) -> assertThat(row(report, model).use().spend().value()).as(model)
                .isEqualByComparingTo(spend));
        BigDecimal sum = booked.values().stream().reduce(BigDecimal.ZERO, BigDecimal::add);
        assertThat(report.total().spend().value()).isEqualByComparingTo(sum);
        assertThat(sum(report.sheet(), "spend")).isEqualByComparingTo(sum);
        assertThat(report.sheet().rows()).hasSameSizeAs(report.rows());
    }

    @Test
    void everyDayOfAModelInAnotherTimeZoneIsItsHours() {
        String model = "anthropic/claude-sonnet-4-6";
        for (String zone : List.of("Europe/Berlin", "Asia/Tokyo", "America/Los_Angeles")) {
            ModelPrices report = ask(reports::models,
                    "from=2026-10-27&to=2026-11-07&of=" + model + "&zone=" + zone);
            List<ModelPrices.Point> series = Objects.requireNonNull(report.opened()).series();
            assertThat(series).hasSize(12);
            for (int day = 0; day < series.size(); day++) {
                ZonedDateTime midnight = LocalDate.of(2026, 10, 27).plusDays(day).atStartOfDay(ZoneId.of(zone));
                assertThat(series.get(day).spend().value()).as("%s %s", zone, midnight)
                        .isEqualByComparingTo(rows.sql("SELECT " + Picos.sum("cost_pico", "cost")
                                + " FROM attempt WHERE cost_pico IS NOT NULL AND state <> 'OPEN' AND model = ?"
                                + " AND started_us >= ? AND started_us < ?")
                                .params(model, Micros.of(midnight.toInstant()),
                                        Micros.of(midnight.plusDays(1).toInstant()))
                                .query((row, number) -> Picos.sum(row, "cost"))
                                .single());
            }
        }
    }

    @Test
    void callsSuccessAndLatencyAreThoseOfTheRows() {
        ModelPrices report = ask(reports::models, MONTH);
        String model = report.rows().getFirst().model();
        ModelPrices.Row row = report.rows().getFirst();
        long settled = count("model = ? AND state = 'SETTLED'", model);
        long bad = count("model = ? AND state IN ('FAILED', 'EXPIRED') AND COALESCE(http_status, 0) <> 400", model);
        assertThat(row.use().calls()).isEqualTo(count("model = ? AND state <> 'OPEN'", model));
        assertThat(row.use().success()).isEqualByComparingTo(Bought.share(BigDecimal.valueOf(settled),
                BigDecimal.valueOf(settled + bad)));
        assertThat(Objects.requireNonNull(row.p50Millis())).isPositive()
                .isLessThanOrEqualTo(Objects.requireNonNull(row.p95Millis()));
    }

    @Test
    void aModelWithoutAPriceIsSaidSoAndNotFree() {
        ModelPrices.Row row = row(ask(reports::models, MONTH), "nova/preview-2");
        assertThat(row.price()).isNull();
        assertThat(row.use().unpriced()).isPositive()
                .isEqualTo(count("cost_pico IS NULL AND state <> 'OPEN' AND model = ?", "nova/preview-2"));
        assertThat(row.use().perMillion()).isNull();
        assertThat(row.findings()).extracting(ModelPrices.Note::message)
                .anyMatch(message -> message.contains("calls have no price"))
                .anyMatch(message -> message.contains("no price of nova/preview-2 is in force"));
        assertThat(row(ask(reports::models, MONTH), "openai/unused").use().calls()).isZero();
    }

    @Test
    void whatWasPaidForAMillionTokensIsSpendOverTokens() {
        ModelPrices report = ask(reports::models, MONTH + "&of=anthropic/claude-sonnet-4-6");
        ModelPrices.Opened opened = Objects.requireNonNull(report.opened());
        BigDecimal cost = BigDecimal.ZERO;
        BigDecimal tokens = BigDecimal.ZERO;
        for (ModelPrices.Line line : opened.bought()) {
            Amount its = line.cost();
            if (line.unitPrice() != null && its != null) {
                cost = cost.add(its.value());
                tokens = tokens.add(line.quantity());
            }
        }
        Amount paid = row(report, "anthropic/claude-sonnet-4-6").use().perMillion();
        assertThat(Objects.requireNonNull(paid).value())
                .isEqualByComparingTo(cost.multiply(UnitPrice.MILLION).divide(tokens, 12, RoundingMode.HALF_EVEN));
        assertThat(opened.history()).isNotEmpty();
        assertThat(
                opened.series().stream().map(point -> point.spend().value()).reduce(BigDecimal.ZERO, BigDecimal::add))
                .isEqualByComparingTo(row(report, "anthropic/claude-sonnet-4-6").use().spend().value());
        ModelPrices.Use machine = row(report, MachineBooks.MODELS.getFirst().toString()).use();
        assertThat(machine.perMillionIn()).as("a machine's time buys prompts and answers alike").isNull();
        assertThat(Objects.requireNonNull(machine.perMillion()).value()).isEqualByComparingTo(machine.spend()
                .value()
                .multiply(UnitPrice.MILLION)
                .divide(BigDecimal.valueOf(machine.inputTokens() + machine.outputTokens()), 12,
                        RoundingMode.HALF_EVEN));
        assertThat(row(report, "anthropic/claude-sonnet-4-6").list()).as("its price is a contract's").isNotNull();
    }

    @Test
    void anotherModelsPriceIsLaidOnEachBucketExactly() {
        ModelPrices report = ask(reports::models,
                MONTH + "&of=anthropic/claude-sonnet-4-6&instead=openai/gpt-4o-mini");
        ModelPrices.WhatIf whatIf = Objects.requireNonNull(Objects.requireNonNull(report.opened()).whatIf());
        PriceVersion there = prices.at("openai/gpt-4o-mini", PriceVersion.STANDARD, TO).orElseThrow();
        assertThat(whatIf.version()).isEqualTo(there.id());
        BigDecimal sum = BigDecimal.ZERO;
        for (ModelPrices.Moved line : whatIf.lines()) {
            UnitPrice price = Objects.requireNonNull(there.bands().getFirst().prices().get(line.as()));
            BigDecimal quantity = quantity("anthropic/claude-sonnet-4-6", line.bucket());
            assertThat(line.quantity()).as(line.bucket()).isEqualByComparingTo(quantity);
            sum = sum.add(quantity.multiply(price.price()).divide(price.per(), 12, RoundingMode.HALF_EVEN));
        }
        assertThat(Objects.requireNonNull(whatIf.would()).value()).isEqualByComparingTo(sum);
        assertThat(Objects.requireNonNull(whatIf.difference())).isEqualTo(whatIf.would().minus(whatIf.paid()));
        assertThat(whatIf.paid().plus(whatIf.leftOut())).isEqualTo(row(report, "anthropic/claude-sonnet-4-6").use()
                .spend());
    }

    @Test
    void whatCachesSavedIsTheSumOverTheirChargeLines() {
        Caches report = ask(reports::cache, MONTH);
        BigDecimal[] saved = {BigDecimal.ZERO, BigDecimal.ZERO};
        for (Line line : lines()) {
            if (!line.bucket.startsWith("cache_")) {
                continue;
            }
            PriceVersion version = prices.version(line.version).orElseThrow();
            UnitPrice fresh = version.bands()
                    .stream()
                    .filter(band -> band.prices().containsKey(line.bucket)
                            && band.prices().get(line.bucket).price().compareTo(line.price) == 0)
                    .map(band -> Objects.requireNonNull(band.prices().get("input")))
                    .findFirst()
                    .orElseThrow();
            BigDecimal less = line.quantity.multiply(fresh.price())
                    .divide(fresh.per(), 12, RoundingMode.UNNECESSARY)
                    .subtract(line.cost);
            int place = line.bucket.startsWith("cache_read") ? 0 : 1;
            saved[place] = place == 0 ? saved[0].add(less) : saved[1].subtract(less);
        }
        assertThat(saved[0]).isPositive();
        assertThat(saved[1]).isPositive();
        assertThat(report.total().unknown()).isZero();
        assertThat(report.total().saved().value()).isEqualByComparingTo(saved[0]);
        assertThat(report.total().extra().value()).isEqualByComparingTo(saved[1]);
        for (String group : List.of("model", "route", "tenant", "vendor", "role")) {
            Caches parts = ask(reports::cache, MONTH + "&group=" + group);
            assertThat(sum(parts.sheet(), "net")).as(group).isEqualByComparingTo(saved[0].subtract(saved[1]));
            assertThat(
                    parts.series().stream().map(point -> point.net().value()).reduce(BigDecimal.ZERO, BigDecimal::add))
                    .as(group)
                    .isEqualByComparingTo(parts.total().net().value());
        }
    }

    @Test
    void answersGivenAgainAreTheRowsOfTheCache() {
        Caches.Answers answers = ask(reports::cache, MONTH).answers();
        assertThat(answers.hits()).isPositive().isEqualTo(count("role = ? AND state <> 'OPEN'", "CACHE_HIT"));
        BigDecimal spared = rows.sql("SELECT " + Picos.sum("baseline_pico", "cost")
                + " FROM attempt WHERE role = 'CACHE_HIT' AND baseline_pico IS NOT NULL AND started_us >= ? AND started_us < ?")
                .params(Micros.of(FROM), Micros.of(TO))
                .query((row, number) -> Picos.sum(row, "cost"))
                .single();
        assertThat(answers.avoided().value()).isEqualByComparingTo(spared).isPositive();
    }

    @Test
    void longPromptsThatNoCacheKnewAreListedByWhatATenthWouldSave() {
        List<Caches.Offender> offenders = ask(reports::cache, MONTH).offenders();
        assertThat(offenders).isNotEmpty().allSatisfy(one -> {
            assertThat(one.promptPerCall()).isGreaterThanOrEqualTo(1_024);
            assertThat(Objects.requireNonNull(one.hitRatio())).isLessThan(new BigDecimal("0.5"));
            BigDecimal less = one.freshPrice().value().subtract(one.readPrice().value());
            assertThat(one.tenth().value()).isEqualByComparingTo(one.fresh()
                    .movePointLeft(7)
                    .multiply(less)
                    .setScale(12, RoundingMode.HALF_EVEN));
        });
        assertThat(offenders).isSortedAccordingTo(
                Comparator.comparing((Caches.Offender one) -> one.tenth().value()).reversed());
    }

    @Test
    void aMachinesHoursAreChargedOrIdleAndNothingIsLost() {
        Capacity report = ask(reports::capacity, MONTH);
        Capacity.Machine machine = report.machines().getFirst();
        assertThat(machine.vendor()).isEqualTo(MachineBooks.VENDOR);
        Capacity.Total use = machine.use();
        BigDecimal hours = BigDecimal.valueOf(MACHINE_DAYS * 24L);
        assertThat(use.usedSeconds().add(use.idleSeconds()))
                .isEqualByComparingTo(hours.multiply(BigDecimal.valueOf(3_600)));
        BigDecimal whole = MachineBooks.RATE.amount().multiply(hours);
        assertThat(use.whole().value().subtract(whole).abs()).as("rounding of each call and hour alone")
                .isLessThan(new BigDecimal("0.00000001"));
        assertThat(sum(report.sheet(), "whole")).isEqualByComparingTo(report.total().whole().value());
        BigDecimal charged = rows.sql("SELECT " + Picos.sum("cost_pico", "cost") + " FROM attempt WHERE vendor = ?")
                .param(MachineBooks.VENDOR)
                .query((row, number) -> Picos.sum(row, "cost"))
                .single();
        assertThat(use.charged().value()).isEqualByComparingTo(charged);
        BigDecimal idle = rows
                .sql("SELECT " + Picos.sum("amount_pico", "cost") + " FROM adjustment WHERE kind = 'IDLE'")
                .query((row, number) -> Picos.sum(row, "cost"))
                .single();
        assertThat(use.idle().value()).isEqualByComparingTo(idle);
        assertThat(report.series().stream().map(point -> point.idle().value()).reduce(BigDecimal.ZERO, BigDecimal::add))
                .isEqualByComparingTo(idle);
        assertThat(report.week()).hasSize(168);
        assertThat(report.week().stream().map(Capacity.Cell::usedSeconds).reduce(BigDecimal.ZERO, BigDecimal::add))
                .isEqualByComparingTo(use.usedSeconds());
        assertThat(Objects.requireNonNull(report.week().get(10).utilisation())).as("Monday at ten")
                .isGreaterThan(Objects.requireNonNull(report.week().get(3).utilisation()));
    }

    @Test
    void machinesPayFromTheShareOfTimeAtWhichTheirTokensCostWhatTheyWouldElsewhere() {
        Capacity report = ask(reports::capacity, MONTH + "&against=openai/gpt-4o-mini");
        Capacity.Total use = report.total();
        UnitPrice input = price("openai/gpt-4o-mini", "input");
        BigDecimal bought = Objects.requireNonNull(use.bought()).value();
        assertThat(bought).isPositive()
                .isLessThan(use.inputTokens()
                        .add(use.outputTokens())
                        .multiply(price("openai/gpt-4o-mini", "output").price())
                        .divide(input.per(), 12, RoundingMode.HALF_EVEN));
        assertThat(use.breakEven()).isEqualByComparingTo(use.charged()
                .value()
                .divide(bought, 4,
                        RoundingMode.HALF_EVEN));
        assertThat(Objects.requireNonNull(use.gain()).value())
                .isEqualByComparingTo(bought.subtract(use.whole().value()));
        assertThat(report.against()).isEqualTo("openai/gpt-4o-mini");
        assertThat(ask(reports::capacity, MONTH + "&vendor=openai").machines())
                .as("a filter by vendor holds for machines")
                .isEmpty();
    }

    @Test
    void refusalsOfVendorsAreCountedAsTheyAreInTheRows() {
        List<Capacity.Limit> limits = ask(reports::capacity, MONTH).limits();
        long busy = count("http_status = ?", 429);
        assertThat(busy).isPositive();
        assertThat(limits.stream().mapToLong(Capacity.Limit::busy).sum()).isEqualTo(busy);
        assertThat(limits.stream().mapToLong(Capacity.Limit::retries).sum()).isEqualTo(count("role = ?", "RETRY"));
        Capacity.Limit first = limits.getFirst();
        assertThat(first.busy()).isEqualTo(count("http_status = 429 AND model = ?", first.model()));
        assertThat(first.busiestCalls()).isPositive().isLessThanOrEqualTo(first.calls());
        assertThat(ask(reports::capacity, MONTH + "&tenant=nobody").limits()).isEmpty();
    }

    @Test
    void anEmptyPeriodHasNothingAndNoZeroThatMeansUnknown() {
        String empty = "from=2025-01-01&to=2025-01-02";
        assertThat(ask(reports::models, empty).total().perMillion()).isNull();
        assertThat(ask(reports::cache, empty).total().hitRatio()).isNull();
        Capacity capacity = ask(reports::capacity, empty);
        assertThat(capacity.total().utilisation()).isNull();
        assertThat(capacity.total().perMillion()).isNull();
        assertThat(capacity.against()).isNull();
        assertThat(capacity.limits()).isEmpty();
    }

    @Test
    void wrongQuestionsAreRefusedInPlainWords() {
        assertThatThrownBy(() -> ask(reports::models, MONTH + "&instead=openai/gpt-4o-mini"))
                .hasMessageContaining("state of= as well");
        assertThatThrownBy(() -> ask(reports::models, MONTH + "&of=gpt-4o"))
                .hasMessageContaining("such as openai/gpt-4o");
        assertThatThrownBy(() -> ask(reports::models, MONTH + "&of=nobody/knows"))
                .hasMessageContaining("there is no model 'nobody/knows'");
        assertThatThrownBy(() -> ask(reports::models, MONTH + "&of=openai/gpt-4o&instead=nobody/knows"))
                .hasMessageContaining("no price of 'nobody/knows' is in force");
        assertThatThrownBy(() -> ask(reports::capacity, MONTH + "&against=nova/preview-2"))
                .hasMessageContaining("no price of 'nova/preview-2'");
        assertThatThrownBy(() -> ask(reports::models, MONTH + "&tag.team=search-core"))
                .hasMessageContaining("by tag, only calls, tokens and money are kept");
        assertThatThrownBy(() -> ask(reports::cache, MONTH + "&group=tag.team")).hasMessageContaining("by tag, only");
        assertThatThrownBy(() -> ask(reports::capacity, MONTH + "&tag.team=search-core"))
                .hasMessageContaining("by tag, only");
        assertThatThrownBy(() -> ask(reports::cache, MONTH + "&of=openai/gpt-4o")).hasMessageContaining("of");
    }

    private UnitPrice price(String sku, String bucket) {
        return Objects.requireNonNull(prices.at(sku, PriceVersion.STANDARD, TO)
                .orElseThrow()
                .bands()
                .getFirst()
                .prices()
                .get(bucket));
    }

    private static ModelPrices.Row row(ModelPrices report, String model) {
        return report.rows().stream().filter(row -> row.model().equals(model)).findFirst().orElseThrow();
    }

    /** Of the period's calls. */
    private long count(String condition, Object value) {
        return rows.sql("SELECT COUNT(*) FROM attempt WHERE " + condition + " AND started_us >= ? AND started_us < ?")
                .params(value, Micros.of(FROM), Micros.of(TO))
                .query(Long.class)
                .single();
    }

    /** A charge line that has a price. */
    private record Line(String model, String bucket, BigDecimal quantity, BigDecimal price, String version,
            BigDecimal cost) {}

    private List<Line> lines() {
        return rows.sql(
                "SELECT a.model, l.bucket, l.quantity, l.unit_price, l.price_version, l.cost_pico FROM charge_line l"
                        + " JOIN attempt a ON a.attempt_id = l.attempt_id WHERE a.state <> 'OPEN' AND l.unit_price IS NOT NULL"
                        + " AND l.cost_pico IS NOT NULL AND a.started_us >= ? AND a.started_us < ?")
                .params(Micros.of(FROM), Micros.of(TO))
                .query((row, number) -> new Line(row.getString(1), row.getString(2), new BigDecimal(row.getString(3)),
                        new BigDecimal(row.getString(4)), row.getString(5), Picos.toAmount(row.getLong(6))))
                .list();
    }

    private BigDecimal quantity(String model, String bucket) {
        return lines().stream()
                .filter(line -> line.model.equals(model) && line.bucket.equals(bucket))
                .map(Line::quantity)
                .reduce(BigDecimal.ZERO, BigDecimal::add);
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
