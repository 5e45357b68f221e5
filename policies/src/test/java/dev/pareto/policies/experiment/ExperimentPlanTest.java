package dev.pareto.policies.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.pareto.policies.swap.IllegalMoveException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ExperimentPlanTest {

    private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");

    private static Arm arm(String name, double weight) {
        return new Arm(name, null, null, null, weight);
    }

    private static ExperimentPlan plan(Unit unit, MissingUnit missing, double traffic, @Nullable String salt,
            Audience audience, Arm... arms) {
        return new ExperimentPlan("x", "one is better", "r", audience, traffic, List.of(arms), unit, missing, salt,
                Metric.named("success"), new Tolerance(0.02, false), List.of(), List.of(), Duration.ofMinutes(5),
                StopRule.DEFAULT, Duration.ZERO);
    }

    private static Who user(String name) {
        return new Who(name, null, "acme", "q-" + name);
    }

    @Test
    void aUnitStaysInItsArmAndArmsGetTheirShares() {
        ExperimentPlan plan = plan(Unit.USER, MissingUnit.LEAVE_OUT, 1, null, Audience.ALL, arm("a", 0.5),
                arm("b", 0.3), arm("c", 0.2));
        Map<String, Integer> counts = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            var first = Objects.requireNonNull(plan.assign(user("u" + i), Map.of(), 1));
            assertThat(plan.assign(new Who("u" + i, "other", "acme", "later"), Map.of(), 1)).isEqualTo(first);
            counts.merge(first.arm().name(), 1, Integer::sum);
        }
        assertThat(counts.getOrDefault("a", 0) / 20_000.0).isCloseTo(0.5, within(0.015));
        assertThat(counts.getOrDefault("b", 0) / 20_000.0).isCloseTo(0.3, within(0.015));
        assertThat(counts.getOrDefault("c", 0) / 20_000.0).isCloseTo(0.2, within(0.015));
    }

    @Test
    void moreTrafficOnlyAddsUnits() {
        ExperimentPlan few = plan(Unit.USER, MissingUnit.LEAVE_OUT, 0.1, "s", Audience.ALL, arm("a", 0.5),
                arm("b", 0.5));
        ExperimentPlan many = plan(Unit.USER, MissingUnit.LEAVE_OUT, 0.5, "s", Audience.ALL, arm("a", 0.5),
                arm("b", 0.5));
        int in = 0;
        for (int i = 0; i < 5_000; i++) {
            var before = few.assign(user("u" + i), Map.of(), 1);
            if (before != null) {
                in++;
                assertThat(many.assign(user("u" + i), Map.of(), 1)).isEqualTo(before);
            }
        }
        assertThat(in / 5_000.0).isCloseTo(0.1, within(0.02));
    }

    @Test
    void anotherRunOrSaltShufflesAndAStatedSaltDoesNot() {
        Arm[] arms = {arm("a", 0.5), arm("b", 0.5)};
        ExperimentPlan own = plan(Unit.USER, MissingUnit.LEAVE_OUT, 1, null, Audience.ALL, arms);
        ExperimentPlan stated = plan(Unit.USER, MissingUnit.LEAVE_OUT, 1, "s", Audience.ALL, arms);
        int moved = 0;
        for (int i = 0; i < 2_000; i++) {
            var one = Objects.requireNonNull(own.assign(user("u" + i), Map.of(), 1));
            var two = Objects.requireNonNull(own.assign(user("u" + i), Map.of(), 2));
            moved += one.arm().equals(two.arm()) ? 0 : 1;
            assertThat(two.unit()).as("the unit is the same one").isEqualTo(one.unit());
            assertThat(stated.assign(user("u" + i), Map.of(), 2)).isEqualTo(stated.assign(user("u" + i), Map.of(), 1));
        }
        assertThat(moved / 2_000.0).isCloseTo(0.5, within(0.05));
    }

    @Test
    void aMissingUnitFallsBackAsStated() {
        Arm[] arms = {arm("a", 0.5), arm("b", 0.5)};
        Who nameless = new Who(null, " ", "acme", "q-1");
        assertThat(plan(Unit.CONVERSATION, MissingUnit.LEAVE_OUT, 1, null, Audience.ALL, arms)
                .assign(nameless, Map.of(), 1)).isNull();
        var byKey = plan(Unit.CONVERSATION, MissingUnit.KEY, 1, null, Audience.ALL, arms);
        assertThat(byKey.assign(nameless, Map.of(), 1))
                .isEqualTo(byKey.assign(new Who(null, null, "acme", "q-2"), Map.of(), 1));
        var byRequest = plan(Unit.CONVERSATION, MissingUnit.REQUEST, 1, null, Audience.ALL, arms);
        assertThat(byRequest.assign(nameless, Map.of(), 1))
                .isNotEqualTo(byRequest.assign(new Who(null, null, "acme", "q-2"), Map.of(), 1));
    }

    @Test
    void tenantsDoNotShareTheirUsers() {
        ExperimentPlan plan = plan(Unit.USER, MissingUnit.LEAVE_OUT, 1, null, Audience.ALL, arm("a", 0.5),
                arm("b", 0.5));
        var ours = Objects.requireNonNull(plan.assign(new Who("ann", null, "acme", "q"), Map.of(), 1));
        var theirs = Objects.requireNonNull(plan.assign(new Who("ann", null, "bolt", "q"), Map.of(), 1));
        assertThat(ours.unit()).isNotEqualTo(theirs.unit());
    }

    @Test
    void onlyTheStatedPartOfTheTrafficTakesPart() {
        Audience only = new Audience("intent", List.of("order"), List.of());
        Audience except = new Audience("intent", List.of(), List.of("refund"));
        ExperimentPlan plan = plan(Unit.USER, MissingUnit.LEAVE_OUT, 1, null, only, arm("a", 0.5), arm("b", 0.5));
        assertThat(plan.assign(user("u"), Map.of("intent", "order"), 1)).isNotNull();
        assertThat(plan.assign(user("u"), Map.of("intent", "refund"), 1)).isNull();
        assertThat(plan.assign(user("u"), Map.of(), 1)).isNull();
        assertThat(except.holds(Map.of("intent", "order"))).isTrue();
        assertThat(except.holds(Map.of("intent", "refund"))).isFalse();
        assertThat(only.apartFrom(new Audience("intent", List.of("billing"), List.of()))).isTrue();
        assertThat(only.apartFrom(new Audience("intent", List.of(), List.of("order")))).isTrue();
        assertThat(only.apartFrom(except)).isFalse();
        assertThat(only.apartFrom(Audience.ALL)).isFalse();
        assertThat(only.apartFrom(new Audience("team", List.of("billing"), List.of()))).isFalse();
    }

    @Test
    void whatMakesResultsIncomparableChangesTheFingerprint() {
        Arm[] arms = {arm("a", 0.5), arm("b", 0.5)};
        String one = plan(Unit.USER, MissingUnit.LEAVE_OUT, 1, null, Audience.ALL, arms).fingerprint();
        assertThat(plan(Unit.USER, MissingUnit.LEAVE_OUT, 1, null, Audience.ALL, arms).fingerprint()).isEqualTo(one);
        assertThat(plan(Unit.KEY, MissingUnit.LEAVE_OUT, 1, null, Audience.ALL, arms).fingerprint()).isNotEqualTo(one);
        assertThat(plan(Unit.USER, MissingUnit.LEAVE_OUT, 1, null, Audience.ALL, arm("a", 0.4), arm("b", 0.6))
                .fingerprint()).isNotEqualTo(one);
    }

    @Test
    void badPlansAreRefusedWithWhatIsWrong() {
        assertThatThrownBy(() -> plan(Unit.USER, MissingUnit.LEAVE_OUT, 1, null, Audience.ALL, arm("a", 1)))
                .hasMessageContaining("2 to 10 arms");
        assertThatThrownBy(
                () -> plan(Unit.USER, MissingUnit.LEAVE_OUT, 1, null, Audience.ALL, arm("a", 0.5), arm("b", 0.4)))
                .hasMessageContaining("sum to 100 %, not to 90.0 %");
        assertThatThrownBy(() -> new Audience(null, List.of("a"), List.of())).hasMessageContaining("need 'by'");
        assertThatThrownBy(() -> Metric.named("Success!")).hasMessageContaining("is no metric");
        assertThatThrownBy(() -> new Guard(Metric.named("errors"), new Tolerance(0, false)))
                .hasMessageContaining("above 0 pp");
        assertThatThrownBy(() -> Tolerance.parse("5 %", Metric.named("errors"))).hasMessageContaining("pp");
        assertThat(Tolerance.parse("50 ms", Metric.named("latency"))).isEqualTo(new Tolerance(50, false));
        assertThat(Tolerance.parse("10 %", Metric.named("cost"))).isEqualTo(new Tolerance(0.1, true));
    }

    @Test
    void anExperimentStartsStopsAndIsConcludedAndNothingElse() {
        ExperimentPlan plan = plan(Unit.USER, MissingUnit.LEAVE_OUT, 1, null, Audience.ALL, arm("a", 0.5),
                arm("b", 0.5));
        Experiment draft = Experiment.draft("x", NOW);
        assertThatThrownBy(() -> draft.stop("ann", "no", NOW)).isInstanceOf(IllegalMoveException.class);
        assertThatThrownBy(() -> draft.conclude(plan, "a", "ann", "no", NOW)).isInstanceOf(IllegalMoveException.class);
        assertThatThrownBy(() -> draft.start(plan, "ann", " ", NOW)).hasMessageContaining("who decides and why");
        Experiment running = draft.start(plan, "ann", "go", NOW);
        assertThat(running.run()).isEqualTo(1);
        assertThatThrownBy(() -> running.start(plan, "ann", "go", NOW)).hasMessageContaining("running already");
        Experiment stopped = running.stop("rule", "decided", NOW);
        assertThatThrownBy(() -> stopped.conclude(plan, "z", "ann", "so", NOW)).hasMessageContaining("no arm 'z'");
        assertThat(stopped.conclude(plan, "b", "ann", "so", NOW).winner()).isEqualTo("b");
        assertThat(stopped.start(plan, "ann", "again", NOW).run()).isEqualTo(2);
    }
}
