package dev.pareto.evals.stats;

import static dev.pareto.evals.stats.Vectors.cases;
import static dev.pareto.evals.stats.Vectors.close;
import static dev.pareto.evals.stats.Vectors.doubles;
import static dev.pareto.evals.stats.Vectors.near;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import dev.pareto.evals.stats.arms.Cuped;
import dev.pareto.evals.stats.arms.Equivalence;
import dev.pareto.evals.stats.arms.MiettinenNurminen;
import dev.pareto.evals.stats.arms.Newcombe;
import dev.pareto.evals.stats.arms.SampleRatioTest;
import dev.pareto.evals.stats.arms.UnpairedWald;
import dev.pareto.policies.detect.SampleRatio;

import tools.jackson.databind.JsonNode;

/** Checks of the groups about arms that saw different requests. */
final class ArmsVectors {

    private ArmsVectors() {}

    static Map<String, Consumer<JsonNode>> checks() {
        return Map.of("unpaired_binary", ArmsVectors::binary, "srm", cases(ArmsVectors::split), "cuped",
                ArmsVectors::cuped);
    }

    private static void binary(JsonNode group) {
        double tolerance = group.get("tol").asDouble();
        for (JsonNode c : group.get("cases")) {
            int x1 = c.get("x1").asInt();
            int n1 = c.get("n1").asInt();
            int x2 = c.get("x2").asInt();
            int n2 = c.get("n2").asInt();
            close(Newcombe.interval(x1, n1, x2, n2, 0.95), c.get("newcombe95"));
            for (JsonNode test : c.get("miettinen_nurminen_tost")) {
                Equivalence result = MiettinenNurminen.test(x1, n1, x2, n2, test.get("delta").asDouble());
                near(result.zLower(), test.get("mn_z_lower").asDouble(), tolerance);
                near(result.nonInferiorityP(), test.get("p_noninferior").asDouble(), tolerance);
                near(result.zUpper(), test.get("mn_z_upper").asDouble(), tolerance);
                near(result.nonSuperiorityP(), test.get("p_nonsuperior").asDouble(), tolerance);
                near(result.equivalenceP(), test.get("tost_p").asDouble(), tolerance);
            }
            JsonNode expected = c.get("wald_tost_delta_0.05");
            if (expected != null) {
                Equivalence wald = UnpairedWald.test(x1, n1, x2, n2, 0.05);
                close(wald.zLower(), expected.get("z_lower"));
                close(wald.zUpper(), expected.get("z_upper"));
                close(wald.equivalenceP(), expected.get("p"));
            }
        }
    }

    private static void split(JsonNode c) {
        List<Long> counts = c.get("observed").valueStream().map(JsonNode::asLong).toList();
        List<Double> shares = c.get("expected_ratio").valueStream().map(JsonNode::asDouble).toList();
        SampleRatioTest fixed = SampleRatioTest.of(counts, shares);
        close(fixed.chiSquared(), c.get("chi2"));
        close(fixed.p(), c.get("p"));
        close(new SampleRatio(shares, counts).logBayesFactor(), c.get("log_bf_dirichlet_multinomial"));
    }

    private static void cuped(JsonNode c) {
        Cuped cuped = Cuped.fit(doubles(c.get("X")), doubles(c.get("Y")));
        close(cuped.theta(), c.get("theta"));
        close(cuped.variance(), c.get("var_raw"));
        close(cuped.adjustedVariance(), c.get("var_cuped"));
        close(cuped.reduction(), c.get("reduction"));
        close(cuped.correlation(), c.get("corr"));
    }
}
