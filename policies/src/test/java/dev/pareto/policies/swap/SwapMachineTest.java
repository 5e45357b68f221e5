package dev.pareto.policies.swap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.detect.InputMix;
import dev.pareto.policies.detect.InputShift;
import dev.pareto.policies.swap.guard.Arm;
import dev.pareto.policies.swap.guard.DriftPlan;
import dev.pareto.policies.swap.guard.Guard;
import dev.pareto.policies.swap.guard.GuardRules;
import dev.pareto.policies.swap.guard.Monitor;
import dev.pareto.policies.swap.guard.Observation;
import dev.pareto.policies.swap.guard.Rating;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class SwapMachineTest {

    private static final ModelId OPEN = ModelId.parse("local/m");
    private static final SwapKey KEY = new SwapKey("r", OPEN);
    private static final List<Outcome> OUTCOMES = List.of(Outcome.values());
    private static final Instant START = Instant.parse("2026-11-01T00:00:00Z");
    private static final Duration DAY = Duration.ofDays(1);
    private static final Evidence GOOD = evidence(Outcome.NON_INFERIOR);

    private final SwapMachine machine = new SwapMachine();
    private final SwapPlan plan = plan(Approval.AUTOMATIC, 0.1);
    private Swap swap = Swap.closed(KEY, START);
    private Instant now = START;

    @Test
    void goodEvidenceLeadsThroughShadowAndRampToOpen() {
        List<Move> moves = look(plan, GOOD).moves();
        assertThat(moves).extracting(Move::to).containsExactly(SwapState.OFFLINE, SwapState.SHADOW);
        assertThat(swap.share()).isZero();
        assertThat(swap.verdictId()).isEqualTo("v-1");

        for (double share : new double[]{0.01, 0.05, 0.25}) {
            step(plan);
            assertThat(swap.state()).isEqualTo(SwapState.RAMP);
            assertThat(swap.share()).isEqualTo(share);
        }
        step(plan);
        assertThat(swap.state()).isEqualTo(SwapState.OPEN);
        assertThat(swap.share()).isEqualTo(0.95);
        assertThat(swap.reason()).isEqualTo("verdict v-1 non-inferior");
    }

    @Test
    void aStepNeedsBothItsTimeAndItsAnswers() {
        look(plan, GOOD);
        now = now.plus(DAY);
        assertThat(look(plan, GOOD).moves()).isEmpty();
        now = START;
        answers(plan, 100);
        assertThat(look(plan, GOOD).moves()).isEmpty();
        now = START.plus(DAY);
        assertThat(look(plan, GOOD).swap().state()).isEqualTo(SwapState.RAMP);
    }

    @Test
    void withoutDwellAndShadowItOpensAtOnce() {
        SwapPlan bold = SwapPlan.unstated("r", OPEN, 0.02);

        assertThat(look(bold, GOOD).moves()).extracting(Move::to).containsExactly(SwapState.OFFLINE, SwapState.OPEN);
        assertThat(swap.share()).isEqualTo(1);
    }

    @Test
    void aManualSwapWaitsForAPersonBeforeShadowAndBeforeTheFirstCaller() {
        SwapPlan manual = plan(Approval.MANUAL, 0.1);
        look(manual, GOOD);
        assertThat(swap.state()).isEqualTo(SwapState.OFFLINE);
        assertThat(swap.reason()).endsWith("awaits approval");

        Transition approved = on(manual, GOOD, new SwapEvent.Approved("ann", ""));
        assertThat(approved.moves()).singleElement()
                .satisfies(move -> assertThat(List.of(move.by(), move.from(), move.to()))
                        .isEqualTo(List.of("ann", SwapState.OFFLINE, SwapState.SHADOW)));
        step(manual);
        assertThat(swap.state()).isEqualTo(SwapState.SHADOW);
        assertThat(swap.reason()).isEqualTo("verdict v-1 non-inferior; awaits approval");
        on(manual, GOOD, new SwapEvent.Approved("ann", "looks well"));
        assertThat(swap.share()).isEqualTo(0.01);
        step(manual);
        assertThat(swap.share()).as("the ramp itself is the machine's").isEqualTo(0.05);
    }

    @Test
    void approvalAgreesToTheStepThatIsDueAndSkippingNeedsAReason() {
        SwapPlan manual = plan(Approval.MANUAL, 0.1);
        look(manual, GOOD);
        on(manual, GOOD, new SwapEvent.Approved("ann", ""));
        assertThat(swap.reason()).doesNotContain("awaits approval");
        assertThatThrownBy(() -> on(manual, GOOD, new SwapEvent.Approved("ann", "")))
                .isInstanceOf(IllegalMoveException.class)
                .hasMessageContaining("the next step is not due");
        assertThatThrownBy(() -> on(manual, GOOD, new SwapEvent.Approved("ann", "", true)))
                .isInstanceOf(IllegalMoveException.class);
        assertThat(swap.state()).isEqualTo(SwapState.SHADOW);
        on(manual, GOOD, new SwapEvent.Approved("ann", "the same model was seen elsewhere", true));
        assertThat(swap.share()).isEqualTo(0.01);
        assertThatThrownBy(() -> on(manual, GOOD, new SwapEvent.Approved("ann", "and on")))
                .hasMessageContaining("the next step is not due");
    }

    @Test
    void labelsThatTheSuiteDoesNotUseAreNoDriftAndThoseItUsesAre() {
        Segments byIntent = new Segments("intent", Set.of(), Set.of(), true);
        for (String group : List.of("triage", "order")) {
            InputMix known = InputMix.NONE;
            for (int i = 0; i < 300; i++) {
                known = known.with(Map.of("language", "en"), 1);
            }
            Evidence about = new Evidence("v", "r", GOOD.candidate(), GOOD.incumbent(), Outcome.NON_INFERIOR, 0.03, 0,
                    -0.01, 0.01, 0.95, 0.9, 0.9, false, null, GOOD.createdAt(), GOOD.expiresAt(), null,
                    Outcome.NON_INFERIOR, Map.of(), Map.of(group, known));
            InputMix live = InputMix.NONE;
            for (int i = 0; i < 600; i++) {
                String label = i % 10 == 0 ? "order" : i % 2 == 0 ? "shipping" : "";
                live = live.with(Map.of("language", "en", Evidence.LABEL, label), 1);
            }
            SwapPlan plan = new SwapPlan("r", GOOD.candidate(), List.of(), 0.03, Shadow.of(0), List.of(),
                    Duration.ZERO, 0, 0, Approval.AUTOMATIC, GuardRules.DEFAULT, 0.045, SwapPlan.DEFAULT_COOL_DOWNS,
                    byIntent, DriftPlan.DEFAULT, null);
            Swap seen = Swap.closed(new SwapKey("r", GOOD.candidate()), START)
                    .withMonitor(new Monitor(START, Monitor.FRESH.candidate(), Monitor.FRESH.incumbent(), Map.of(),
                            Map.of(), Map.of(), Monitor.FRESH.pairs(), live, 0));
            InputShift shift = SwapMachine.shift(seen, plan, new Facts(about, null, START));
            if (group.equals("triage")) {
                assertThat(shift).as("the suite groups by something else").isNull();
            } else {
                assertThat(shift).isNotNull();
                assertThat(Objects.requireNonNull(shift).words()).contains("segment (none) is 50 %");
            }
        }
    }

    @Test
    void nobodyApprovesWithoutEvidence() {
        assertThatThrownBy(() -> on(plan, GOOD, new SwapEvent.Approved("ann", "")))
                .isInstanceOf(IllegalMoveException.class)
                .hasMessage("swap of r to local/m is closed: there is nothing to approve");
    }

    @Test
    void everyGuardTakesTheTrafficBackAtOnce() {
        for (Guard guard : EnumSet.complementOf(EnumSet.of(Guard.DRIFT))) {
            open();
            int needed = 0;
            while (swap.state() == SwapState.OPEN && needed < 1_000) {
                on(plan, GOOD, bad(guard));
                needed++;
            }
            assertThat(swap.state()).as(guard.id()).isEqualTo(SwapState.ROLLED_BACK);
            assertThat(swap.share()).isZero();
            assertThat(swap.reason()).startsWith("guard " + guard.id());
            assertThat(needed).as("bad answers in a row that " + guard.id() + " takes").isLessThan(26);
        }
    }

    @Test
    void gradedPairsThatDriftApartTakeItBackAndOnesWithinTheExitMarginDoNot() {
        open();
        for (int i = 0; i < 20_000 && swap.state() == SwapState.OPEN; i++) {
            on(plan, GOOD, new SwapEvent.Graded(i % 40 == 0 ? 0 : 1, 1.0));
        }
        assertThat(swap.state()).as("2.5 points worse is within the 3 that are asked").isEqualTo(SwapState.OPEN);
        int needed = 0;
        while (swap.state() == SwapState.OPEN && needed < 5_000) {
            on(plan.withGuards(new GuardRules(Map.of(), null, 1e6)), GOOD,
                    new SwapEvent.Graded(needed++ % 8 == 0 ? 0 : 1, 1.0));
        }
        assertThat(swap.reason()).startsWith("guard drift");
    }

    @Test
    void callersAreHeldAgainstWhatTheySayOfTheIncumbentAndNotAgainstAnotherScale() {
        SwapPlan unstated = plan.withGuards(GuardRules.DEFAULT);
        open();
        for (int i = 0; i < 2_000; i++) { // grumblers: four of ten are unhappy with either model
            on(unstated, GOOD, rated(Arm.INCUMBENT, Guard.FEEDBACK, i % 10 < 4 ? 0 : 1, now, 2 * i + 1));
            on(unstated, GOOD, rated(Arm.CANDIDATE, Guard.FEEDBACK, i % 10 < 4 ? 0 : 1, now, 2 * i + 2));
        }
        assertThat(swap.state()).isEqualTo(SwapState.OPEN);
        int needed = 0;
        while (swap.state() == SwapState.OPEN && needed < 1_000) {
            needed++;
            on(unstated, GOOD, rated(Arm.CANDIDATE, Guard.FEEDBACK, needed % 10 < 8 ? 0 : 1, now, 4_000 + needed));
        }
        assertThat(swap.reason()).startsWith("guard feedback");
        assertThat(needed).as("ratings until eight of ten unhappy ones are enough").isLessThan(120);
    }

    @Test
    void whatTheIncumbentIsWorthIsLearntBeforeAnyCandidateServes() {
        for (int i = 1; i <= 100; i++) {
            on(plan, null, rated(Arm.INCUMBENT, Guard.FEEDBACK, i % 2, now, i));
        }
        assertThat(swap.state()).isEqualTo(SwapState.CLOSED);
        look(plan, GOOD);
        step(plan);
        assertThat(swap.state()).isEqualTo(SwapState.RAMP);
        Double lacking = Objects.requireNonNull(swap.monitor().lacking(Guard.FEEDBACK));
        assertThat(lacking).as("half, and Wilson's limit of a hundred").isBetween(0.57, 0.59);
        SwapPlan unstated = plan.withGuards(GuardRules.DEFAULT);
        assertThat(rate(unstated)).as("no guard, and no part of the false alarms, before its first rating").isNull();
        on(unstated, GOOD, rated(Arm.CANDIDATE, Guard.FEEDBACK, 1, now, 101));
        assertThat(rate(unstated)).isEqualTo(lacking + plan.exitMargin());
    }

    private @Nullable Double rate(SwapPlan by) {
        return SwapMachine.rules(by, new Facts(GOOD, "f", now), swap.monitor()).rate(Guard.FEEDBACK);
    }

    @Test
    void whatNobodyCanCompareWithRaisesNoAlarm() {
        SwapPlan unstated = plan.withGuards(GuardRules.DEFAULT);
        open();
        for (int i = 1; i <= 200; i++) {
            on(unstated, GOOD, rated(Arm.CANDIDATE, Guard.FEEDBACK, 0, now, i));
        }
        assertThat(swap.state()).isEqualTo(SwapState.OPEN);
    }

    @Test
    void aRatingIsTakenOnceAndOnlyOfThisLife() {
        open();
        on(plan, GOOD, rated(Arm.CANDIDATE, Guard.FEEDBACK, 0, START.minusSeconds(1), 7));
        assertThat(swap.monitor().detectors()).as("answered before this life began").doesNotContainKey(Guard.FEEDBACK);
        assertThat(swap.monitor().mark()).isEqualTo(7);
        for (int i = 0; i < 3; i++) {
            on(plan, GOOD, rated(Arm.CANDIDATE, Guard.FEEDBACK, 0, now, 8));
        }
        assertThat(Objects.requireNonNull(swap.monitor().detectors().get(Guard.FEEDBACK)).seen()).isEqualTo(1);
    }

    @Test
    void judgedPairsSpeakForItAsGradedOnesDo() {
        look(plan, GOOD);
        on(plan, GOOD, new SwapEvent.Compared(0));
        step(plan);
        assertThat(swap.reason()).endsWith("live pairs do not show yet that it is good enough");
        for (int i = 0; i < 400; i++) {
            on(plan, GOOD, new SwapEvent.Compared(0));
        }
        look(plan, GOOD);
        assertThat(swap.state()).isEqualTo(SwapState.RAMP);
        assertThat(swap.monitor().detectors()).as("pairs are of no absolute scale").isEmpty();
    }

    /** Nine of ten requests of the evidence are English, one is German. */
    private static Evidence about(String id, Instant created) {
        InputMix known = InputMix.NONE;
        for (int i = 0; i < 400; i++) {
            known = known.with(Map.of("language", i % 10 == 0 ? "de" : "en"), 1);
        }
        return new Evidence(id, "r", OPEN, ModelId.parse("openai/gpt-4o"), Outcome.NON_INFERIOR, 0.02, 0, -0.01, 0.01,
                0.95, null, null, false, "f", created, created.plus(Duration.ofDays(60)), "s", Outcome.NON_INFERIOR,
                Map.of(), Map.of("", known));
    }

    @Test
    void requestsOfAnotherKindMakeTheEvidenceStaleUntilThereIsNewer() {
        Evidence evidence = about("v-1", START);
        look(plan, evidence);
        assertThat(swap.state()).isEqualTo(SwapState.SHADOW);
        for (int i = 0; i < 3_000; i++) {
            on(plan, evidence, new SwapEvent.Asked(Map.of("language", i % 10 == 0 ? "de" : "en")));
            look(plan, evidence);
        }
        assertThat(swap.state()).as("requests as they were measured").isEqualTo(SwapState.SHADOW);
        int asked = 0;
        while (swap.state() == SwapState.SHADOW && asked < 10_000) {
            on(plan, evidence, new SwapEvent.Asked(Map.of("language", asked++ % 2 == 0 ? "de" : "en")));
            look(plan, evidence);
        }
        assertThat(swap.state()).isEqualTo(SwapState.STALE);
        assertThat(asked).isLessThan(3_000);
        assertThat(swap.reason()).startsWith("input drift: language de is ")
                .contains("10 % of the evidence (PSI 0.")
                .endsWith("; verdict v-1 speaks of other requests");
        now = now.plus(DAY);
        assertThat(look(plan, evidence).moves()).as("the same evidence brings nothing back").isEmpty();
        look(plan, about("v-2", now));
        assertThat(swap.state()).isEqualTo(SwapState.SHADOW);
        assertThat(swap.monitor().inputs().n()).isZero();
    }

    @Test
    void evidenceThatDoesNotTellItsRequestsOrAPlanThatDoesNotLookNeverDrifts() {
        for (SwapPlan by : List.of(plan,
                new SwapPlan(plan.route(), plan.to(), plan.suites(), plan.margin(), plan.shadow(),
                        plan.ramp(), plan.dwell(), plan.requests(), plan.holdback(), plan.approval(), plan.guards(),
                        plan.exitMargin(), plan.coolDowns(), plan.segments(), null, null))) {
            swap = Swap.closed(KEY, START);
            Evidence evidence = by.drift() == null ? about("v-1", START) : GOOD;
            look(by, evidence);
            for (int i = 0; i < 600; i++) {
                on(by, evidence, new SwapEvent.Asked(Map.of("language", "fi")));
            }
            assertThat(look(by, evidence).moves()).isEmpty();
        }
    }

    @Test
    void aWindowThatIsFullIsLookedAtBeforeItIsLeftBehind() {
        SwapPlan small = new SwapPlan(plan.route(), plan.to(), plan.suites(), plan.margin(), plan.shadow(), plan.ramp(),
                plan.dwell(), plan.requests(), plan.holdback(), plan.approval(), plan.guards(), plan.exitMargin(),
                plan.coolDowns(), plan.segments(), new DriftPlan(0.2, 200, 200), null);
        Evidence evidence = about("v-1", START);
        look(small, evidence);
        for (int i = 0; i < 200; i++) {
            on(small, evidence, new SwapEvent.Asked(Map.of("language", i % 10 == 0 ? "de" : "en")));
        }
        on(small, evidence, new SwapEvent.Asked(Map.of("language", "fi")));
        assertThat(swap.monitor().inputs().n()).as("a new window").isEqualTo(1);
        for (int i = 0; i < 199; i++) {
            on(small, evidence, new SwapEvent.Asked(Map.of("language", "fi")));
        }
        assertThat(swap.state()).isEqualTo(SwapState.SHADOW);
        on(small, evidence, new SwapEvent.Asked(Map.of("language", "fi")));
        assertThat(swap.state()).isEqualTo(SwapState.STALE);
        assertThat(swap.reason()).contains("language fi is 100 % of the last 200 requests and 0 % of the evidence");
    }

    @Test
    void livePairsMustSpeakForItBeforeTheFirstCaller() {
        look(plan, GOOD);
        on(plan, GOOD, new SwapEvent.Graded(1, 1.0));
        step(plan);
        assertThat(swap.state()).isEqualTo(SwapState.SHADOW);
        assertThat(swap.reason()).endsWith("live pairs do not show yet that it is good enough");
        for (int i = 0; i < 400; i++) {
            on(plan, GOOD, new SwapEvent.Graded(1, 1.0));
        }
        look(plan, GOOD);
        assertThat(swap.state()).isEqualTo(SwapState.RAMP);
        assertThat(swap.reason()).isEqualTo("verdict v-1 non-inferior");
    }

    @Test
    void armsThatDoNotHoldTheirCallersStopTheRampUntilAPersonHasLooked() {
        look(plan, GOOD);
        step(plan);
        step(plan);
        assertThat(swap.share()).isEqualTo(0.05);
        for (int i = 0; i < 2_000; i++) {
            on(plan, GOOD, new SwapEvent.Seen(fine(i % 4 == 0 ? Arm.CANDIDATE : Arm.INCUMBENT)));
        }
        step(plan);
        assertThat(swap.share()).isEqualTo(0.05);
        assertThat(swap.reason()).contains("sample ratio mismatch");
        on(plan, GOOD, new SwapEvent.Approved("ann", "a crawler, blocked"));
        assertThat(swap.share()).isEqualTo(0.25);
    }

    @Test
    void anInferiorVerdictRollsBackAndADoubtfulOneMakesStale() {
        open();
        look(plan, evidence(Outcome.INFERIOR));
        assertThat(swap.state()).isEqualTo(SwapState.ROLLED_BACK);

        open();
        look(plan, evidence(Outcome.INCONCLUSIVE));
        assertThat(swap.state()).isEqualTo(SwapState.STALE);

        swap = Swap.closed(KEY, START);
        assertThat(look(plan, evidence(Outcome.INCONCLUSIVE)).moves()).isEmpty();
        assertThat(swap.reason()).isEqualTo("verdict v-1 inconclusive");
    }

    @Test
    void evidenceGoesStaleByTimeByBuildAndByAbsence() {
        open();
        Swap open = swap;
        Facts expired = new Facts(GOOD, "f", GOOD.expiresAt());
        assertThat(machine.permit(open, plan, expired).share()).as("without waiting for the next look").isZero();
        assertThat(machine.on(open, plan, expired, new SwapEvent.Looked()).swap().state()).isEqualTo(SwapState.STALE);
        Facts other = new Facts(GOOD, "other", now);
        assertThat(machine.permit(open, plan, other).why()).contains("another build");
        assertThat(machine.permit(open, plan, new Facts(null, "f", now)).share()).isZero();

        Evidence remeasured = evidence("v-2", Outcome.NON_INFERIOR, "other", now);
        Transition again = machine.on(open, plan, new Facts(remeasured, "other", now), new SwapEvent.Looked());
        assertThat(again.moves()).extracting(Move::to)
                .as("a new build has to earn its place again")
                .containsExactly(SwapState.STALE, SwapState.OFFLINE, SwapState.SHADOW);
    }

    @Test
    void anUnknownBuildOnEitherSideContradictsNothing() {
        open();
        assertThat(machine.permit(swap, plan, new Facts(GOOD, null, now)).share()).isEqualTo(0.95);
        Evidence unknown = evidence("v-1", Outcome.NON_INFERIOR, null, START);
        assertThat(machine.permit(swap, plan, new Facts(unknown, "f", now)).share()).isEqualTo(0.95);
    }

    @Test
    void aRollBackCoolsDownLongerEachTimeWantsFreshEvidenceAndThenAPerson() {
        for (int days : new int[]{1, 7, 30}) {
            Evidence fresh = evidence("v-" + days, Outcome.NON_INFERIOR, "f", now.plusSeconds(1));
            now = now.plusSeconds(2);
            look(plan, fresh);
            assertThat(swap.state()).isEqualTo(SwapState.SHADOW);
            while (swap.state() == SwapState.SHADOW) {
                on(plan, fresh, bad(Guard.ERRORS));
            }
            assertThat(swap.notBefore()).isEqualTo(now.plus(Duration.ofDays(days)));
            assertThat(look(plan, evidence("w", Outcome.NON_INFERIOR, "f", now.plusSeconds(1))).moves())
                    .as("good evidence does not shorten the time out")
                    .isEmpty();
            now = now.plus(Duration.ofDays(days));
            assertThat(look(plan, fresh).swap().state()).as("the old verdict does not count any more")
                    .isEqualTo(SwapState.OFFLINE);
        }
        Evidence fresh = evidence("v-x", Outcome.NON_INFERIOR, "f", now);
        look(plan, fresh);
        assertThat(swap.state()).isEqualTo(SwapState.OFFLINE);
        assertThat(swap.reason()).endsWith("awaits approval");
        assertThat(on(plan, fresh, new SwapEvent.Approved("ann", "mended")).swap().state())
                .isEqualTo(SwapState.SHADOW);
    }

    @Test
    void aPersonsRollBackIsNoStrike() {
        open();
        on(plan, GOOD, new SwapEvent.RolledBack("ann", "a complaint"));
        assertThat(swap.strikes()).isZero();
        assertThat(swap.notBefore()).isEqualTo(now.plus(DAY));
        assertThatThrownBy(() -> on(plan, GOOD, new SwapEvent.RolledBack("ann", "again")))
                .isInstanceOf(IllegalMoveException.class);
    }

    @Test
    void aFrozenSwapMovesBackButNotForwardUntilTheFreezeExpires() {
        look(plan, GOOD);
        on(plan, GOOD, new SwapEvent.Frozen("ann", "audit", now.plus(DAY.multipliedBy(5))));
        step(plan);
        assertThat(swap.state()).isEqualTo(SwapState.SHADOW);
        assertThatThrownBy(() -> on(plan, GOOD, new SwapEvent.Approved("bob", "")))
                .hasMessageContaining("it is held; release it first");
        Swap frozen = swap;
        while (swap.state() == SwapState.SHADOW) {
            on(plan, GOOD, bad(Guard.ERRORS));
        }
        assertThat(swap.state()).isEqualTo(SwapState.ROLLED_BACK);

        swap = frozen;
        now = START.plus(DAY.multipliedBy(5));
        assertThat(look(plan, GOOD).moves()).extracting(Move::reason).first().isEqualTo("freeze by ann expired");
        assertThat(swap.state()).isEqualTo(SwapState.RAMP);
    }

    @Test
    void aFreezeOutlivesTheRollBackThatItAllowed() {
        open();
        on(plan, GOOD, new SwapEvent.Frozen("ann", "audit", now.plus(DAY.multipliedBy(5))));
        while (swap.state() == SwapState.OPEN) {
            on(plan, GOOD, bad(Guard.ERRORS));
        }
        Instant rolledBack = now;
        Evidence fresh = evidence("v-2", Outcome.NON_INFERIOR, "f", now.plusSeconds(1));
        now = rolledBack.plus(DAY.multipliedBy(2));
        look(plan, fresh);
        assertThat(swap.state()).as("cooled down, but frozen").isEqualTo(SwapState.ROLLED_BACK);
        now = rolledBack.plus(DAY.multipliedBy(5));
        look(plan, fresh);
        assertThat(swap.state()).isEqualTo(SwapState.SHADOW);
    }

    @Test
    void theShareOfAnOverrideIsNoMismatchOfTheRampThatItInterrupts() {
        look(plan, GOOD);
        step(plan);
        step(plan);
        assertThat(swap.share()).isEqualTo(0.05);
        on(plan, GOOD, new SwapEvent.Overridden("ann", "a trial", now.plus(DAY), 0.5));
        for (int i = 0; i < 2_000; i++) {
            on(plan, GOOD, new SwapEvent.Seen(fine(i % 2 == 0 ? Arm.CANDIDATE : Arm.INCUMBENT)));
        }
        Swap overridden = swap;
        now = now.plus(DAY);
        look(plan, GOOD);
        assertThat(swap.share()).as("its own share has not been seen yet").isEqualTo(0.05);
        step(plan);
        assertThat(swap.share()).as(swap.reason()).isEqualTo(0.25);

        swap = overridden;
        now = now.minus(DAY.multipliedBy(2));
        on(plan, GOOD, new SwapEvent.Released("ann", ""));
        step(plan);
        assertThat(swap.share()).as(swap.reason()).isEqualTo(0.25);
    }

    @Test
    void whatAnOverrideInterruptsGoesOnWithWhatItHadCounted() {
        look(plan, GOOD);
        for (int i = 0; i < 85; i++) {
            on(plan, GOOD, new SwapEvent.Seen(fine(Arm.CANDIDATE)));
        }
        Monitor copies = swap.monitor();
        on(plan, GOOD, new SwapEvent.Overridden("ann", "trial", now.plus(DAY), 0.1));
        assertThat(swap.monitor().candidate().requests()).as("callers count for themselves").isZero();
        on(plan, GOOD, bad(Guard.ERRORS));
        on(plan, GOOD, bad(Guard.ERRORS));
        on(plan, GOOD, new SwapEvent.Overridden("ann", "more", now.plus(DAY), 0.2));
        on(plan, GOOD, new SwapEvent.Released("ann", ""));
        assertThat(swap.state()).isEqualTo(SwapState.SHADOW);
        assertThat(swap.monitor()).isEqualTo(copies.withoutUnits());

        step(plan);
        assertThat(swap.state()).isEqualTo(SwapState.RAMP);
        for (int i = 0; i < 61; i++) {
            on(plan, GOOD, new SwapEvent.Seen(fine(Arm.CANDIDATE)));
        }
        on(plan, GOOD, new SwapEvent.Overridden("ann", "an incident", now.plus(DAY), 0));
        assertThat(swap.monitor().candidate().requests()).isZero();
        on(plan, GOOD, new SwapEvent.Overridden("ann", "a trial", now.plus(DAY), 0.5));
        on(plan, GOOD, bad(Guard.ERRORS));
        Map<Guard, Double> spoke = swap.monitor().bad();
        now = now.plus(DAY);
        on(plan, GOOD, new SwapEvent.Looked());
        assertThat(swap.monitor().candidate().requests()).isEqualTo(61);
        assertThat(swap.monitor().candidate().units()).as("who was seen is not known any more").isZero();
        assertThat(swap.monitor().bad()).as("what speaks against the candidate is not forgotten").isEqualTo(spoke);
        assertThat(spoke.get(Guard.ERRORS)).isEqualTo(1);
    }

    @Test
    void anOverrideEndsNoFreezeAndAFreezeNoOverride() {
        open();
        on(plan, GOOD, new SwapEvent.Frozen("ann", "audit", now.plus(DAY)));
        Swap frozen = swap;
        assertThatThrownBy(() -> on(plan, GOOD, new SwapEvent.Overridden("bob", "trial", now.plus(DAY), 0.05)))
                .isInstanceOf(IllegalMoveException.class)
                .hasMessageContaining("it is held; release it first");
        assertThat(swap).isEqualTo(frozen);
        on(plan, GOOD, new SwapEvent.Frozen("bob", "a longer audit", now.plus(DAY.multipliedBy(2))));
        on(plan, GOOD, new SwapEvent.Released("ann", ""));
        on(plan, GOOD, new SwapEvent.Overridden("bob", "an incident", now.plus(DAY), 0));
        assertThatThrownBy(() -> on(plan, GOOD, new SwapEvent.Frozen("ann", "audit", now.plus(DAY))))
                .hasMessageContaining("it is held; release it first");
        assertThat(swap.shareAt(now)).isZero();
    }

    @Test
    void aRequestThatItsCallerLeftIsNoAnswerAndSlowOnlyIfTheyHadWaitedTooLong() {
        look(plan, GOOD);
        now = now.plus(DAY);
        for (int i = 0; i < plan.requests(); i++) {
            on(plan, GOOD, new SwapEvent.Seen(new Observation(Arm.CANDIDATE, false, null, null, null, null)));
        }
        look(plan, GOOD);
        assertThat(swap.state()).as("no answers yet").isEqualTo(SwapState.SHADOW);
        for (int i = 0; i < 26 && swap.state() == SwapState.SHADOW; i++) {
            on(plan, GOOD, new SwapEvent.Seen(
                    new Observation(Arm.CANDIDATE, false, null, null, null, Duration.ofSeconds(9))));
        }
        assertThat(swap.reason()).startsWith("guard latency");
    }

    @Test
    void anOverrideServesWithoutEvidenceAndEndsByTimeByReleaseOrByAGuard() {
        var trial = new SwapEvent.Overridden("ann", "trial", now.plus(DAY), 0.1);
        on(plan, null, trial);
        assertThat(machine.permit(swap, plan, new Facts(null, null, now)).share()).isEqualTo(0.1);
        assertThat(machine.permit(swap, plan, new Facts(null, null, now.plus(DAY))).share()).isZero();

        Swap overridden = swap;
        on(plan, null, new SwapEvent.Released("ann", ""));
        assertThat(swap.hold()).isNull();

        swap = overridden;
        while (swap.state() == SwapState.CLOSED) {
            on(plan, null, bad(Guard.FORMAT));
        }
        assertThat(swap.state()).isEqualTo(SwapState.ROLLED_BACK);
        assertThat(swap.shareAt(now)).isZero();
        assertThatThrownBy(() -> on(plan, null, trial)).hasMessageContaining("nobody overrides a roll-back");
        assertThatThrownBy(() -> on(plan, null, new SwapEvent.Frozen("ann", " ", now.plus(DAY))))
                .hasMessageContaining("who decides and why");
        assertThatThrownBy(() -> on(plan, null, new SwapEvent.Frozen("ann", "x", now.plus(DAY.multipliedBy(91)))))
                .hasMessageContaining("90 days at most");
    }

    @Test
    void anOverrideToNothingClosesAnOpenSwapForAWhile() {
        open();
        on(plan, GOOD, new SwapEvent.Overridden("ann", "an incident", now.plus(DAY), 0));
        assertThat(machine.permit(swap, plan, new Facts(GOOD, "f", now)).share()).isZero();
        now = now.plus(DAY);
        look(plan, GOOD);
        assertThat(machine.permit(swap, plan, new Facts(GOOD, "f", now)).share()).isEqualTo(0.95);
    }

    @Test
    void whatIsSeenOfAClosedSwapMovesNothing() {
        for (int i = 0; i < 100; i++) {
            on(plan, GOOD, bad(Guard.ERRORS));
        }
        assertThat(swap).isEqualTo(Swap.closed(KEY, START));
    }

    @Test
    void aPartOfTheTrafficFollowsItsOwnSlice() {
        Segments byIntent = new Segments("intent", Set.of("refund"), Set.of("billing"), false);
        SwapPlan divided = new SwapPlan("r", OPEN, List.of(), 0.02, Shadow.NONE, List.of(), Duration.ZERO, 0, 0,
                Approval.AUTOMATIC, GuardRules.DEFAULT, 0.03, SwapPlan.DEFAULT_COOL_DOWNS, byIntent, null, null);
        Evidence mixed = new Evidence("v-1", "r", OPEN, ModelId.parse("openai/gpt-4o"), Outcome.INCONCLUSIVE, 0.02, 0,
                -0.01, 0.01, 0.95, null, null, false, "f", START, START.plus(Duration.ofDays(30)), "s",
                Outcome.NON_INFERIOR, Map.of("refund", Outcome.INFERIOR, "billing", Outcome.INCONCLUSIVE));

        look(divided, mixed);
        assertThat(swap.state()).as("the rest").isEqualTo(SwapState.OPEN);
        swap = Swap.closed(new SwapKey("r", OPEN, "billing"), START);
        look(divided, mixed);
        assertThat(swap.state()).isEqualTo(SwapState.CLOSED);
    }

    @Test
    void randomEventsOnlyEverMakeLegalMovesAndNeverServeWithoutEvidenceOrAPerson() {
        Random random = new Random(5);
        for (int run = 0; run < 3_000; run++) {
            swap = Swap.closed(KEY, START);
            now = START;
            for (int i = 0; i < 60; i++) {
                now = now.plusSeconds(random.nextInt(100_000));
                SwapState before = swap.state();
                Evidence evidence = evidence("v" + i, OUTCOMES.get(random.nextInt(random.nextBoolean() ? 2 : 5)), "f",
                        now.minusSeconds(random.nextInt(100_000)));
                Facts facts = new Facts(random.nextInt(9) == 0 ? null : evidence, random.nextInt(9) == 0 ? "g" : "f",
                        now);
                Transition transition;
                try {
                    transition = machine.on(swap, plan, facts, event(random));
                } catch (IllegalMoveException refused) {
                    continue;
                }
                for (Move move : transition.moves()) {
                    assertThat(move.from()).isEqualTo(before);
                    if (move.to() != before) {
                        assertThat(before.next()).contains(move.to());
                    }
                    before = move.to();
                }
                swap = transition.swap();
                assertThat(swap.state()).isEqualTo(before);
                SwapMachine.Permit permit = machine.permit(swap, plan, facts);
                if (permit.share() > 0 && !permit.overridden()) {
                    assertThat(facts.evidence()).isNotNull();
                    assertThat(facts.fingerprint()).isEqualTo("f");
                }
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

    private SwapEvent event(Random random) {
        return switch (random.nextInt(10)) {
            case 0 -> new SwapEvent.Approved("ann", "");
            case 1 -> new SwapEvent.RolledBack("ann", "x");
            case 2 -> new SwapEvent.Frozen("ann", "x", now.plusSeconds(1 + random.nextInt(200_000)));
            case 3 -> new SwapEvent.Overridden("ann", "x", now.plusSeconds(1 + random.nextInt(200_000)),
                    random.nextInt(3) / 2.0);
            case 4 -> new SwapEvent.Released("ann", "");
            case 5 -> new SwapEvent.Graded(random.nextDouble(), random.nextDouble());
            case 7 -> random.nextBoolean()
                    ? rated(random.nextBoolean() ? Arm.CANDIDATE : Arm.INCUMBENT, Guard.FEEDBACK, random.nextDouble(),
                            now, random.nextInt(1_000))
                    : new SwapEvent.Asked(Map.of("length", "" + random.nextInt(9)));
            case 6 -> bad(Guard.ERRORS);
            default -> new SwapEvent.Looked();
        };
    }

    private void open() {
        swap = Swap.closed(KEY, START);
        now = START;
        look(plan, GOOD);
        for (int i = 0; i < 4; i++) {
            step(plan);
        }
        assertThat(swap.state()).isEqualTo(SwapState.OPEN);
    }

    /** A day of good answers, and a look. */
    private void step(SwapPlan by) {
        answers(by, by.requests());
        now = now.plus(DAY);
        look(by, GOOD);
    }

    private void answers(SwapPlan by, int count) {
        for (int i = 0; i < count; i++) {
            on(by, GOOD, new SwapEvent.Seen(new Observation(Arm.CANDIDATE, false, false, false, false,
                    Duration.ofSeconds(1))));
        }
    }

    private static Observation fine(Arm arm) {
        return new Observation(arm, true, false, false, false, Duration.ofSeconds(1));
    }

    private static SwapEvent bad(Guard guard) {
        return switch (guard) {
            case QUALITY -> new SwapEvent.Graded(0, null);
            case FEEDBACK, JUDGED -> rated(Arm.CANDIDATE, guard, 0, START.plus(Duration.ofDays(90)), 0);
            case ERRORS, FORMAT, TRUNCATED, LATENCY,
                    DRIFT ->
                new SwapEvent.Seen(new Observation(Arm.CANDIDATE, false, guard == Guard.ERRORS,
                        guard == Guard.FORMAT, guard == Guard.TRUNCATED,
                        Duration.ofSeconds(guard == Guard.LATENCY ? 9 : 1)));
        };
    }

    private static SwapEvent rated(Arm arm, Guard source, double score, Instant answeredAt, long mark) {
        return new SwapEvent.Rated(new Rating(arm, source, score, answeredAt, mark));
    }

    private Transition look(SwapPlan by, @Nullable Evidence evidence) {
        return on(by, evidence, new SwapEvent.Looked());
    }

    private Transition on(SwapPlan by, @Nullable Evidence evidence, SwapEvent event) {
        Transition transition = machine.on(swap, by, new Facts(evidence, "f", now), event);
        swap = transition.swap();
        return transition;
    }

    private static SwapPlan plan(Approval approval, double shadow) {
        return new SwapPlan("r", OPEN, List.of(), 0.02, shadow, List.of(0.01, 0.05, 0.25, 0.95), DAY, 0.05, approval)
                .withGuards(GuardRules.DEFAULT.latencyOr(Duration.ofSeconds(6))
                        .qualityOr(0.1)
                        .or(Guard.FEEDBACK, 0.1)
                        .or(Guard.JUDGED, 0.1));
    }

    private static Evidence evidence(Outcome outcome) {
        return evidence("v-1", outcome, "f", START);
    }

    private static Evidence evidence(String id, Outcome outcome, @Nullable String fingerprint, Instant created) {
        return new Evidence(id, "r", OPEN, ModelId.parse("openai/gpt-4o"), outcome, 0.02, 0, -0.01, 0.01, 0.95, null,
                null, false, fingerprint, created, created.plus(Duration.ofDays(60)));
    }
}
