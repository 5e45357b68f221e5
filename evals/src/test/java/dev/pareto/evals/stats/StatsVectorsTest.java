package dev.pareto.evals.stats;

import static dev.pareto.evals.stats.Vectors.doubles;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import tools.jackson.databind.JsonNode;

/** Reproduces the reference values group by group, and says which groups have no implementation yet. */
final class StatsVectorsTest {

    private static final double TOLERANCE = 1e-9;
    /** Data for other groups, or a note about the file. */
    private static final Set<String> NOT_PROCEDURES = Set.of("_meta", "stream", "aa_noise_floor");
    private static final Set<String> NOT_YET = Set.of("paired_bootstrap_bca", "srm", "cs_empirical_bernstein",
            "betting_eprocess_noninferiority", "betting_cs_hedged", "msprt", "asymptotic_cs", "howard_boundaries",
            "guard_monitor", "agreement", "judge_correction", "cuped", "bradley_terry");

    private final JsonNode vectors = Vectors.read("stats_vectors.json");
    private final Map<String, Consumer<JsonNode>> checks = new LinkedHashMap<>();

    StatsVectorsTest() {
        checks.put("wilson_clopper_pearson", cases(this::proportion));
        checks.put("paired_binary", cases(this::pairedBinary));
        checks.put("unpaired_binary", cases(this::unpairedBinary));
        checks.put("continuous", this::continuous);
        checks.put("clustered_se", this::clustered);
        checks.put("stratified_difference", this::stratified);
        checks.put("multiple_testing", cases(this::multiplicity));
        checks.put("quantile_ci", cases(this::quantile));
        checks.put("ratio_delta_method", this::ratio);
        checks.put("sample_size_paired_noninferiority", cases(this::pairedSize));
        checks.put("sample_size_unpaired_noninferiority", cases(this::unpairedSize));
        checks.put("rule_of_three", cases(c -> close(
                ClopperPearson.upper(0, c.get("n").asInt(), 0.95), c.get("upper95").asDouble())));
        checks.put("plugin_gro_eprocess", this::pluginGro);
        checks.put("verdict_table", cases(c -> assertThat(Margins.outcome(
                new Interval(c.get("lo").asDouble(), c.get("hi").asDouble()), c.get("delta").asDouble()))
                .hasToString(c.get("verdict").asString())));
        checks.put("breakeven_margin", cases(c -> close(Margins.breakEven(c.get("cost_Y").asDouble(),
                c.get("cost_X").asDouble(), c.get("V_fail").asDouble()), c.get("delta").asDouble())));
    }

    @TestFactory
    Stream<DynamicTest> reproducesTheReferenceValues() {
        return checks.entrySet()
                .stream()
                .map(check -> DynamicTest.dynamicTest(check.getKey(),
                        () -> check.getValue().accept(vectors.get(check.getKey()))));
    }

    @Test
    void everyGroupIsCoveredOrNamedAsMissing() {
        List<String> uncovered = new ArrayList<>(vectors.propertyNames());
        uncovered.removeAll(checks.keySet());
        uncovered.removeAll(NOT_PROCEDURES);
        assertThat(uncovered).containsExactlyInAnyOrderElementsOf(NOT_YET);
    }

    private void proportion(JsonNode c) {
        int x = c.get("x").asInt();
        int n = c.get("n").asInt();
        double confidence = c.get("conf").asDouble();
        close(Wilson.interval(x, n, confidence), c.get("wilson"));
        close(ClopperPearson.interval(x, n, confidence), c.get("clopper_pearson"));
    }

    private void pairedBinary(JsonNode c) {
        PairedTable table = new PairedTable(c.get("a_both").asInt(), c.get("b_only_X").asInt(),
                c.get("c_only_Y").asInt(), c.get("d_neither").asInt());
        close(table.difference(), c.get("diff").asDouble());
        JsonNode expected = c.get("mcnemar");
        McNemar.Result mcNemar = McNemar.test(table.onlyCandidate(), table.onlyIncumbent());
        close(mcNemar.exact(), expected.get("exact").asDouble());
        close(mcNemar.midP(), expected.get("midp").asDouble());
        close(mcNemar.chiSquared(), expected.get("chi2").asDouble());
        close(mcNemar.chiSquaredP(), expected.get("chi2_p").asDouble());
        close(mcNemar.correctedChiSquared(), expected.get("chi2_cc").asDouble());
        close(mcNemar.correctedChiSquaredP(), expected.get("chi2_cc_p").asDouble());
        for (double confidence : new double[]{0.9, 0.95}) {
            close(Tango.interval(table, confidence), c.get("tango_" + confidence));
            close(Newcombe.paired(table, confidence), c.get("newcombe_" + confidence));
            close(PairedWald.bonettPrice(table, confidence), c.get("bonett_price_" + confidence));
            close(PairedWald.interval(table, confidence), c.get("wald_" + confidence));
        }
        for (JsonNode test : c.get("tango_noninferiority")) {
            Tango.Test result = Tango.nonInferiority(table, test.get("delta").asDouble());
            close(result.z(), test.get("z").asDouble());
            close(result.p(), test.get("p_one_sided").asDouble());
        }
    }

    private void unpairedBinary(JsonNode c) {
        int x1 = c.get("x1").asInt();
        int n1 = c.get("n1").asInt();
        int x2 = c.get("x2").asInt();
        int n2 = c.get("n2").asInt();
        close(Newcombe.independent(x1, n1, x2, n2, 0.95), c.get("newcombe95"));
        for (JsonNode test : c.get("miettinen_nurminen_tost")) {
            double margin = test.get("delta").asDouble();
            MiettinenNurminen.Equivalence result = MiettinenNurminen.test(x1, n1, x2, n2, margin);
            assertThat(result.zLower()).isCloseTo(test.get("mn_z_lower").asDouble(), within(1e-6));
            assertThat(result.nonInferiorityP()).isCloseTo(test.get("p_noninferior").asDouble(), within(1e-6));
            assertThat(result.zUpper()).isCloseTo(test.get("mn_z_upper").asDouble(), within(1e-6));
            assertThat(result.nonSuperiorityP()).isCloseTo(test.get("p_nonsuperior").asDouble(), within(1e-6));
            assertThat(result.equivalenceP()).isCloseTo(test.get("tost_p").asDouble(), within(1e-6));
        }
    }

    private void continuous(JsonNode c) {
        double[] a = doubles(c.get("A"));
        double[] b = doubles(c.get("B"));
        double[] d = new double[a.length];
        for (int i = 0; i < d.length; i++) {
            d[i] = a[i] - b[i];
        }
        PairedT t = PairedT.of(d);
        close(t.mean(), c.get("mean_diff").asDouble());
        close(t.standardDeviation(), c.get("sd_diff").asDouble());
        close(t.t(0), c.at("/paired_t/t").asDouble());
        close(t.p(), c.at("/paired_t/p").asDouble());
        close(t.interval(0.95), c.at("/paired_t/ci95"));
        close(t.interval(0.90), c.at("/paired_t/ci90"));
        close(t.t(-0.05), c.at("/noninferiority_delta_0_05/t").asDouble());
        close(t.nonInferiorityP(0.05), c.at("/noninferiority_delta_0_05/p").asDouble());
        close(t.equivalenceP(0.05), c.at("/tost_paired_pm_0_05/p").asDouble());
        Welch welch = Welch.of(a, b);
        close(welch.t(), c.at("/welch/t").asDouble());
        close(welch.degreesOfFreedom(), c.at("/welch/df").asDouble());
        close(welch.p(), c.at("/welch/p").asDouble());
        close(welch.interval(0.95), c.at("/welch/ci95"));
        SignedRank ranks = SignedRank.of(d);
        close(ranks.w(), c.at("/wilcoxon_signed_rank_approx/W").asDouble());
        close(ranks.p(), c.at("/wilcoxon_signed_rank_approx/p").asDouble());
    }

    private void clustered(JsonNode c) {
        List<String> clusters = c.get("cluster").valueStream().map(JsonNode::asString).toList();
        ClusteredMean mean = ClusteredMean.of(doubles(c.get("d")), clusters);
        close(mean.mean(), c.get("mean").asDouble());
        close(mean.standardError(), c.get("se_CR0").asDouble());
        close(mean.correctedStandardError(), c.get("se_CR1").asDouble());
        close(mean.interval(0.95), c.get("ci95_t_Gminus1"));
    }

    private void stratified(JsonNode c) {
        List<StratifiedMean.Stratum> strata = c.get("strata")
                .valueStream()
                .map(s -> new StratifiedMean.Stratum(s.get("w").asDouble(),
                        s.get("d").valueStream().map(JsonNode::asDouble).toList()))
                .toList();
        StratifiedMean mean = StratifiedMean.of(strata);
        close(mean.mean(), c.get("estimate").asDouble());
        close(mean.standardError(), c.get("se").asDouble());
    }

    private void multiplicity(JsonNode c) {
        double[] p = doubles(c.get("p"));
        close(MultipleTesting.holm(p), c.get("holm"));
        close(MultipleTesting.benjaminiHochberg(p), c.get("bh"));
        close(MultipleTesting.bonferroni(p), c.get("bonferroni"));
        close(MultipleTesting.benjaminiYekutieli(p), c.get("by"));
        close(MultipleTesting.hommel(p), c.get("hommel"));
    }

    private void quantile(JsonNode c) {
        int n = c.get("n").asInt();
        QuantileInterval ranks = QuantileInterval.ranks(n, c.get("q").asDouble(), 0.95);
        assertThat(ranks.lowerRank()).isEqualTo(c.get("lower_rank").asInt());
        assertThat(ranks.upperRank()).isEqualTo(c.get("upper_rank").isNull() ? n + 1 : c.get("upper_rank").asInt());
        close(ranks.coverage(), c.get("coverage").asDouble());
    }

    private void ratio(JsonNode c) {
        RatioOfMeans ratio = RatioOfMeans.of(doubles(c.get("candidate")), doubles(c.get("incumbent")));
        close(ratio.ratio(), c.get("ratio").asDouble());
        close(ratio.standardError(), c.get("se").asDouble());
        close(ratio.interval(0.95), c.get("log_ci95"));
    }

    private void pairedSize(JsonNode c) {
        double margin = c.get("delta").asDouble();
        double discordant = c.get("p_discordant").asDouble();
        assertThat(SampleSize.paired(margin, discordant, 0, 0.05, 0.8)).isEqualTo(c.get("n_power80_alpha05").asLong());
        assertThat(SampleSize.paired(margin, discordant, 0, 0.05, 0.9)).isEqualTo(c.get("n_power90_alpha05").asLong());
        assertThat(SampleSize.paired(margin, discordant, 0, 0.025, 0.8))
                .isEqualTo(c.get("n_power80_alpha025").asLong());
    }

    private void unpairedSize(JsonNode c) {
        assertThat(SampleSize.unpairedPerArm(c.get("delta").asDouble(), c.get("p").asDouble(), 0.05, 0.8))
                .isEqualTo(c.get("n_per_arm").asLong());
    }

    private void pluginGro(JsonNode group) {
        for (JsonNode c : group.get("cases")) {
            double[] d = c.has("stream") ? continuousStream() : stream();
            JsonNode points = c.has("stream") ? c.get("points_c") : group.get("points");
            PluginGro test = new PluginGro(c.get("delta").asDouble(), 0.05, 1, PluginGro.Parameters.STANDARD);
            Map<Integer, double[]> seen = new LinkedHashMap<>();
            int nonInferior = 0;
            int inferior = 0;
            for (double difference : d) {
                test.add(difference);
                seen.put(test.n(), new double[]{test.logNonInferior(), test.logInferior()});
                if (nonInferior == 0 && test.logNonInferior() >= -Math.log(0.05)) {
                    nonInferior = test.n();
                }
                if (inferior == 0 && test.logInferior() >= -Math.log(0.05)) {
                    inferior = test.n();
                }
            }
            for (int i = 0; i < points.size(); i++) {
                double[] evidence = Objects.requireNonNull(seen.get(points.get(i).asInt()));
                close(evidence[0], c.get("log_e_noninferior").get(i).asDouble());
                close(evidence[1], c.get("log_e_inferior").get(i).asDouble());
            }
            if (!c.has("stream")) {
                assertThat(nonInferior).isEqualTo(c.get("first_noninferior").asInt(0));
                assertThat(inferior).isEqualTo(c.get("first_inferior").asInt(0));
            }
        }
        JsonNode bound = group.get("anytime_lower_bound");
        for (JsonNode c : bound.get("cases")) {
            for (int i = 0; i < bound.get("points").size(); i++) {
                double[] first = Arrays.copyOf(stream(), bound.get("points").get(i).asInt());
                close(PluginGro.lowerBound(first, c.get("delta").asDouble(), 0.05, PluginGro.Parameters.STANDARD),
                        c.get("lower").get(i).asDouble());
            }
        }
    }

    /** The continuous series that its case describes in words. */
    private static double[] continuousStream() {
        double[] ten = {0.1, -0.05, 0.0, 0.2, -0.3, 0.0, 0.05, 0.0, -0.1, 0.15};
        double[] all = new double[200];
        for (int i = 0; i < all.length; i++) {
            all[i] = ten[i % ten.length];
        }
        return all;
    }

    private double[] stream() {
        return doubles(vectors.get("stream").get("d"));
    }

    private static Consumer<JsonNode> cases(Consumer<JsonNode> check) {
        return group -> {
            assertThat(group.get("cases")).isNotEmpty();
            group.get("cases").forEach(check);
        };
    }

    private static void close(double actual, double expected) {
        assertThat(actual).isCloseTo(expected, within(TOLERANCE * Math.max(1, Math.abs(expected))));
    }

    private static void close(Interval actual, JsonNode expected) {
        close(actual.lower(), expected.get(0).asDouble());
        close(actual.upper(), expected.get(1).asDouble());
    }

    private static void close(double[] actual, JsonNode expected) {
        assertThat(actual).hasSize(expected.size());
        for (int i = 0; i < actual.length; i++) {
            close(actual[i], expected.get(i).asDouble());
        }
    }
}
