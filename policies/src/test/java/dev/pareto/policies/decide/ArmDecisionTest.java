package dev.pareto.policies.decide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.experiment.Arm;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What an experiment may change of a decision, and what it may not. */
final class ArmDecisionTest {

    private final PolicyEngine engine = new PolicyEngine();
    private final Snapshot closed = Snapshot.of(World.config(World.SUPPORT));
    private final Snapshot open = closed
            .withVerdicts(route -> List.of(World.verdict(dev.pareto.policies.swap.Outcome.NON_INFERIOR)));

    private static Arm arm(@Nullable ModelId model, @Nullable String policy) {
        return new Arm("a", model, policy, null, 0.5);
    }

    private ModelId model(Snapshot world, @Nullable Arm arm) {
        return ((Outcome.Chosen) engine.decide(World.request("support"), world, arm).outcome()).model();
    }

    @Test
    void theArmsModelComesFirstWhereTheGateLetsIt() {
        assertThat(model(open, null)).isEqualTo(World.OPEN);
        assertThat(model(open, arm(World.CLOSED, null))).isEqualTo(World.CLOSED);
        assertThat(model(open, arm(World.OPEN, null))).isEqualTo(World.OPEN);
        Decision decision = engine.decide(World.request("support"), open, arm(World.CLOSED, null));
        assertThat(decision.reason()).contains("assigned by an experiment");
        assertThat(((Outcome.Chosen) decision.outcome()).fallbacks()).containsExactly(World.OPEN);
    }

    @Test
    void anArmCannotPassTheGate() {
        assertThat(model(closed, arm(World.OPEN, null))).isEqualTo(World.CLOSED);
        assertThat(engine.decide(World.request("support"), closed, arm(World.OPEN, null)))
                .isEqualTo(engine.decide(World.request("support"), closed));
    }

    @Test
    void anArmCannotServeAModelThatIsDown() {
        Snapshot down = open.availableWhen(id -> !id.equals(World.CLOSED));
        assertThat(model(down, arm(World.CLOSED, null))).isEqualTo(World.OPEN);
    }

    @Test
    void anArmsPolicyHoldsBesideTheRoutesOwn() {
        Snapshot world = Snapshot.of(World.config(World.SUPPORT + "  fast: {minimise: latency}\n"));
        Decision decision = engine.decide(World.request("support"), world, arm(null, "fast"));
        assertThat(decision.policy()).isEqualTo("fast");
        assertThat(engine.decide(World.request("support"), world, arm(null, "gone")).policy()).isEqualTo("good-enough");
    }
}
