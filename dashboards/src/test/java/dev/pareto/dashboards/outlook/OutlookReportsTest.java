package dev.pareto.dashboards.outlook;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.pareto.dashboards.ask.QuestionReader;
import dev.pareto.dashboards.finance.FinanceReports;
import dev.pareto.dashboards.finance.Units;
import dev.pareto.dashboards.ledger.Adjustment;
import dev.pareto.dashboards.ledger.AttemptState;
import dev.pareto.dashboards.ledger.Attempts;
import dev.pareto.dashboards.ledger.JdbcLedger;
import dev.pareto.dashboards.ledger.LedgerSettings;
import dev.pareto.dashboards.ledger.UuidV7;
import dev.pareto.dashboards.report.Amount;
import dev.pareto.dashboards.store.Micros;
import dev.pareto.dashboards.store.Picos;
import dev.pareto.dashboards.store.Reads;
import dev.pareto.dashboards.store.SqliteStore;
import dev.pareto.dashboards.store.Store;
import dev.pareto.dashboards.testing.books.BooksGenerator;
import dev.pareto.dashboards.testing.books.BooksPlan;
import dev.pareto.policies.experiment.HoldOut;
import dev.pareto.policies.price.Cost;
import dev.pareto.policies.price.Money;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

final class OutlookReportsTest {

    private static final BooksPlan PLAN = BooksPlan.of(40_000, 100, BooksPlan.END);
    /** Some hours into the day after the last whole one. */
    private static final Instant NOW = BooksPlan.END.plus(Duration.ofHours(9));

    private static final UuidV7 IDS = Attempts.ids(5);

    @TempDir
    private static Path folder;
    private static Store store;
    private static OutlookReports reports;

    @BeforeAll
    static void makeBooks() throws SQLException {
        store = SqliteStore.open(folder.resolve("books.db"));
        BooksGenerator.fill(store, PLAN);
        reports = new OutlookReports(store, () -> NOW, "USD");
    }

    @AfterAll
    static void close() {
        store.close();
    }

    private static Map<String, List<String>> asked(String... pairs) {
        Map<String, List<String>> asked = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            asked.put(pairs[i], List.of(pairs[i + 1]));
        }
        return asked;
    }

    @Test
    void forecastGoesOnFromWhatIsBooked() {
        Forecast forecast = reports.forecast(asked());
        assertThat(forecast.monthEnd()).hasToString("2026-11-30");
        assertThat(forecast.quarterEnd()).hasToString("2026-12-31");
        assertThat(forecast.total().actual()).hasSize(57);
        assertThat(forecast.total().ahead()).hasSize(40);
        Amount booked = booked("2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z");
        assertThat(forecast.total().monthToDate().value()).isEqualByComparingTo(booked.value());
        Estimate month = requireNonNull(forecast.total().month());
        assertThat(month.lower95().value()).isLessThan(month.lower80().value()).isGreaterThan(booked.value());
        assertThat(month.expected().value()).isBetween(month.lower80().value(), month.upper80().value());
        assertThat(requireNonNull(forecast.total().test()).folds()).isEqualTo(8);
    }

    @Test
    void adjustmentsAreSpentButNotCarriedForward() {
        AtomicReference<Instant> clock = new AtomicReference<>(Attempts.NOON.minus(Duration.ofDays(40)));
        try (Store small = SqliteStore.open(folder.resolve("adjusted.db"));
                JdbcLedger ledger = new JdbcLedger(small, LedgerSettings.defaults(), clock::get, System::nanoTime)) {
            for (int day = 40; day >= 0; day--) {
                Instant at = Attempts.NOON.minus(Duration.ofDays(day));
                clock.set(at);
                UUID id = IDS.get();
                ledger.open(Attempts.open(id, Attempts.CLOSED, at)).join();
                ledger.settle(Attempts.settled(id, at, 100_000 + day)).join();
            }
            OutlookReports outlook = new OutlookReports(small, clock::get, "USD");
            Forecast before = outlook.forecast(asked());
            book(ledger, "500");
            Forecast after = outlook.forecast(asked());

            FinanceReports finance = new FinanceReports(small, clock::get, "USD");
            assertThat(after.total().monthToDate()).isEqualTo(before.total().monthToDate().plus(Amount.of("500")))
                    .isEqualTo(finance.overview(asked("period", "this-month")).figures().spend());
            assertThat(after.total().adjustments().value()).isEqualByComparingTo("500");
            assertThat(after.parts().getFirst().monthToDate()).isEqualTo(after.total().monthToDate());
            assertThat(requireNonNull(after.total().month()).expected())
                    .isEqualTo(requireNonNull(before.total().month()).expected().plus(Amount.of("500")));
            assertThat(requireNonNull(after.total().quarter()).upper95())
                    .isEqualTo(requireNonNull(before.total().quarter()).upper95().plus(Amount.of("500")));
            assertThat(after.total().ahead()).isEqualTo(before.total().ahead());
            assertThat(after.total().actual()).isEqualTo(before.total().actual());
            assertThat(outlook.forecast(asked("group", "tag.team")).total().monthToDate()).as("of all, tagged or not")
                    .isEqualTo(after.total().monthToDate());
            Units units = finance.units(asked("period", "this-month"));
            assertThat(units.series().stream().map(Units.Point::spend).reduce(Amount.ZERO, Amount::plus))
                    .isEqualTo(units.total().spend());
        }
    }

    private static void book(JdbcLedger ledger, String amount) {
        ledger.book(new Adjustment(IDS.get(), Adjustment.Kind.TRUE_UP, LocalDate.of(2026, 11, 19), null, null, null,
                "acme", "", "", "openai", null, null, null, Money.usd(amount), "a test", "ada")).join();
    }

    @Test
    void partsHoldAllThatIsBooked() {
        Forecast forecast = reports.forecast(asked("group", "tenant"));
        Amount sum = forecast.parts().stream().map(Forecast.Course::monthToDate).reduce(Amount.ZERO, Amount::plus);
        assertThat(sum.value()).isEqualByComparingTo(forecast.total().monthToDate().value());
        assertThat(forecast.parts().getLast().others()).isTrue();
        assertThat(forecast.sheet().rows()).hasSize((57 + 40) * (1 + forecast.parts().size()));
    }

    @Test
    void forecastSaysWhatItLacks() {
        OutlookReports early = new OutlookReports(store, () -> PLAN.from().plus(Duration.ofDays(10)), "USD");
        Forecast.Course total = early.forecast(asked()).total();
        assertThat(total.month()).isNull();
        assertThat(total.why()).isEqualTo(
                "10 whole days of spend are too few to tell a trend from a week; a forecast needs 21");
    }

    @Test
    void namesTheTeamThatRanWild() {
        Anomalies anomalies = reports.anomalies(asked("period", "30d"));
        Anomalies.Incident worst = anomalies.incidents().getFirst();
        assertThat(worst.from()).isBetween(BooksPlan.END.minus(Duration.ofDays(9)),
                BooksPlan.END.minus(Duration.ofDays(5)));
        assertThat(worst.excess().value()).isPositive();
        assertThat(Stream.concat(Stream.of(worst.dimension() + " " + worst.value() + " " + worst.sentence()),
                worst.alsoIn().stream())).anyMatch(text -> text.contains("tenant"));
        assertThat(anomalies.sheet().rows()).hasSameSizeAs(anomalies.incidents());
    }

    @Test
    void weeksBeforeALineBeganAreNotTakenForCheapOnes() {
        AtomicReference<Instant> clock = new AtomicReference<>(Attempts.NOON);
        try (Store young = SqliteStore.open(folder.resolve("young.db"));
                JdbcLedger ledger = new JdbcLedger(young, LedgerSettings.defaults(), clock::get, System::nanoTime)) {
            Instant spike = Attempts.NOON.minus(Duration.ofHours(3));
            List<CompletableFuture<Void>> booked = new ArrayList<>();
            for (int hour = 0; hour < 25 * 24; hour++) {
                Instant at = Attempts.NOON.minus(Duration.ofHours(hour));
                for (int call = 0; call < (at.equals(spike) ? 30 : 1); call++) {
                    UUID id = IDS.get();
                    booked.add(ledger.open(Attempts.open(id, Attempts.CLOSED, at)));
                    booked.add(ledger.settle(Attempts.settled(id, at, 10_000)));
                }
            }
            booked.forEach(CompletableFuture::join);
            clock.set(Attempts.NOON.plus(Duration.ofHours(1)));

            Anomalies anomalies = new OutlookReports(young, clock::get, "USD").anomalies(asked("period", "30d"));
            assertThat(anomalies.incidents()).singleElement()
                    .extracting(Anomalies.Incident::sentence)
                    .asString()
                    .contains("30.0 times the usual requests");
        }
    }

    @Test
    void savesNothingMeasuredWhereNobodyIsHeldOut() {
        Savings savings = reports.savings(asked("period", "last-month"));
        assertThat(savings.measured()).isNull();
        assertThat(savings.why()).startsWith("no request of this period was held out");
        assertThat(savings.modelled().net().value()).isEqualByComparingTo(savings.modelled()
                .baseline()
                .value()
                .subtract(savings.modelled().billed().value())
                .subtract(savings.modelled().overhead().value()));
        Amount routes = savings.routes().stream().map(it -> it.modelled().net()).reduce(Amount.ZERO, Amount::plus);
        assertThat(routes.value()).isEqualByComparingTo(savings.modelled().net().value());
    }

    @Test
    void tellsWhereTheSavingComesFromToTheLastDigit() {
        Savings savings = reports.savings(asked("period", "last-month"));
        assertThat(savings.parts().stream().map(Savings.Part::source)).containsExactly(Savings.Source.GATEWAY_CACHE,
                Savings.Source.OWN_MACHINES, Savings.Source.OTHER_MODELS);
        Amount parts = savings.parts().stream().map(Savings.Part::saved).reduce(Amount.ZERO, Amount::plus);
        assertThat(parts).isEqualTo(savings.modelled().baseline().minus(savings.modelled().billed()));
        assertThat(savings.parts().getFirst().saved()).isEqualTo(saved("role = 'CACHE_HIT'"));
        assertThat(savings.parts().get(1).saved()).isEqualTo(saved("role <> 'CACHE_HIT' AND vendor = 'local'"));
    }

    /** Of the calls of October that answer a caller and have a baseline. */
    private static Amount saved(String condition) {
        return new Amount(Picos.toAmount(JdbcClient.create(store.reads())
                .sql("SELECT SUM(baseline_pico - cost_pico) FROM attempt WHERE baseline_pico IS NOT NULL"
                        + " AND role NOT IN ('SHADOW', 'JUDGE', 'CLASSIFIER', 'CASCADE_REJECTED', 'SECOND_OPINION') AND started_us >= ? AND started_us < ? AND "
                        + condition)
                .params(Micros.of(Instant.parse("2026-10-01T00:00:00Z")),
                        Micros.of(Instant.parse("2026-11-01T00:00:00Z")))
                .query(Long.class)
                .single()));
    }

    @Test
    void measuresWhatWasHeldOut() {
        // Every fourteenth request of a week counts as held out, every fourth of the others as compared.
        JdbcClient books = JdbcClient.create(store.reads());
        Instant from = Instant.parse("2026-09-07T00:00:00Z");
        List<String> requests = books.sql("SELECT request_id FROM attempt WHERE attempt_no = 1 AND started_us >= ?"
                + " AND started_us < ? ORDER BY request_id")
                .params(Micros.of(from), Micros.of(from.plus(Duration.ofDays(7))))
                .query((row, number) -> row.getString(1))
                .list();
        JdbcClient writes = JdbcClient.create(store.writes());
        for (int i = 0; i < requests.size(); i++) {
            boolean held = i % 14 == 0;
            if (held || i % 4 == 0) {
                writes.sql(
                        "INSERT INTO exposure (request_id, experiment, run, arm, before, unit, ask, at_us, delivered, down)"
                                + " VALUES (?, ?, ?, ?, 0, ?, 0, ?, 1, 0)")
                        .params(requests.get(i), HoldOut.NAME, HoldOut.RUN, held ? HoldOut.HELD : HoldOut.COMPARED,
                                (long) i, Micros.of(from.plusSeconds(i)))
                        .update();
            }
        }
        Savings savings = reports.savings(asked("from", "2026-09-07", "to", "2026-09-13"));
        Savings.MeasuredSaving measured = requireNonNull(savings.measured());
        assertThat(measured.saved().value()).isBetween(measured.lower().value(), measured.upper().value());
        assertThat(measured.lower().value()).as("both sides were served alike").isNegative();
        assertThat(measured.upper().value()).isPositive();
        assertThat(measured.delivered()).isEqualByComparingTo("1");
        assertThat(savings.routes()).anySatisfy(it -> assertThat(it.measured()).isNotNull());
        assertThat(reports.savings(asked("from", "2026-09-07", "to", "2026-09-13", "vendor", "openai")).why())
                .contains("without the filter by vendor");
    }

    @Test
    void whatIsBilledInAnotherCurrencyIsLeftOutOfTheMeasuringAndCounted() {
        try (Store small = SqliteStore.open(folder.resolve("currencies.db"));
                JdbcLedger ledger = new JdbcLedger(small, LedgerSettings.defaults(), () -> Attempts.NOON,
                        System::nanoTime)) {
            held(small, ledger, "USD");
            held(small, ledger, "EUR");
            HeldOut.Found found = new HeldOut(Reads.of(small), "USD")
                    .read(new QuestionReader(() -> Attempts.NOON.plusSeconds(3_600))
                            .read(asked("from", "2026-11-20", "to", "2026-11-20"), List.of()));
            assertThat(found.unpriced()).isEqualTo(1);
            assertThat(found.held()).containsExactly(Map.entry("support", 2L));
            assertThat(found.units()).hasSize(1);
            assertThat(found.units().get("support")).singleElement()
                    .satisfies(unit -> assertThat(unit.requests()).isEqualTo(1));
        }
    }

    /** A call of a held-out request, billed in some currency. */
    private static void held(Store books, JdbcLedger ledger, String currency) {
        UUID id = IDS.get();
        Cost dollars = Attempts.cost(100, 1);
        Cost cost = new Cost(dollars.lines(), new Money(requireNonNull(dollars.total()).amount(), currency),
                dollars.status(), dollars.priceVersion());
        ledger.open(Attempts.open(id, Attempts.CLOSED, Attempts.NOON)).join();
        ledger.settle(Attempts.settled(id, AttemptState.SETTLED, Attempts.NOON.plusSeconds(1), cost, null)).join();
        JdbcClient.create(books.writes())
                .sql("INSERT INTO exposure (request_id, experiment, run, arm, before, unit, ask, at_us, delivered, down)"
                        + " VALUES (?, ?, ?, ?, 0, 1, 0, ?, 1, 0)")
                .params(id.toString(), HoldOut.NAME, HoldOut.RUN, HoldOut.HELD, Micros.of(Attempts.NOON))
                .update();
    }

    @Test
    void refusesWhatNobodyKnows() {
        assertThatIllegalArgumentException().isThrownBy(() -> reports.forecast(asked("horizon", "9")));
    }

    private static Amount booked(String from, String to) {
        return new Amount(Picos.toAmount(JdbcClient.create(store.reads())
                .sql("SELECT COALESCE(SUM(cost_pico), 0) FROM attempt WHERE started_us >= ? AND started_us < ?")
                .params(Micros.of(Instant.parse(from)), Micros.of(Instant.parse(to)))
                .query(Long.class)
                .single()));
    }
}
