package dev.pareto.dashboards.budget;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pareto.dashboards.ledger.AttemptState;
import dev.pareto.dashboards.ledger.Attempts;
import dev.pareto.dashboards.ledger.JdbcLedger;
import dev.pareto.dashboards.ledger.LedgerSettings;
import dev.pareto.dashboards.ledger.UuidV7;
import dev.pareto.dashboards.report.Amount;
import dev.pareto.dashboards.store.Store;
import dev.pareto.policies.budget.BudgetPeriod;
import dev.pareto.policies.budget.BudgetPeriod.Every;
import dev.pareto.policies.budget.BudgetPlan;
import dev.pareto.policies.budget.BudgetScope;
import dev.pareto.policies.budget.WhenUsedUp;
import dev.pareto.policies.price.Money;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What the ledger tells of budgets, whatever it is kept in. A call of a thousand tokens each way costs 0.0125 USD. */
abstract class BudgetContract {

    private static final Instant NOW = Attempts.NOON.plus(Duration.ofMinutes(40));
    private static final String EACH = "0.0125";

    private final UuidV7 ids = Attempts.ids(5);
    private @Nullable Store store;
    private @Nullable JdbcLedger ledger;

    abstract Store open();

    @BeforeEach
    void openBooks() {
        store = open();
        ledger = new JdbcLedger(store(), LedgerSettings.defaults(), () -> NOW, System::nanoTime);
    }

    @AfterEach
    void closeBooks() {
        ledger().close();
        store().close();
    }

    @Test
    void whatAGatewayDoesNotCountItselfIsReadToTheMicrosecond() {
        Instant since = Attempts.NOON.plus(Duration.ofMinutes(30));
        settle(Attempts.NOON.minus(Duration.ofHours(12)));
        settle(Attempts.NOON.minus(Duration.ofHours(12)).minusNanos(1_000));
        settle(Attempts.NOON.minus(Duration.ofHours(2)));
        settle(since.minusNanos(1_000));
        settle(since);
        ledger().open(Attempts.open(ids.get(), Attempts.CLOSED, since.minusSeconds(1))).join();
        ledger().open(Attempts.open(ids.get(), Attempts.CLOSED, since.plusSeconds(1))).join();

        BudgetPlan today = plan(new BudgetScope(Map.of("tag.team", List.of("search"))), Every.DAY);
        Taken mine = beside(today, ledger().replica(), since);
        assertThat(mine.spent()).as("since midnight, and before it counted").isEqualByComparingTo(times(3));
        assertThat(mine.open()).isEqualTo(1);
        assertThat(mine.reserved()).isEqualByComparingTo("0.05");

        Taken others = beside(today, "another", since);
        assertThat(others.spent()).as("all of them are others'").isEqualByComparingTo(times(4));
        assertThat(others.open()).isEqualTo(2);
    }

    @Test
    void whatWasUnderWayWhenAGatewayTookOverIsCountedOnceItCloses() {
        Instant since = Attempts.NOON.plus(Duration.ofMinutes(30));
        BudgetBooks books = new BudgetBooks(store());
        settle(since.minusSeconds(2));
        UUID underWay = ids.get();
        ledger().open(Attempts.open(underWay, Attempts.CLOSED, since.minusSeconds(1))).join();
        assertThat(mine(books, since, NOW).spent()).isEqualByComparingTo(times(1));

        close(underWay, since);
        assertThat(mine(books, since, NOW).spent()).isEqualByComparingTo(times(2));
        assertThat(mine(books, since, NOW).spent()).as("kept").isEqualByComparingTo(times(2));
    }

    @Test
    void whatWasClosedBeforeAGatewayTookOverIsNotReadAgain() {
        Instant since = Attempts.NOON.plus(Duration.ofMinutes(30));
        BudgetBooks books = new BudgetBooks(store());
        settle(since.minusSeconds(3));
        assertThat(mine(books, since, since.plusSeconds(30)).spent()).isEqualByComparingTo(times(1));
        settle(since.minusSeconds(2));
        assertThat(mine(books, since, NOW).spent()).as("an opening may be on its way for a minute")
                .isEqualByComparingTo(times(2));
        settle(since.minusSeconds(1));
        assertThat(mine(books, since, NOW).spent()).as("no call begins in the past").isEqualByComparingTo(times(2));
    }

    @Test
    void everyScopeFindsItsCallsAndNoOthers() {
        settle(Attempts.NOON);
        for (Map<String, List<String>> mine : List.<Map<String, List<String>>>of(Map.of(),
                Map.of("tenant", List.of("acme")),
                Map.of("route", List.of("other", "support")), Map.of("model", List.of("openai/gpt-4o")),
                Map.of("vendor", List.of("openai")),
                Map.of("tag.team", List.of("search"), "route", List.of("support")))) {
            assertThat(beside(plan(new BudgetScope(mine), Every.MONTH), "another", NOW).spent()).as(mine.toString())
                    .isEqualByComparingTo(EACH);
        }
        for (Map<String, List<String>> notMine : List.<Map<String, List<String>>>of(Map.of("tenant", List.of("x")),
                Map.of("tag.team", List.of("ads")), Map.of("tag.team", List.of("search"), "route", List.of("x")))) {
            assertThat(beside(plan(new BudgetScope(notMine), Every.TOTAL), "another", NOW).spent())
                    .as(notMine.toString())
                    .isEqualByComparingTo("0");
        }
    }

    @Test
    void whatWasGrantedCanNeitherBeChangedNorTakenBack() {
        BudgetRepository repository = new BudgetRepository(store());
        TopUp grant = new TopUp("one", "team", Money.usd("50"), "launch", "Ann", NOW, NOW.plusSeconds(60));
        repository.grant(grant);

        assertThat(repository.grantedSince(Instant.EPOCH, 10)).containsExactly(grant);
        JdbcClient writes = JdbcClient.create(store().writes());
        assertThatThrownBy(() -> writes.sql("UPDATE budget_top_up SET amount_pico = 1").update())
                .hasMessageContaining("never changes");
        assertThatThrownBy(() -> writes.sql("DELETE FROM budget_top_up").update()).isInstanceOf(RuntimeException.class);
    }

    @Test
    void aThresholdIsWrittenDownOnceAndSentByOne() {
        BudgetRepository repository = new BudgetRepository(store());
        BudgetAlert alert = new BudgetAlert("team", Attempts.NOON, new BigDecimal("0.8"), NOW,
                Amount.of("80.000000000001"),
                Amount.of("100"), NOW, 0, null, "to be sent");
        assertThat(repository.reached(alert)).isTrue();
        assertThat(repository.reached(alert)).isFalse();

        BudgetAlert due = repository.due(NOW).getFirst();
        assertThat(due.spent()).isEqualTo(Amount.of("80.000000000001"));
        assertThat(repository.claim(due, NOW.plusSeconds(30))).isTrue();
        assertThat(repository.claim(due, NOW.plusSeconds(30))).as("by a second gateway").isFalse();
        repository.tried(due, NOW, "sent");
        assertThat(repository.due(NOW.plusSeconds(60))).isEmpty();
        assertThat(repository.newest(5).getFirst().delivered()).isEqualTo(NOW);
    }

    @Test
    void aBurnDownAddsUpAndTellsTheDayOnWhichItRunsOut() {
        for (int day = 40; day >= 0; day--) {
            for (int call = 0; call < 4; call++) {
                settle(Attempts.NOON.minus(Duration.ofDays(day)).plusSeconds(call));
            }
        }
        BudgetPlan month = plan(BudgetScope.ALL, Every.MONTH);
        var window = month.period().at(NOW);
        Standing standing = new Standing(month, window, List.of(), new BigDecimal("1.125"), times(80), BigDecimal.ZERO,
                0, 0, true);
        BudgetDetail detail = new BudgetReports(store(), () -> NOW).detail(standing);

        assertThat(detail.steps()).hasSize(20);
        assertThat(detail.steps().getFirst().left())
                .isEqualTo(new Amount(new BigDecimal("1.125").subtract(times(4)).setScale(12)));
        assertThat(detail.steps().getLast().left().value()).isEqualByComparingTo("0.125");
        BudgetOutlook outlook = requireNonNull(detail.budget().outlook());
        assertThat(outlook.why()).isNull();
        assertThat(outlook.runsOut()).as("0.05 a day, 0.125 left")
                .isBetween(LocalDate.of(2026, 11, 22), LocalDate.of(2026, 11, 24));
        assertThat(requireNonNull(outlook.end()).expected().value()).isBetween(new BigDecimal("1.4"),
                new BigDecimal("1.6"));
        assertThat(detail.budget().state()).isEqualTo("ahead");
        assertThat(detail.spenders().getFirst().dearest()).singleElement().satisfies(one -> {
            assertThat(one.name()).isEqualTo("openai/gpt-4o");
            assertThat(one.cost().value()).isEqualByComparingTo(times(80));
        });
        assertThat(detail.sheet().rows()).hasSize(20 + detail.ahead().size());
    }

    private Taken beside(BudgetPlan plan, String replica, Instant since) {
        return new BudgetBooks(store()).beside(plan, plan.period().at(NOW), NOW, replica, since);
    }

    private Taken mine(BudgetBooks books, Instant since, Instant now) {
        BudgetPlan today = plan(BudgetScope.ALL, Every.DAY);
        return books.beside(today, today.period().at(now), now, ledger().replica(), since);
    }

    private void settle(Instant at) {
        UUID id = ids.get();
        ledger().open(Attempts.open(id, Attempts.CLOSED, at)).join();
        close(id, at);
    }

    private void close(UUID id, Instant at) {
        ledger().settle(Attempts.settled(id, AttemptState.SETTLED, at.plusSeconds(1), Attempts.cost(1_000, 1), null))
                .join();
    }

    private static BigDecimal times(int calls) {
        return new BigDecimal(EACH).multiply(BigDecimal.valueOf(calls));
    }

    private static BudgetPlan plan(BudgetScope scope, Every every) {
        return new BudgetPlan("b", scope, Money.usd("1.125"), BudgetPeriod.every(every, ZoneId.of("UTC")), List.of(),
                WhenUsedUp.REFUSE, List.of(), null, true, null);
    }

    private Store store() {
        return requireNonNull(store);
    }

    private JdbcLedger ledger() {
        return requireNonNull(ledger);
    }
}
