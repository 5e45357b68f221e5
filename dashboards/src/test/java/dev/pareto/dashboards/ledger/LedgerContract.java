package dev.pareto.dashboards.ledger;

import static dev.pareto.dashboards.ledger.Attempts.CLOSED;
import static dev.pareto.dashboards.ledger.Attempts.NOON;
import static dev.pareto.dashboards.ledger.Attempts.OPEN;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pareto.dashboards.audit.LedgerCheck;
import dev.pareto.dashboards.report.AttemptReport;
import dev.pareto.dashboards.report.AttemptRow;
import dev.pareto.dashboards.report.Period;
import dev.pareto.dashboards.report.SpendReport;
import dev.pareto.dashboards.report.Totals;
import dev.pareto.dashboards.store.Reads;
import dev.pareto.dashboards.store.Store;
import dev.pareto.policies.price.Cost;
import dev.pareto.policies.price.Money;
import dev.pareto.policies.price.PriceStatus;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What every ledger does, whatever it is kept in. */
abstract class LedgerContract {

    final UuidV7 ids = Attempts.ids(1);
    /** What the ledger's clock says. */
    final AtomicReference<Instant> now = new AtomicReference<>(NOON.plusSeconds(3_600));

    abstract Ledger ledger();

    abstract Store store();

    final JdbcClient reads() {
        return JdbcClient.create(store().reads());
    }

    @Test
    void anAttemptIsOpenUntilItIsSettled() {
        UUID id = ids.get();
        ledger().open(Attempts.open(id, CLOSED, NOON)).join();

        AttemptRow open = row(id);
        assertThat(open.state()).isEqualTo(AttemptState.OPEN);
        assertThat(open.cost()).isNull();
        assertThat(open.reserved()).hasToString("Amount[value=0.050000000000]");

        ledger().settle(Attempts.settled(id, NOON, 100)).join();

        AttemptRow settled = row(id);
        assertThat(settled.state()).isEqualTo(AttemptState.SETTLED);
        assertThat(settled.latencyMillis()).isEqualTo(1_500);
        assertThat(settled.firstByteMillis()).isEqualTo(500);
        assertThat(plain(settled)).isEqualTo("0.0035");
        assertThat(settled.lines()).extracting(AttemptRow.Line::bucket).containsExactly("input", "output");
        assertThat(settled.lines()).extracting(line -> requireNonNull(line.cost()).plain())
                .containsExactly("0.0025", "0.001");
    }

    @Test
    void openingTwiceIsOneRow() {
        UUID id = ids.get();
        ledger().open(Attempts.open(id, CLOSED, NOON)).join();
        ledger().open(Attempts.open(id, OPEN, NOON.plusSeconds(5))).join();

        assertThat(new AttemptReport(reads()).ofRequest(id.toString())).singleElement()
                .extracting(AttemptRow::model)
                .isEqualTo(CLOSED.toString());
    }

    @Test
    void aClosedRowNeverChangesAgain() {
        UUID id = ids.get();
        ledger().open(Attempts.open(id, CLOSED, NOON)).join();
        ledger().settle(Attempts.settled(id, NOON, 100)).join();
        ledger().settle(Attempts.settled(id, AttemptState.FAILED, NOON.plusSeconds(9), Attempts.cost(9_999, 1), null))
                .join();
        ledger().settle(Attempts.settled(id, NOON, 100)).join();

        assertThat(row(id).state()).isEqualTo(AttemptState.SETTLED);
        assertThat(plain(row(id))).isEqualTo("0.0035");
        assertThat(row(id).lines()).hasSize(2);
        assertThat(totals().attempts()).isEqualTo(1);
        assertThat(ledger().stats().lateSettlements()).isEqualTo(2);
        assertConsistent();
    }

    @Test
    void settlingWhatWasNeverOpenedFails() {
        CompletableFuture<Void> settled = ledger().settle(Attempts.settled(ids.get(), NOON, 1));

        assertThatThrownBy(settled::join).hasRootCauseInstanceOf(IllegalStateException.class)
                .hasMessageContaining("never opened");
        assertThat(totals().attempts()).isZero();
    }

    @Test
    void oneBadOperationDoesNotHarmItsNeighbours() {
        List<UUID> good = new ArrayList<>();
        List<CompletableFuture<Void>> futures = new ArrayList<>();
        List<CompletableFuture<Void>> bad = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            UUID id = ids.get();
            good.add(id);
            futures.add(ledger().open(Attempts.open(id, CLOSED, NOON)));
            bad.add(ledger().settle(Attempts.settled(ids.get(), NOON, 1)));
            futures.add(ledger().settle(Attempts.settled(id, NOON, i)));
        }
        futures.forEach(CompletableFuture::join);

        assertThat(bad).allSatisfy(future -> assertThatThrownBy(future::join).hasMessageContaining("never opened"));
        assertThat(good).allSatisfy(id -> assertThat(row(id).state()).isEqualTo(AttemptState.SETTLED));
        assertThat(totals().attempts()).isEqualTo(50);
        assertConsistent();
    }

    @Test
    void anUnknownPriceIsUnpricedAndNeverZero() {
        UUID id = ids.get();
        ledger().open(Attempts.open(id, CLOSED, NOON)).join();
        ledger().settle(Attempts.settled(id, AttemptState.SETTLED, NOON.plusSeconds(1), Attempts.unpriced(),
                Attempts.cost(1, 1))).join();

        assertThat(row(id).cost()).isNull();
        assertThat(row(id).lines()).singleElement().satisfies(line -> {
            assertThat(line.quantity()).isEqualTo("10");
            assertThat(line.unitPrice()).isNull();
            assertThat(line.cost()).isNull();
        });
        assertThat(totals().unpriced()).isEqualTo(1);
        assertThat(totals().saved().plain()).isEqualTo("0");
        assertConsistent();
    }

    @Test
    void overdueRowsExpireAtTheirReservation() {
        UUID due = ids.get();
        UUID running = ids.get();
        ledger().open(Attempts.open(due, CLOSED, NOON)).join();
        ledger().open(Attempts.open(running, CLOSED, NOON.plusSeconds(60))).join();
        Instant afterFirstDeadline = NOON.plusSeconds(600).plusMillis(1);

        assertThat(ledger().expireOpen(afterFirstDeadline)).isEqualTo(1);
        assertThat(ledger().expireOpen(afterFirstDeadline)).isZero();

        assertThat(row(running).state()).isEqualTo(AttemptState.OPEN);
        assertThat(row(due)).satisfies(row -> {
            assertThat(row.state()).isEqualTo(AttemptState.EXPIRED);
            assertThat(plain(row)).isEqualTo("0.05");
            assertThat(row.estimated()).isTrue();
            assertThat(row.errorCode()).isEqualTo("deadline_passed");
            assertThat(row.lines()).extracting(AttemptRow.Line::bucket).containsExactly("reservation");
        });
        ledger().settle(Attempts.settled(due, NOON, 1)).join();
        assertThat(plain(row(due))).isEqualTo("0.05");
        assertThat(totals().estimatedSpend().plain()).isEqualTo("0.05");
        assertConsistent();
    }

    @Test
    void sumsAreTheRowsToTheLastDigit() {
        SplittableRandom random = new SplittableRandom(7);
        BigDecimal spent = BigDecimal.ZERO;
        BigDecimal baseline = BigDecimal.ZERO;
        List<CompletableFuture<Void>> futures = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            UUID id = ids.get();
            long picos = random.nextLong(0, 40_000_000_000L);
            Cost cost = exact(picos);
            Cost other = exact(picos * 3 + 1);
            spent = spent.add(requireNonNull(cost.total()).amount());
            baseline = baseline.add(requireNonNull(other.total()).amount());
            Instant start = NOON.minusSeconds(random.nextLong(0, 20 * 3600));
            AttemptState state = i % 10 == 0
                    ? AttemptState.ABORTED
                    : i % 10 == 1
                            ? AttemptState.FAILED
                            : AttemptState.SETTLED;
            futures.add(ledger().open(Attempts.open(id, i % 3 == 0 ? CLOSED : OPEN, start)));
            futures.add(ledger().settle(Attempts.settled(id, state, start.plusSeconds(1), cost, other)));
        }
        futures.forEach(CompletableFuture::join);

        Totals totals = totals();
        assertThat(totals.spend().value()).isEqualByComparingTo(spent);
        assertThat(totals.saved().value()).isEqualByComparingTo(baseline.subtract(spent));
        assertThat(totals.attempts()).isEqualTo(1_000);
        assertThat(totals.aborted()).isEqualTo(100);
        assertThat(totals.failed()).isEqualTo(100);
        assertThat(totals.successRate()).isEqualByComparingTo("0.8889");
        assertConsistent();
    }

    @Test
    void aSumMayOutgrowWhatOneRowCanHold() {
        int hours = 3;
        Cost eightMillion = exact(8_000_000_000_000_000_001L);
        for (int i = 0; i < hours; i++) {
            UUID id = ids.get();
            Instant start = NOON.minusSeconds(3600L * i);
            ledger().open(Attempts.open(id, CLOSED, start)).join();
            ledger().settle(Attempts.settled(id, AttemptState.SETTLED, start.plusSeconds(1), eightMillion, null))
                    .join();
        }
        assertThat(totals().spend().plain()).isEqualTo("24000000.000000000003");
    }

    @Test
    void anAmountBeyondTheBoundIsRefusedWithAReason() {
        UUID id = ids.get();
        ledger().open(Attempts.open(id, CLOSED, NOON)).join();
        Cost tooMuch = new Cost(List.of(), Money.usd("9300000"), PriceStatus.PRICED, null);
        CompletableFuture<Void> settled = ledger()
                .settle(Attempts.settled(id, AttemptState.SETTLED, NOON.plusSeconds(1), tooMuch, null));

        assertThatThrownBy(settled::join).hasMessageContaining("9.2 million");
        assertThat(row(id).state()).isEqualTo(AttemptState.OPEN);
    }

    @Test
    void failedAndJudgingAttemptsLowerTheSavings() {
        UUID request = ids.get();
        UUID retry = ids.get();
        UUID judge = ids.get();
        ledger().open(Attempts.open(request, CLOSED, NOON)).join();
        ledger().open(Attempts.open(retry, request, 2, AttemptRole.RETRY, CLOSED, NOON.plusSeconds(1), null)).join();
        ledger().open(Attempts.open(judge, request, 3, AttemptRole.JUDGE, CLOSED, NOON.plusSeconds(2), null)).join();
        ledger().settle(Attempts.settled(request, AttemptState.FAILED, NOON.plusSeconds(1), exact(5), exact(0))).join();
        ledger().settle(Attempts.settled(retry, AttemptState.SETTLED, NOON.plusSeconds(3), exact(7), exact(100)))
                .join();
        ledger().settle(Attempts.settled(judge, AttemptState.SETTLED, NOON.plusSeconds(4), exact(11), exact(0))).join();

        Totals totals = totals();
        assertThat(totals.saved().plain()).isEqualTo("0.000000000077");
        assertThat(totals.requests()).isEqualTo(1);
        assertThat(totals.answered()).isEqualTo(1);
        assertThat(totals.attempts()).isEqualTo(3);
        assertConsistent();
    }

    @Test
    void whatAnAttemptTurnsOutToBeIsWrittenWhenItCloses() {
        UUID request = ids.get();
        UUID escalation = ids.get();
        ledger().open(Attempts.open(request, request, 1, AttemptRole.CASCADE, CLOSED, NOON, "{\"reason\":\"first\"}"))
                .join();
        Settlement plain = Attempts.settled(request, AttemptState.SETTLED, NOON.plusSeconds(1), exact(5), exact(0));
        ledger().settle(new Settlement(plain.attemptId(), plain.state(), plain.firstByteAt(), plain.endedAt(),
                plain.httpStatus(), plain.finishReason(), plain.servedModel(), plain.service(), plain.usage(),
                plain.usageSource(), plain.usageRaw(), plain.bill(), plain.baseline(), plain.errorCode(),
                AttemptRole.CASCADE_REJECTED,
                "{\"reason\":\"doubted\"}")).join();

        assertThat(row(request).role()).isEqualTo(AttemptRole.CASCADE_REJECTED);
        assertThat(new AttemptReport(reads()).latestDecisions(1).getFirst().reason()).isEqualTo("doubted");
        assertThat(totals().answered()).as("nobody has seen it").isZero();
        ledger().open(Attempts.open(escalation, request, 2, AttemptRole.ESCALATION, CLOSED, NOON.plusSeconds(1),
                "{\"reason\":\"escalated\"}")).join();
        ledger().settle(Attempts.settled(escalation, AttemptState.SETTLED, NOON.plusSeconds(2), exact(7), exact(7)))
                .join();
        assertThat(new AttemptReport(reads()).latestDecisions(1).getFirst().reason()).isEqualTo("escalated");
        assertThat(totals().answered()).isEqualTo(1);
        assertThat(totals().requests()).isEqualTo(1);
        assertThat(totals().saved().plain()).as("the first answer was needless").isEqualTo("-0.000000000005");
        assertConsistent();
    }

    /** A cost of so many picos in one line. */
    static Cost exact(long picos) {
        BigDecimal amount = BigDecimal.valueOf(picos, 12);
        return Attempts.priced(List.of(new dev.pareto.policies.price.ChargeLine("request", BigDecimal.ONE, amount,
                BigDecimal.ONE, amount)));
    }

    final AttemptRow row(UUID attemptId) {
        return new AttemptReport(reads()).page(null, 200)
                .stream()
                .filter(row -> row.attemptId().equals(attemptId.toString()))
                .findFirst()
                .map(row -> new AttemptReport(reads()).ofRequest(row.requestId()).get(row.attemptNo() - 1))
                .orElseThrow();
    }

    static String plain(AttemptRow row) {
        return row.cost() == null ? "unknown" : row.cost().plain();
    }

    final Totals totals() {
        return new SpendReport(Reads.of(store()), "USD").totals(Period.WEEK.endingAt(NOON));
    }

    final void assertConsistent() {
        assertThat(new LedgerCheck(store()).check(null, null).problems()).isEmpty();
    }
}
