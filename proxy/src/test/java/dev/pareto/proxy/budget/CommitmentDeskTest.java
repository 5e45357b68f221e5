package dev.pareto.proxy.budget;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pareto.dashboards.budget.CommitmentLine;
import dev.pareto.dashboards.budget.CommitmentList;
import dev.pareto.dashboards.budget.Taken;
import dev.pareto.dashboards.report.Amount;
import dev.pareto.policies.budget.Commitment;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.predict.Commitments.Room;
import dev.pareto.policies.price.Money;
import dev.pareto.proxy.meter.Budgets.Call;
import dev.pareto.proxy.meter.Budgets.Hold;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is left of committed spend, in memory. */
final class CommitmentDeskTest {

    private static final ModelId PAID = ModelId.parse("openai/gpt-4o");
    private static final ModelId OTHER = ModelId.parse("open/small");

    private Instant now = Instant.parse("2026-11-22T12:00:00Z");
    private List<Commitment> stated = List.of(commitment("openai-2026", "10", "2026-01-01", "2026-12-31"));
    private Taken ledger = Taken.NOTHING;
    private boolean away;

    @Test
    void whatCallsTakeIsNotLeftAndThoseUnderWayCountAtTheirWorst() {
        CommitmentDesk desk = desk();
        assertThat(left(desk)).isEqualTo(Money.usd("10"));
        assertThat(desk.of(OTHER, now)).isNull();

        Hold one = desk.reserve(call(PAID, "4"));
        assertThat(left(desk)).isEqualTo(Money.usd("6"));
        one.settle(Money.usd("1.5"));
        assertThat(left(desk)).isEqualTo(Money.usd("8.5"));
        desk.reserve(call(OTHER, "4")).settle(Money.usd("4"));
        assertThat(left(desk)).isEqualTo(Money.usd("8.5"));
        Hold released = desk.reserve(call(PAID, "20"));
        assertThat(left(desk)).isEqualTo(Money.usd("0"));
        released.release();
        assertThat(left(desk)).isEqualTo(Money.usd("8.5"));
        desk.reserve(call(PAID, null)).settle(null);
        assertThat(left(desk)).as("a call without a price uses nothing").isEqualTo(Money.usd("8.5"));
        desk.reserve(call(PAID, "9")).settle(Money.usd("9"));
        assertThat(left(desk)).isEqualTo(Money.usd("0"));
    }

    @Test
    void whatIsLeftIsAnObjectThatDecisionsShare() {
        CommitmentDesk desk = desk();
        assertThat(desk.of(PAID, now)).isSameAs(desk.of(PAID, now));
    }

    @Test
    void aMonthBeginsAnewAndNothingIsLeftBeforeTheFirstAndAfterTheLast() {
        CommitmentDesk desk = desk();
        desk.reserve(call(PAID, "10")).settle(Money.usd("10"));
        assertThat(left(desk)).isEqualTo(Money.usd("0"));
        now = Instant.parse("2026-12-01T00:00:00Z");
        assertThat(left(desk)).isEqualTo(Money.usd("10"));
        now = Instant.parse("2027-01-01T00:00:00Z");
        assertThat(desk.of(PAID, now)).isNull();
        assertThat(line(desk).state()).isEqualTo("ended");
        assertThat(line(desk).left()).isNull();
        now = Instant.parse("2025-12-31T23:59:59Z");
        assertThat(desk.of(PAID, now)).isNull();
        assertThat(line(desk).state()).isEqualTo("not-begun");
    }

    @Test
    void theLedgerTellsWhatWasUsedBeforeAndUntilItDoesNothingIsSupposed() {
        ledger = new Taken(new BigDecimal("7"), 0, new BigDecimal("0.5"), 1, 0);
        assertThat(left(desk())).isEqualTo(Money.usd("2.5"));

        away = true;
        CommitmentDesk unknowing = desk();
        assertThat(unknowing.of(PAID, now)).isNull();
        assertThat(line(unknowing).state()).isEqualTo("unknown");
        assertThat(line(unknowing).used()).isNull();
        away = false;
        unknowing.look();
        assertThat(left(unknowing)).isEqualTo(Money.usd("2.5"));
    }

    @Test
    void aReloadHoldsFromTheNextCallOnAndForgetsNothing() {
        CommitmentDesk desk = desk();
        desk.reserve(call(PAID, "4")).settle(Money.usd("4"));
        stated = List.of(commitment("openai-2026", "20", "2026-01-01", "2026-12-31"));
        assertThat(left(desk)).isEqualTo(Money.usd("16"));
        stated = List.of();
        assertThat(desk.of(PAID, now)).isNull();
    }

    @Test
    void manyCallsAtOnceLeaveTheSumOfAll() throws Exception {
        CommitmentDesk desk = desk();
        try (var threads = Executors.newFixedThreadPool(8)) {
            Callable<Boolean> calls = () -> {
                for (int i = 0; i < 200; i++) {
                    desk.reserve(call(PAID, "0.01")).settle(Money.usd("0.005"));
                }
                return true;
            };
            for (Future<Boolean> one : threads.invokeAll(List.of(calls, calls, calls, calls, calls, calls))) {
                assertThat(one.get()).isTrue();
            }
        }
        assertThat(left(desk)).isEqualTo(Money.usd("4"));
    }

    @Test
    void thePageTellsWhatIsPaidForNothingAtThisPace() {
        now = Instant.parse("2026-11-16T00:00:00Z");
        CommitmentDesk desk = desk();
        desk.reserve(call(PAID, "2")).settle(Money.usd("2"));
        CommitmentLine half = line(desk);
        assertThat(half.used()).isEqualTo(new Amount(Money.usd("2").amount()));
        assertThat(requireNonNull(half.left()).plain()).isEqualTo("8");
        assertThat(requireNonNull(half.share()).toPlainString()).isEqualTo("0.2000");
        assertThat(requireNonNull(half.unusedAtPace()).plain()).as("2 in half a month make 4").isEqualTo("6");
        assertThat(half.state()).isEqualTo("within");
        assertThat(half.models()).containsExactly("openai/*");

        now = Instant.parse("2026-12-01T12:00:00Z");
        assertThat(line(desk).unusedAtPace()).as("too early to say").isNull();
        desk.reserve(call(PAID, "12")).settle(Money.usd("12"));
        CommitmentLine over = line(desk);
        assertThat(over.state()).isEqualTo("used-up");
        assertThat(requireNonNull(over.used()).plain()).isEqualTo("10");
        assertThat(requireNonNull(over.beyond()).plain()).isEqualTo("2");
        assertThat(requireNonNull(over.unusedAtPace()).plain()).isEqualTo("0");
    }

    private CommitmentLine line(CommitmentDesk desk) {
        return CommitmentList.of(desk.standings(), now).commitments().getFirst();
    }

    private Money left(CommitmentDesk desk) {
        Room room = requireNonNull(desk.of(PAID, now));
        assertThat(room.commitment()).isEqualTo("openai-2026");
        return room.left();
    }

    private CommitmentDesk desk() {
        return new CommitmentDesk(() -> stated, (plan, window, at, since) -> {
            if (away) {
                throw new IllegalStateException("the ledger is away");
            }
            return ledger;
        }, () -> now, false);
    }

    private static Commitment commitment(String name, String amount, String from, String to) {
        return Commitment.of(name, Set.of("openai"), Set.of(), Money.usd(amount), LocalDate.parse(from),
                LocalDate.parse(to), ZoneId.of("UTC"));
    }

    private Call call(ModelId model, @Nullable String worst) {
        return new Call("acme", Map.of(), "support", model, worst == null ? null : Money.usd(worst), now);
    }
}
