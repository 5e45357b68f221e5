package dev.pareto.policies.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.pareto.policies.catalog.ModelId;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class HoldOutTest {

    private static final ModelId BASELINE = ModelId.parse("openai/gpt-4o");

    private static Map<String, Integer> sides(String route, double share, int users) {
        ExperimentPlan plan = HoldOut.on(route, BASELINE, share).plan();
        Map<String, Integer> sides = new HashMap<>();
        for (int i = 0; i < users; i++) {
            ExperimentPlan.Assigned it = plan.assign(new Who("u" + i, null, "acme", "q" + i), Map.of(), HoldOut.RUN);
            sides.merge(it == null ? "neither" : it.arm().name(), 1, Integer::sum);
        }
        return sides;
    }

    @Test
    void holdsOutTheShareAndComparesFiveTimesAsMany() {
        Map<String, Integer> sides = sides("support", 0.02, 50_000);
        assertThat(sides.getOrDefault(HoldOut.HELD, 0) / 50_000.0).isCloseTo(0.02, within(0.003));
        assertThat(sides.getOrDefault(HoldOut.COMPARED, 0) / 50_000.0).isCloseTo(0.1, within(0.006));
        assertThat(sides("support", 0.5, 10_000).getOrDefault(HoldOut.HELD, 0) / 10_000.0).isCloseTo(0.5, within(0.02));
        assertThat(sides("support", 0.5, 1_000)).doesNotContainKey("neither");
    }

    @Test
    void routesHoldOutOtherUsers() {
        ExperimentPlan one = HoldOut.on("one", BASELINE, 0.5).plan();
        ExperimentPlan other = HoldOut.on("other", BASELINE, 0.5).plan();
        int same = 0;
        for (int i = 0; i < 2_000; i++) {
            Who who = new Who("u" + i, null, "acme", "q");
            ExperimentPlan.Assigned here = one.assign(who, Map.of(), HoldOut.RUN);
            ExperimentPlan.Assigned there = other.assign(who, Map.of(), HoldOut.RUN);
            same += here != null && there != null && here.arm().name().equals(there.arm().name()) ? 1 : 0;
        }
        assertThat(same / 2_000.0).isCloseTo(0.5, within(0.04));
    }

    @Test
    void refusesWhatIsNoSmallShare() {
        assertThatIllegalArgumentException().isThrownBy(() -> HoldOut.on("r", BASELINE, 0.6))
                .withMessage("a hold-out is above 0 % and at most 50 %");
        assertThatIllegalArgumentException().isThrownBy(() -> HoldOut.on("r", BASELINE, 0));
    }
}
