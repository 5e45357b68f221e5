package dev.pareto.evals.stats;

import static dev.pareto.evals.stats.Vectors.cases;
import static dev.pareto.evals.stats.Vectors.close;
import static dev.pareto.evals.stats.Vectors.doubles;
import static dev.pareto.evals.stats.Vectors.near;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;

import dev.pareto.evals.stats.arms.Welch;
import dev.pareto.evals.stats.paired.BcaBootstrap;
import dev.pareto.evals.stats.paired.ClusteredMean;
import dev.pareto.evals.stats.paired.McNemar;
import dev.pareto.evals.stats.paired.PairedNewcombe;
import dev.pareto.evals.stats.paired.PairedT;
import dev.pareto.evals.stats.paired.PairedTable;
import dev.pareto.evals.stats.paired.PairedWald;
import dev.pareto.evals.stats.paired.RatioOfMeans;
import dev.pareto.evals.stats.paired.SignedRank;
import dev.pareto.evals.stats.paired.StratifiedMean;
import dev.pareto.evals.stats.paired.Tango;

import tools.jackson.databind.JsonNode;

/** Checks of the groups about two models on the same items. */
final class PairedVectors {

    private static final int RESAMPLES = 200_000;

    private PairedVectors() {}

    static Map<String, Consumer<JsonNode>> checks() {
        return Map.of("paired_binary", cases(PairedVectors::binary), "continuous", PairedVectors::continuous,
                "paired_bootstrap_bca", PairedVectors::bootstrap, "clustered_se", PairedVectors::clustered,
                "stratified_difference", PairedVectors::stratified, "ratio_delta_method", PairedVectors::ratio);
    }

    private static void binary(JsonNode c) {
        PairedTable table = new PairedTable(c.get("a_both").asInt(), c.get("b_only_X").asInt(),
                c.get("c_only_Y").asInt(), c.get("d_neither").asInt());
        close(table.n(), c.get("n"));
        close(table.difference(), c.get("diff"));
        JsonNode expected = c.get("mcnemar");
        McNemar.Result mcNemar = McNemar.test(table.onlyCandidate(), table.onlyIncumbent());
        close(mcNemar.exact(), expected.get("exact"));
        close(mcNemar.midP(), expected.get("midp"));
        close(mcNemar.chiSquared(), expected.get("chi2"));
        close(mcNemar.chiSquaredP(), expected.get("chi2_p"));
        close(mcNemar.correctedChiSquared(), expected.get("chi2_cc"));
        close(mcNemar.correctedChiSquaredP(), expected.get("chi2_cc_p"));
        for (double confidence : new double[]{0.9, 0.95}) {
            close(Tango.interval(table, confidence), c.get("tango_" + confidence));
            close(PairedNewcombe.interval(table, confidence), c.get("newcombe_" + confidence));
            close(PairedWald.bonettPrice(table, confidence), c.get("bonett_price_" + confidence));
            close(PairedWald.interval(table, confidence), c.get("wald_" + confidence));
        }
        for (JsonNode test : c.get("tango_noninferiority")) {
            Tango.Test result = Tango.nonInferiority(table, test.get("delta").asDouble());
            close(result.z(), test.get("z"));
            close(result.p(), test.get("p_one_sided"));
        }
    }

    private static void continuous(JsonNode c) {
        double[] a = doubles(c.get("A"));
        double[] b = doubles(c.get("B"));
        double[] d = new double[a.length];
        for (int i = 0; i < d.length; i++) {
            d[i] = a[i] - b[i];
        }
        PairedT t = PairedT.of(d);
        close(t.mean(), c.get("mean_diff"));
        close(t.standardDeviation(), c.get("sd_diff"));
        close(t.t(0), c.at("/paired_t/t"));
        close(t.n() - 1, c.at("/paired_t/df"));
        close(t.p(), c.at("/paired_t/p"));
        close(t.interval(0.95), c.at("/paired_t/ci95"));
        close(t.interval(0.90), c.at("/paired_t/ci90"));
        close(t.t(-0.05), c.at("/noninferiority_delta_0_05/t"));
        close(t.nonInferiorityP(0.05), c.at("/noninferiority_delta_0_05/p"));
        close(t.equivalenceP(0.05), c.at("/tost_paired_pm_0_05/p"));
        close(t.t(-0.05), c.at("/tost_paired_pm_0_05/t_lower"));
        close(t.nonInferiorityP(0.05), c.at("/tost_paired_pm_0_05/p_lower"));
        close(t.t(0.05), c.at("/tost_paired_pm_0_05/t_upper"));
        close(Quantiles.studentUpperTail(t.n() - 1.0, -t.t(0.05)), c.at("/tost_paired_pm_0_05/p_upper"));
        Welch welch = Welch.of(a, b);
        close(welch.t(), c.at("/welch/t"));
        close(welch.degreesOfFreedom(), c.at("/welch/df"));
        close(welch.p(), c.at("/welch/p"));
        close(welch.interval(0.95), c.at("/welch/ci95"));
        SignedRank ranks = SignedRank.of(d);
        close(ranks.w(), c.at("/wilcoxon_signed_rank_approx/W"));
        close(ranks.z(), c.at("/wilcoxon_signed_rank_approx/zstat"));
        close(ranks.p(), c.at("/wilcoxon_signed_rank_approx/p"));
    }

    private static void bootstrap(JsonNode c) {
        BcaBootstrap plain = BcaBootstrap.of(doubles(c.get("d")), RESAMPLES, new SplittableRandom(1));
        double tolerance = c.get("tol_endpoint").asDouble();
        close(plain.acceleration(), c.get("acceleration"));
        near(plain.interval(0.95), c.get("bca95"), tolerance);
        near(plain.interval(0.90), c.get("bca90"), tolerance);
        near(plain.percentileInterval(0.95), c.get("percentile95"), tolerance);
        double error = c.get("bootstrap_se").asDouble();
        near(plain.standardError(), error, error * 3 / Math.sqrt(RESAMPLES));
        JsonNode skewed = c.get("skewed");
        BcaBootstrap other = BcaBootstrap.of(doubles(skewed.get("d")), RESAMPLES, new SplittableRandom(1));
        close(other.acceleration(), skewed.get("acceleration"));
        near(other.interval(0.95), skewed.get("bca95"), skewed.get("tol_endpoint").asDouble());
    }

    private static void clustered(JsonNode c) {
        List<String> clusters = c.get("cluster").valueStream().map(JsonNode::asString).toList();
        double[] d = doubles(c.get("d"));
        ClusteredMean mean = ClusteredMean.of(d, clusters);
        close(mean.clusters(), c.get("n_clusters"));
        close(mean.mean(), c.get("mean"));
        close(PairedT.of(d).standardError(), c.get("naive_se"));
        close(mean.standardError(), c.get("se_CR0"));
        close(mean.correctedStandardError(), c.get("se_CR1"));
        close(mean.interval(0.95), c.get("ci95_t_Gminus1"));
    }

    private static void stratified(JsonNode c) {
        List<StratifiedMean.Stratum> strata = c.get("strata")
                .valueStream()
                .map(s -> new StratifiedMean.Stratum(s.get("w").asDouble(),
                        s.get("d").valueStream().map(JsonNode::asDouble).toList()))
                .toList();
        StratifiedMean mean = StratifiedMean.of(strata);
        close(mean.mean(), c.get("estimate"));
        close(mean.standardError(), c.get("se"));
    }

    private static void ratio(JsonNode c) {
        RatioOfMeans ratio = RatioOfMeans.of(doubles(c.get("candidate")), doubles(c.get("incumbent")));
        close(ratio.ratio(), c.get("ratio"));
        close(ratio.standardError(), c.get("se"));
        close(ratio.interval(0.95), c.get("log_ci95"));
    }
}
