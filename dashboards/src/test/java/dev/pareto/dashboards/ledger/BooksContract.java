package dev.pareto.dashboards.ledger;

import static dev.pareto.dashboards.ledger.Attempts.CLOSED;
import static dev.pareto.dashboards.ledger.Attempts.NOON;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pareto.dashboards.audit.ChargeLines;
import dev.pareto.dashboards.audit.LedgerCheck;
import dev.pareto.policies.price.Bill;
import dev.pareto.policies.price.Buckets;
import dev.pareto.policies.price.ChargeLine;
import dev.pareto.policies.price.Cost;
import dev.pareto.policies.price.CostSource;
import dev.pareto.policies.price.Money;
import dev.pareto.policies.price.PriceStatus;
import dev.pareto.policies.price.Usage;
import dev.pareto.policies.price.UsageSource;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What finance relies on, whatever the books are kept in. */
abstract class BooksContract extends LedgerContract {

    private static final LocalDate TODAY = LocalDate.of(2026, 11, 20);

    /** SQL that lets a test do what nobody may do. */
    abstract List<String> withoutGuards();

    @Test
    void aBillIsBookedInEverySense() {
        UUID id = settled(new Bill(Attempts.cost(100, 4), Attempts.cost(100, 1), Money.usd("0.0033"),
                CostSource.CONTRACT));

        Map<String, @Nullable Object> booked = attempt(id);
        assertThat(booked).containsEntry("cost_source", "vendor");
        assertThat(picos(booked, "list_pico")).isEqualTo(14_000_000_000L);
        assertThat(picos(booked, "contract_pico")).isEqualTo(3_500_000_000L);
        assertThat(picos(booked, "cost_pico")).isEqualTo(3_300_000_000L);
        assertThat(picos(booked, "reported_pico")).isEqualTo(3_300_000_000L);
        assertThat(row(id).lines()).extracting(line -> line.bucket() + " " + requireNonNull(line.cost()).plain())
                .containsExactly("input 0.0025", "output 0.001", "vendor_reported -0.0002");
        assertConsistent();
    }

    @Test
    void aVendorsWordInAnotherCurrencyStaysBeside() {
        UUID id = settled(new Bill(Attempts.cost(100, 1), Attempts.cost(100, 1),
                new Money(new BigDecimal("0.003"), "EUR"), CostSource.LIST));

        assertThat(attempt(id)).containsEntry("currency", "USD")
                .containsEntry("reported_currency", "EUR")
                .containsEntry("cost_source", "list");
        assertThat(plain(row(id))).isEqualTo("0.0035");
        assertConsistent();
    }

    @Test
    void anUnpricedAnswerThatTheVendorPricesIsBilledAtItsWord() {
        UUID id = settled(new Bill(Attempts.unpriced(), Attempts.unpriced(), Money.usd("0.5"), null));

        assertThat(plain(row(id))).isEqualTo("0.5");
        assertThat(attempt(id)).containsEntry("price_status", "PRICED");
        assertConsistent();
    }

    @Test
    void aCallWithOneBucketWithoutAPriceCostsNothingKnownInAnySum() throws SQLException {
        Cost halfPriced = new Cost(List.of(Attempts.line(Buckets.INPUT, 1_000, new BigDecimal("2.50")),
                Attempts.line(Buckets.OUTPUT, 100, new BigDecimal("10")),
                new ChargeLine("web_search", BigDecimal.TWO, null, null, null)), null, PriceStatus.MISSING,
                "openai/gpt-4o@2026-01-01");

        UUID id = settled(new Bill(Attempts.cost(100, 1), halfPriced, null, null));

        assertThat(attempt(id)).containsEntry("cost_source", "unpriced").containsEntry("cost_pico", null);
        assertThat(row(id).lines()).extracting(line -> line.bucket() + " " + line.cost())
                .contains("input null", "output null", "web_search null");
        assertThat(reads().sql("SELECT SUM(cost_pico) AS cost, SUM(contract_pico) AS contract, SUM(list_pico) AS list,"
                + " SUM(unpriced) AS unpriced FROM rollup_line WHERE bucket <> 'list'").query().singleRow())
                .satisfies(sums -> assertThat(List.of("cost", "contract", "list", "unpriced")
                        .stream()
                        .map(name -> picos(sums, name))).containsExactly(0L, 0L, 0L, 3L));
        assertThat(reads().sql("SELECT SUM(list_pico) FROM rollup_line").query(Long.class).single())
                .as("the list has a price for all of it")
                .isEqualTo(3_500_000_000L);
        assertConsistent();
        assertFound("is unpriced but has a priced line",
                "UPDATE charge_line SET cost_pico = 5 WHERE attempt_id = '" + id + "' AND bucket = 'input'",
                "UPDATE charge_line SET cost_pico = NULL WHERE attempt_id = '" + id + "' AND bucket = 'input'");
    }

    @Test
    void whatTheListKnowsOnlyInPartIsNoListCost() {
        Cost halfPriced = new Cost(List.of(Attempts.line(Buckets.INPUT, 1_000, new BigDecimal("2.50")),
                new ChargeLine("web_search", BigDecimal.TWO, null, null, null)), null, PriceStatus.MISSING,
                "openai/gpt-4o@2026-01-01");

        settled(new Bill(halfPriced, halfPriced, Money.usd("0.5"), null));

        assertThat(reads().sql("SELECT SUM(cost_pico) AS cost, SUM(contract_pico) AS contract, SUM(list_pico) AS list"
                + " FROM rollup_line").query().singleRow())
                .satisfies(
                        sums -> assertThat(List.of("cost", "contract", "list").stream().map(name -> picos(sums, name)))
                                .containsExactly(500_000_000_000L, 0L, 0L));
        assertConsistent();
    }

    @Test
    void sumsByTagAndByLineAreKept() {
        settled(Attempts.cost(100, 1));
        settled(Attempts.cost(300, 1));

        assertThat(reads().sql("SELECT * FROM rollup_tag").query().listOfRows()).singleElement()
                .satisfies(row -> {
                    assertThat(row).containsEntry("tag_key", "team").containsEntry("tag_value", "search");
                    assertThat(picos(row, "cost_pico")).isEqualTo(9_000_000_000L);
                    assertThat(picos(row, "requests")).isEqualTo(2);
                });
        assertThat(reads().sql("SELECT * FROM rollup_line WHERE bucket = 'output'").query().listOfRows())
                .singleElement()
                .satisfies(row -> {
                    assertThat(picos(row, "quantity")).isEqualTo(400);
                    assertThat(picos(row, "lines")).isEqualTo(2);
                    assertThat(row).containsEntry("unit_price", "10").containsEntry("per", "1000000");
                });
    }

    @Test
    void everyChargeLineIsExported() {
        settled(Attempts.cost(100, 1));
        ledger().book(credit("-0.0005")).join();

        List<Map<String, @Nullable Object>> lines = new ArrayList<>();
        new ChargeLines(store()).each(TODAY, TODAY, lines::add);

        assertThat(lines).extracting(line -> line.get("kind") + " " + line.get("bucket") + " " + line.get("cost"))
                .containsExactly("charge input 0.0025", "charge output 0.001", "adjustment null -0.0005");
    }

    @Test
    void anAdjustmentIsBookedOnceAndTakenBackOnce() {
        Adjustment credit = credit("-0.0005");
        assertThat(ledger().book(credit).join()).isTrue();
        assertThat(ledger().book(credit).join()).isFalse();
        assertThat(ledger().book(credit.reversed(ids.get(), "wrong account", "ada")).join()).isTrue();
        var again = ledger().book(credit.reversed(ids.get(), "once more", "ada"));

        assertThatThrownBy(again::join).hasCauseInstanceOf(IllegalStateException.class);
        assertThat(reads().sql("SELECT SUM(amount_pico) FROM adjustment").query(Long.class).single()).isZero();
        assertThat(new LedgerCheck(store()).check(null, null)).satisfies(outcome -> {
            assertThat(outcome.problems()).isEmpty();
            assertThat(outcome.adjustments()).isEqualTo(2);
            assertThat(outcome.chainEntries()).isEqualTo(2);
        });
    }

    @Test
    void aClosedMonthTakesNoMoreRowsAndItsCorrectionsAreNewOnes() {
        UUID late = ids.get();
        ledger().open(Attempts.open(late, CLOSED, NOON)).join();
        var month = YearMonth.of(2026, 11);
        assertFails(month, "is not over");
        now.set(Instant.parse("2026-12-01T00:00:01Z"));
        assertFails(month, "still under way");
        ledger().settle(Attempts.settled(late, NOON, 100)).join();

        FrozenMonth frozen = ledger().freeze(month, "ada").join();

        assertThat(frozen.totals()).containsExactly(Money.usd("0.0035"));
        assertFails(month, "was closed by ada");
        UUID tooLate = ids.get();
        var opened = ledger().open(Attempts.open(tooLate, CLOSED, NOON));
        assertThatThrownBy(opened::join).hasMessageContaining("the month is closed");
        assertThat(ledger().book(credit("-0.001")).join()).isTrue();
        assertThat(reads().sql("SELECT booked_us FROM adjustment").query(Long.class).single())
                .isEqualTo(Duration.between(Instant.EPOCH, now.get()).toSeconds() * 1_000_000);
        assertConsistent();
    }

    @Test
    void theChainGoesOnOverDaysAndRestarts() {
        for (int day = 0; day < 3; day++) {
            now.set(NOON.plus(Duration.ofDays(day)));
            settled(Attempts.cost(100 + day, 1));
            settled(Attempts.cost(200 + day, 1));
        }
        // a clock that was set back stays on the day that has begun
        now.set(NOON);
        settled(Attempts.cost(5, 1));

        assertThat(reads().sql("SELECT entries FROM ledger_day ORDER BY day").query(Long.class).list())
                .containsExactly(2L, 2L, 3L);
        assertConsistent();
        assertThat(new LedgerCheck(store()).check(TODAY.plusDays(1), TODAY.plusDays(1)).chainEntries()).isEqualTo(2);
    }

    @Test
    void theDatabaseItselfRefusesToChangeWhatIsBooked() throws SQLException {
        settled(Attempts.cost(100, 1));
        ledger().book(credit("-1")).join();
        for (String sql : List.of("UPDATE attempt SET cost_pico = 0", "DELETE FROM attempt",
                "UPDATE charge_line SET cost_pico = 0", "DELETE FROM charge_line", "DELETE FROM adjustment",
                "UPDATE ledger_entry SET ref = ''", "DELETE FROM ledger_entry")) {
            assertThatThrownBy(() -> execute(List.of(sql))).as(sql).isInstanceOf(SQLException.class);
        }
        assertConsistent();
    }

    @Test
    void whatWasChangedBehindTheLedgersBackIsFound() throws SQLException {
        UUID id = settled(Attempts.cost(100, 1));
        settled(Attempts.cost(200, 1));
        assertFound("it was changed after it was booked",
                "UPDATE attempt SET tenant = 'other' WHERE attempt_id = '" + id + "'",
                "UPDATE attempt SET tenant = 'acme' WHERE attempt_id = '" + id + "'");
        assertFound("charge lines do not add up",
                "UPDATE charge_line SET cost_pico = cost_pico - 1 WHERE attempt_id = '" + id + "' AND line_no = 1",
                "UPDATE charge_line SET cost_pico = cost_pico + 1 WHERE attempt_id = '" + id + "' AND line_no = 1");
        for (String sums : List.of("rollup_hour", "rollup_day", "rollup_model_day", "rollup_place", "rollup_place_day",
                "rollup_tag", "rollup_tag_day", "rollup_tag_value_day", "rollup_line", "rollup_line_day",
                "rollup_price_day")) {
            assertFound("do not bear out this sum", "UPDATE " + sums + " SET cost_pico = cost_pico + 1",
                    "UPDATE " + sums + " SET cost_pico = cost_pico - 1");
        }
        assertFound("do not bear out this sum", "UPDATE rollup_model SET input_tokens = input_tokens + 1",
                "UPDATE rollup_model SET input_tokens = input_tokens - 1");
        assertFound("names no price version",
                "UPDATE attempt SET price_version = NULL WHERE attempt_id = '" + id + "'",
                "UPDATE attempt SET price_version = 'openai/gpt-4o@2026-01-01' WHERE attempt_id = '" + id + "'");
        assertFound("which is gone", "DELETE FROM attempt WHERE attempt_id = '" + id + "'", "SELECT 1");
    }

    @Test
    void tokensOfEveryKindAreKept() {
        UUID id = ids.get();
        var quantities = new TreeMap<>(Map.of(Buckets.INPUT, BigDecimal.valueOf(10), Buckets.CACHE_READ,
                BigDecimal.valueOf(20), Buckets.CACHE_WRITE_5M, BigDecimal.valueOf(30), Buckets.OUTPUT,
                BigDecimal.valueOf(40)));
        var information = new TreeMap<>(Map.of(Usage.REASONING_TOKENS, BigDecimal.valueOf(15)));
        ledger().open(Attempts.open(id, CLOSED, NOON)).join();
        ledger().settle(new Settlement(id, AttemptState.SETTLED, null, NOON.plusSeconds(1), 200, "stop", "gpt-4o",
                new Service("flex", "us"), new Usage(quantities, information, true), UsageSource.VENDOR, "{}",
                new Bill(Attempts.cost(1, 1), Attempts.cost(1, 1), null, CostSource.LIST), null, null, null, null))
                .join();

        Map<String, @Nullable Object> booked = attempt(id);
        assertThat(List.of("input_tokens", "cache_read_tokens", "cache_write_tokens", "output_tokens",
                "reasoning_tokens", "inconsistent").stream().map(name -> picos(booked, name)))
                .containsExactly(60L, 20L, 30L, 40L, 15L, 1L);
        assertThat(booked).containsEntry("served_tier", "flex").containsEntry("region", "us");
        assertConsistent();
    }

    final UUID settled(Cost cost) {
        return settled(new Bill(cost, cost, null, cost.total() == null ? null : CostSource.LIST));
    }

    final UUID settled(Bill bill) {
        UUID id = ids.get();
        ledger().open(Attempts.open(id, CLOSED, NOON)).join();
        ledger().settle(new Settlement(id, AttemptState.SETTLED, null, NOON.plusSeconds(1), 200, "stop", "gpt-4o",
                Service.PLAIN, Usage.ofTokens(1_000, 100), UsageSource.VENDOR, "{}", bill, Attempts.cost(100, 4),
                null, null, null)).join();
        return id;
    }

    private Adjustment credit(String amount) {
        return new Adjustment(ids.get(), Adjustment.Kind.CREDIT, TODAY, null, null, "INV-7", "acme", "", "", "openai",
                null, null, null, Money.usd(amount), "goodwill", "ada");
    }

    private void assertFails(YearMonth month, String why) {
        var frozen = ledger().freeze(month, "ada");
        assertThatThrownBy(frozen::join).hasCauseInstanceOf(IllegalStateException.class).hasMessageContaining(why);
    }

    private void assertFound(String words, String change, String back) throws SQLException {
        executeUnguarded(change);
        assertThat(new LedgerCheck(store()).check(null, null).problems()).anyMatch(found -> found.contains(words));
        executeUnguarded(back);
    }

    private void executeUnguarded(String sql) throws SQLException {
        List<String> statements = new ArrayList<>(withoutGuards());
        statements.add(sql);
        execute(statements);
    }

    private void execute(List<String> statements) throws SQLException {
        try (Connection connection = store().connect(); Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private Map<String, @Nullable Object> attempt(UUID id) {
        return reads().sql("SELECT * FROM attempt WHERE attempt_id = ?").param(id.toString()).query().singleRow();
    }

    private static long picos(Map<String, ? extends @Nullable Object> row, String column) {
        return new BigDecimal(requireNonNull(row.get(column)).toString()).longValueExact();
    }
}
