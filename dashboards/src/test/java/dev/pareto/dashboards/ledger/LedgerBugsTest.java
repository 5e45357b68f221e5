package dev.pareto.dashboards.ledger;

import static dev.pareto.dashboards.ledger.Attempts.CLOSED;
import static dev.pareto.dashboards.ledger.Attempts.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pareto.dashboards.audit.LedgerCheck;
import dev.pareto.dashboards.audit.Repricing;
import dev.pareto.dashboards.report.Period;
import dev.pareto.dashboards.report.SpendReport;
import dev.pareto.dashboards.report.Totals;
import dev.pareto.dashboards.store.Reads;
import dev.pareto.dashboards.store.SqliteStore;
import dev.pareto.policies.price.Buckets;
import dev.pareto.policies.price.CostSource;
import dev.pareto.policies.price.Money;
import dev.pareto.policies.price.PriceBand;
import dev.pareto.policies.price.PriceBook;
import dev.pareto.policies.price.PriceVersion;
import dev.pareto.policies.price.UnitPrice;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Bugs that other ledgers had, those of books; {@code AccuracyBugsTest} has those of prices and the gateway's tests the others. */
final class LedgerBugsTest {

    private static final LocalDate DAY = LocalDate.of(2026, 11, 20);

    @TempDir
    Path folder;

    private final UuidV7 ids = Attempts.ids(11);
    private final AtomicReference<Instant> now = new AtomicReference<>(NOON);
    private SqliteStore store;
    private JdbcLedger ledger;

    @BeforeEach
    void start() {
        store = SqliteStore.open(folder.resolve("pareto.db"));
        ledger = new JdbcLedger(store, LedgerSettings.defaults(), now::get, System::nanoTime);
    }

    @AfterEach
    void stop() {
        ledger.close();
        store.close();
    }

    @Test
    @DisplayName("A33 LiteLLM 34675: repeated callbacks doubled the roll-up")
    void a33() {
        UUID id = ids.get();
        for (int call = 0; call < 5; call++) {
            ledger.open(Attempts.open(id, CLOSED, NOON)).join();
            ledger.settle(Attempts.settled(id, NOON, 100)).join();
        }
        assertThat(totals().attempts()).isEqualTo(1);
        assertThat(totals().spend().plain()).isEqualTo("0.0035");
        assertThat(new LedgerCheck(store).check(null, null).problems()).isEmpty();
    }

    @Test
    @DisplayName("A34 LiteLLM 39455: retries inflated the count of requests")
    void a34() {
        UUID request = ids.get();
        for (int number = 1; number <= 3; number++) {
            UUID id = number == 1 ? request : ids.get();
            ledger.open(Attempts.open(id, request, number, number == 1 ? AttemptRole.PRIMARY : AttemptRole.RETRY,
                    CLOSED, NOON.plusSeconds(number), null)).join();
            ledger.settle(Attempts.settled(id, number == 3 ? AttemptState.SETTLED : AttemptState.FAILED,
                    NOON.plusSeconds(number + 1), Attempts.cost(10, 1), null)).join();
        }
        assertThat(totals().requests()).isEqualTo(1);
        assertThat(totals().answered()).isEqualTo(1);
        assertThat(totals().attempts()).isEqualTo(3);
        assertThat(reads().sql("SELECT COUNT(*) FROM request").query(Integer.class).single()).isEqualTo(1);
        assertThat(reads().sql("SELECT SUM(requests) FROM rollup_tag").query(Integer.class).single()).isEqualTo(1);
    }

    @Test
    @DisplayName("A43 Langfuse 12184: costs could not be filled in from a date on")
    void a43() {
        UUID unpriced = ids.get();
        UUID early = ids.get();
        UUID priced = ids.get();
        ledger.open(Attempts.open(unpriced, CLOSED, NOON)).join();
        ledger.open(Attempts.open(early, CLOSED, NOON.minusSeconds(86_400))).join();
        ledger.open(Attempts.open(priced, CLOSED, NOON)).join();
        ledger.settle(Attempts.settled(unpriced, AttemptState.SETTLED, NOON.plusSeconds(1), Attempts.unpriced(), null))
                .join();
        ledger.settle(Attempts.settled(early, AttemptState.SETTLED, NOON.minusSeconds(86_000), Attempts.unpriced(),
                null)).join();
        ledger.settle(Attempts.settled(priced, NOON, 100)).join();
        var repricing = new Repricing(store);

        List<Adjustment> preview = preview(repricing);

        assertThat(preview).singleElement().satisfies(found -> {
            assertThat(found.attemptId()).isEqualTo(unpriced);
            assertThat(found.amount()).isEqualTo(Money.usd("0.00003"));
            assertThat(found.priceVersion()).isEqualTo("late");
        });
        assertThat(reads().sql("SELECT COUNT(*) FROM adjustment").query(Integer.class).single()).isZero();
        ledger.book(preview.getFirst()).join();
        assertThat(preview(repricing)).as("booked once").isEmpty();
        ledger.book(preview.getFirst().reversed(ids.get(), "wrong price", "ada")).join();
        assertThat(preview(repricing)).as("taken back").hasSize(1);
        assertThat(totals().spend().plain()).as("what was closed stays as it is").isEqualTo("0.0035");
        assertThat(new LedgerCheck(store).check(null, null).problems()).isEmpty();
    }

    /** Ten tokens at three USD a million, from that day on. */
    private static List<Adjustment> preview(Repricing repricing) {
        var prices = new TreeMap<>(Map.of(Buckets.INPUT,
                new UnitPrice(new BigDecimal("3"), BigDecimal.valueOf(1_000_000))));
        var late = new PriceVersion("late", CLOSED.toString(), PriceVersion.STANDARD,
                Instant.parse("2026-11-20T00:00:00Z"), null, "USD", List.of(new PriceBand(0, List.of(), prices)),
                new TreeMap<>(), CostSource.LIST, "a test");
        return repricing.preview(DAY.minusDays(7), DAY, new PriceBook(List.of(late)), model -> model, "ada", 100);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Asia/Tokyo", "America/Los_Angeles", "UTC"})
    @DisplayName("A50 claude-usage 151: a month shifted by a day east of UTC")
    void a50(String zone) {
        TimeZone usual = TimeZone.getDefault();
        TimeZone.setDefault(TimeZone.getTimeZone(zone));
        try {
            for (String start : List.of("2026-10-31T23:59:59.999999Z", "2026-11-01T00:00:00Z",
                    "2026-11-30T23:59:59.999999Z", "2026-12-01T00:00:00Z")) {
                UUID id = ids.get();
                ledger.open(Attempts.open(id, CLOSED, Instant.parse(start))).join();
                ledger.settle(Attempts.settled(id, Instant.parse(start), 100)).join();
            }
            now.set(Instant.parse("2026-12-01T00:00:00Z"));
            FrozenMonth november = ledger.freeze(YearMonth.of(2026, 11), "ada").join();
            assertThat(november.totals()).containsExactly(Money.usd("0.007"));
            assertThat(new LedgerCheck(store).check(LocalDate.of(2026, 11, 1), LocalDate.of(2026, 11, 30)).attempts())
                    .isEqualTo(2);
            var tooLate = ledger.open(Attempts.open(ids.get(), CLOSED, Instant.parse("2026-11-01T00:00:00Z")));
            assertThatThrownBy(tooLate::join).hasMessageContaining("the month is closed");
            assertThat(reads().sql("SELECT COUNT(*) FROM ledger_day WHERE day IN ('2026-11-20', '2026-12-01')")
                    .query(Integer.class)
                    .single()).isEqualTo(2);
        } finally {
            TimeZone.setDefault(usual);
        }
    }

    private Totals totals() {
        return new SpendReport(Reads.of(store), "USD").totals(Period.WEEK.endingAt(NOON));
    }

    private JdbcClient reads() {
        return JdbcClient.create(store.reads());
    }
}
