package dev.pareto.evals.stats;

import static dev.pareto.evals.stats.Vectors.cases;
import static dev.pareto.evals.stats.Vectors.close;
import static dev.pareto.evals.stats.Vectors.doubles;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import tools.jackson.databind.JsonNode;

/** Reproduces the reference values, every group of the file; a group that no procedure answers for fails. */
final class StatsVectorsTest {

    /** Notes about the file, data of other groups, and observed noise floors that no procedure computes. */
    private static final Set<String> NOT_PROCEDURES = Set.of("_meta", "stream", "aa_noise_floor");

    /** Notes for readers. */
    private static final Pattern WORDS = Pattern
            .compile(
                    "/(source|note|rule|formula|edge_rules|alarm_rule|decision|variance|stream_d|tol|tol_endpoint|name)$"
                            // inputs whose neighbours give the same, and data that are elsewhere
                            + "|^/cases/\\d+/(lo|hi|delta|alpha0/\\d+)$|^/cluster/\\d+$|^/wins/(0/0|1/1|2/2)$|^/points/\\d+$"
                            + "|^/(change_at|true_rate_unlabelled)$|/(stream|points_c/\\d+)$|^/anytime_lower_bound/gsm_llama");

    private final JsonNode vectors = Vectors.read("stats_vectors.json");
    private final Map<String, Consumer<JsonNode>> checks = new LinkedHashMap<>();

    StatsVectorsTest() {
        checks.put("wilson_clopper_pearson", cases(StatsVectorsTest::proportion));
        checks.put("rule_of_three", cases(c -> close(ClopperPearson.upper(0, c.get("n").asInt(), 0.95),
                c.get("upper95"))));
        checks.put("multiple_testing", cases(StatsVectorsTest::multiplicity));
        checks.put("quantile_ci", StatsVectorsTest::quantiles);
        checks.put("sample_size_paired_noninferiority", cases(StatsVectorsTest::pairedSize));
        checks.put("sample_size_unpaired_noninferiority", cases(c -> assertThat(SampleSize
                .unpairedPerArm(c.get("delta").asDouble(), c.get("p").asDouble(), 0.05, 0.8))
                .isEqualTo(c.get("n_per_arm").asLong())));
        checks.put("verdict_table", cases(c -> assertThat(Margins.outcome(
                new Interval(c.get("lo").asDouble(), c.get("hi").asDouble()), c.get("delta").asDouble()))
                .hasToString(c.get("verdict").asString())));
        checks.put("breakeven_margin", cases(c -> close(Margins.breakEven(c.get("cost_Y").asDouble(),
                c.get("cost_X").asDouble(), c.get("V_fail").asDouble()), c.get("delta"))));
        checks.putAll(PairedVectors.checks());
        checks.putAll(ArmsVectors.checks());
        checks.putAll(SequentialVectors.checks(vectors));
        checks.putAll(AgreementVectors.checks());
    }

    @TestFactory
    Stream<DynamicTest> reproducesTheReferenceValuesOfEveryGroup() {
        return vectors.propertyNames()
                .stream()
                .filter(group -> !NOT_PROCEDURES.contains(group))
                .map(group -> DynamicTest.dynamicTest(group, () -> {
                    assertThat(checks).as("no procedure answers for this group").containsKey(group);
                    requireNonNull(checks.get(group)).accept(vectors.get(group));
                }));
    }

    /** A reference value that nothing is held against would be no reference: change any one, and its group must fail. */
    @TestFactory
    Stream<DynamicTest> noReferenceValueIsPassedOver() {
        return checks.entrySet().stream().map(check -> DynamicTest.dynamicTest(check.getKey(), () -> {
            JsonNode group = requireNonNull(vectors.get(check.getKey()));
            List<String> survivors = new ArrayList<>();
            for (String pointer : Vectors.leaves(group)) {
                try {
                    check.getValue().accept(Vectors.changed(group, pointer));
                    survivors.add(pointer);
                } catch (AssertionError | RuntimeException noticed) {
                    // as it should be
                }
            }
            assertThat(survivors).allMatch(pointer -> WORDS.matcher(pointer).find());
        }));
    }

    private static void proportion(JsonNode c) {
        int x = c.get("x").asInt();
        int n = c.get("n").asInt();
        double confidence = c.get("conf").asDouble();
        close(Wilson.interval(x, n, confidence), c.get("wilson"));
        close(ClopperPearson.interval(x, n, confidence), c.get("clopper_pearson"));
    }

    private static void multiplicity(JsonNode c) {
        double[] p = doubles(c.get("p"));
        close(MultipleTesting.holm(p), c.get("holm"));
        close(MultipleTesting.benjaminiHochberg(p), c.get("bh"));
        close(MultipleTesting.bonferroni(p), c.get("bonferroni"));
        close(MultipleTesting.benjaminiYekutieli(p), c.get("by"));
        close(MultipleTesting.hommel(p), c.get("hommel"));
    }

    private static void quantiles(JsonNode group) {
        double confidence = group.get("conf").asDouble();
        for (JsonNode c : group.get("cases")) {
            int n = c.get("n").asInt();
            QuantileInterval ranks = QuantileInterval.ranks(n, c.get("q").asDouble(), confidence);
            assertThat(ranks.lowerRank()).isEqualTo(c.get("lower_rank").asInt());
            assertThat(ranks.upperRank())
                    .isEqualTo(c.get("upper_rank").isNull() ? n + 1 : c.get("upper_rank").asInt());
            close(ranks.coverage(), c.get("coverage"));
        }
    }

    private static void pairedSize(JsonNode c) {
        double margin = c.get("delta").asDouble();
        double discordant = c.get("p_discordant").asDouble();
        assertThat(SampleSize.paired(margin, discordant, 0, 0.05, 0.8)).isEqualTo(c.get("n_power80_alpha05").asLong());
        assertThat(SampleSize.paired(margin, discordant, 0, 0.05, 0.9)).isEqualTo(c.get("n_power90_alpha05").asLong());
        assertThat(SampleSize.paired(margin, discordant, 0, 0.025, 0.8))
                .isEqualTo(c.get("n_power80_alpha025").asLong());
    }
}
