package dev.pareto.policies.swap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pareto.policies.catalog.ModelId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class SwapMachineTest {

    private static final ModelId OPEN = ModelId.parse("local/m");
    private static final List<Outcome> OUTCOMES = List.of(Outcome.values());
    private static final Instant START = Instant.parse("2026-11-01T00:00:00Z");
    private static final Duration DAY = Duration.ofDays(1);

    private final SwapMachine machine = new SwapMachine();
    private final SwapPlan plan = plan(Approval.AUTOMATIC, DAY);
    private final Swap closed = Swap.closed("r", OPEN, START);

    @Test
    void goodEvidenceClimbsTheRampAndOpens() {
        Evidence good = evidence(Outcome.NON_INFERIOR);
        Swap first = machine.onEvidence(closed, plan, good, START);
        assertThat(first.state()).isEqualTo(SwapState.RAMP);
        assertThat(first.share()).isEqualTo(0.01);

        assertThat(share(first, good, DAY.minusSeconds(1))).isEqualTo(0.01);
        assertThat(share(first, good, DAY)).isEqualTo(0.05);
        assertThat(share(first, good, DAY.multipliedBy(2))).isEqualTo(0.25);
        Swap open = machine.onTick(first, plan, good, null, START.plus(DAY.multipliedBy(3)));
        assertThat(open.state()).isEqualTo(SwapState.OPEN);
        assertThat(open.share()).isEqualTo(0.95);
        assertThat(open.verdictId()).isEqualTo("v-1");
    }

    @Test
    void withoutDwellItOpensAtOnce() {
        Swap open = machine.onEvidence(closed, plan(Approval.AUTOMATIC, Duration.ZERO), evidence(Outcome.SUPERIOR),
                START);

        assertThat(open.state()).isEqualTo(SwapState.OPEN);
        assertThat(open.share()).isEqualTo(0.95);
    }

    @Test
    void aManualSwapWaitsUntilApproved() {
        SwapPlan manual = plan(Approval.MANUAL, DAY);
        Swap waiting = machine.onEvidence(closed, manual, evidence(Outcome.NON_INFERIOR), START);

        assertThat(waiting.state()).isEqualTo(SwapState.OFFLINE);
        assertThat(waiting.share()).isZero();
        assertThat(machine.approve(waiting, manual, "ann", START).share()).isEqualTo(0.01);
        assertThatThrownBy(() -> machine.approve(closed, manual, "ann", START))
                .isInstanceOf(IllegalMoveException.class);
    }

    @Test
    void badEvidenceClosesAndDoubtfulEvidenceTakesTheTrafficBack() {
        Swap open = machine.derive(plan, evidence(Outcome.NON_INFERIOR), null, START.plus(DAY.multipliedBy(9)));

        assertThat(machine.onEvidence(open, plan, evidence(Outcome.INFERIOR), START).state())
                .isEqualTo(SwapState.CLOSED);
        assertThat(machine.onEvidence(open, plan, evidence(Outcome.INCONCLUSIVE), START).state())
                .isEqualTo(SwapState.STALE);
        assertThat(machine.onEvidence(closed, plan, evidence(Outcome.INCONCLUSIVE), START).state())
                .isEqualTo(SwapState.CLOSED);
    }

    @Test
    void evidenceGoesStaleByTimeByBuildAndByAbsence() {
        Evidence good = evidence(Outcome.NON_INFERIOR);
        Swap open = machine.derive(plan, good, "f", START.plus(DAY.multipliedBy(9)));
        assertThat(open.state()).isEqualTo(SwapState.OPEN);

        assertThat(machine.onTick(open, plan, good, "f", good.expiresAt()).state()).isEqualTo(SwapState.STALE);
        assertThat(machine.onTick(open, plan, good, "other", START).reason()).contains("another build");
        assertThat(machine.onTick(open, plan, null, "f", START).share()).isZero();
    }

    @Test
    void anUnknownBuildOnEitherSideContradictsNothing() {
        Evidence good = evidence(Outcome.NON_INFERIOR);
        Instant later = START.plus(DAY.multipliedBy(9));

        assertThat(machine.derive(plan, good, null, later).state()).isEqualTo(SwapState.OPEN);
        assertThat(machine.derive(plan, evidence(Outcome.NON_INFERIOR, null), "f", later).state())
                .isEqualTo(SwapState.OPEN);
        assertThat(machine.derive(plan, evidence(Outcome.NON_INFERIOR, null), null, later).state())
                .isEqualTo(SwapState.OPEN);
        assertThat(machine.derive(plan, good, "other", later).state()).isEqualTo(SwapState.STALE);
    }

    @Test
    void aRollBackCoolsDownLongerEachTimeAndThenNeedsAPerson() {
        Evidence good = evidence(Outcome.NON_INFERIOR);
        Swap swap = closed;
        Instant now = START;
        for (int days : new int[]{1, 7, 30}) {
            Swap open = machine.onTick(serving(swap, good, now), plan, good, null, now);
            Swap back = machine.rollBack(open, "errors", now);
            assertThat(back.share()).isZero();
            assertThat(back.notBefore()).isEqualTo(now.plus(Duration.ofDays(days)));
            assertThat(machine.onEvidence(back, plan, good, now).state()).isEqualTo(SwapState.ROLLED_BACK);
            swap = machine.onEvidence(back, plan, good, now.plus(Duration.ofDays(days)));
            assertThat(swap.state()).isEqualTo(SwapState.OFFLINE);
        }
        Swap again = machine.onEvidence(swap, plan, evidence(Outcome.INFERIOR), now);
        assertThat(machine.onEvidence(again, plan, good, now).state()).isEqualTo(SwapState.OFFLINE);
        assertThatThrownBy(() -> machine.rollBack(closed, "why", START)).isInstanceOf(IllegalMoveException.class);
    }

    @Test
    void aFrozenSwapKeepsItsShareUntilItsEvidenceExpires() {
        Evidence good = evidence(Outcome.NON_INFERIOR);
        Swap ramp = machine.onEvidence(closed, plan, good, START);
        Swap frozen = machine.freeze(ramp, "ann", START);

        assertThat(machine.onTick(frozen, plan, good, null, START.plus(DAY.multipliedBy(5))).share()).isEqualTo(0.01);
        assertThat(machine.onEvidence(frozen, plan, evidence(Outcome.INFERIOR), START)).isEqualTo(frozen);
        assertThat(machine.onTick(frozen, plan, good, null, good.expiresAt()).state()).isEqualTo(SwapState.STALE);
        assertThat(machine.thaw(frozen, "ann", START).state()).isEqualTo(SwapState.CLOSED);
    }

    @Test
    void randomEventsOnlyEverMakeLegalMoves() {
        Random random = new Random(5);
        for (int run = 0; run < 2_000; run++) {
            Swap swap = closed;
            Instant now = START;
            for (int step = 0; step < 30; step++) {
                now = now.plusSeconds(random.nextInt(100_000));
                Swap next;
                try {
                    next = event(random, swap, now);
                } catch (IllegalMoveException e) {
                    continue;
                }
                if (next.state() != swap.state() && !viaRamp(swap, next)) {
                    assertThat(swap.state().next()).contains(next.state());
                }
                swap = next;
            }
        }
    }

    @Test
    void sharesAreHonouredStickyAndOnlyEverGrow() {
        int small = 0;
        for (int i = 0; i < 20_000; i++) {
            String unit = "user-" + i;
            double position = Assignment.position("r", unit);
            assertThat(position).isBetween(0.0, 1.0);
            if (Assignment.within("r", unit, 0.05)) {
                small++;
                assertThat(Assignment.within("r", unit, 0.25)).isTrue();
            }
            assertThat(Assignment.within("r", unit, 1)).isTrue();
            assertThat(Assignment.within("r", unit, 0)).isFalse();
        }
        assertThat(small).isBetween(880, 1_120);
    }

    /** Several steps may pass between two looks. */
    private static boolean viaRamp(Swap from, Swap to) {
        return from.state().mayBecome(SwapState.RAMP) && SwapState.RAMP.mayBecome(to.state());
    }

    private Swap event(Random random, Swap swap, Instant now) {
        Evidence evidence = evidence(OUTCOMES.get(random.nextInt(5)));
        return switch (random.nextInt(6)) {
            case 0 -> machine.onEvidence(swap, plan, evidence, now);
            case 1 -> machine.onTick(swap, plan, random.nextBoolean() ? evidence : null, "f", now);
            case 2 -> machine.approve(swap, plan, "ann", now);
            case 3 -> machine.rollBack(swap, "alarm", now);
            case 4 -> machine.freeze(swap, "ann", now);
            default -> machine.thaw(swap, "ann", now);
        };
    }

    private Swap serving(Swap swap, Evidence good, Instant now) {
        return swap.state() == SwapState.OFFLINE
                ? machine.approve(swap, plan, "ann", now)
                : machine.onEvidence(swap, plan, good, now);
    }

    private double share(Swap swap, Evidence evidence, Duration later) {
        return machine.onTick(swap, plan, evidence, null, START.plus(later)).share();
    }

    private static SwapPlan plan(Approval approval, Duration dwell) {
        return new SwapPlan("r", OPEN, List.of(), 0.02, 0, List.of(0.01, 0.05, 0.25, 0.95), dwell, 0.05, approval);
    }

    private static Evidence evidence(Outcome outcome) {
        return evidence(outcome, "f");
    }

    private static Evidence evidence(Outcome outcome, @Nullable String fingerprint) {
        return new Evidence("v-1", "r", OPEN, ModelId.parse("openai/gpt-4o"), outcome, 0.02, 0, -0.01, 0.01, 0.95, null,
                null, false, fingerprint, START, START.plus(Duration.ofDays(30)));
    }
}
