package dev.pareto.evals.stats;

import static dev.pareto.evals.stats.Vectors.bits;
import static dev.pareto.evals.stats.Vectors.close;
import static dev.pareto.evals.stats.Vectors.doubles;
import static dev.pareto.evals.stats.Vectors.ints;
import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Consumer;

import dev.pareto.evals.stats.agreement.Agreement;
import dev.pareto.evals.stats.agreement.Agreement.Weighting;
import dev.pareto.evals.stats.agreement.BradleyTerry;
import dev.pareto.evals.stats.agreement.Correlation;
import dev.pareto.evals.stats.agreement.FleissKappa;
import dev.pareto.evals.stats.agreement.PredictionPowered;
import dev.pareto.evals.stats.agreement.RoganGladen;

import tools.jackson.databind.JsonNode;

/** Checks of the groups about judges and raters. */
final class AgreementVectors {

    private AgreementVectors() {}

    static Map<String, Consumer<JsonNode>> checks() {
        return Map.of("agreement", AgreementVectors::agreement, "judge_correction", AgreementVectors::correction,
                "bradley_terry", AgreementVectors::strengths);
    }

    private static void agreement(JsonNode c) {
        Agreement agreement = Agreement.of(ints(c.get("human")), ints(c.get("judge")), 2);
        Agreement.Kappa kappa = requireNonNull(agreement.kappa(Weighting.EXACT));
        close(kappa.value(), c.get("kappa"));
        close(requireNonNull(kappa.standardError()), c.get("kappa_se"));
        close(kappa.interval(0.95), c.get("kappa_ci95"));
        close(agreement.raw(), c.get("raw_agreement"));
        close(requireNonNull(agreement.recall(1)), c.get("tpr"));
        close(requireNonNull(agreement.recall(0)), c.get("tnr"));
        close(agreement.gwetAc1(), c.get("gwet_ac1"));
        JsonNode ordinal = c.get("ordinal");
        double[] first = doubles(ordinal.get("r1"));
        double[] second = doubles(ordinal.get("r2"));
        int categories = 1 + (int) Math.max(Arrays.stream(first).max().orElse(0),
                Arrays.stream(second).max().orElse(0));
        Agreement ordered = Agreement.of(ints(ordinal.get("r1")), ints(ordinal.get("r2")), categories);
        close(requireNonNull(ordered.kappa(Weighting.EXACT)).value(), ordinal.get("kappa"));
        close(requireNonNull(ordered.kappa(Weighting.LINEAR)).value(), ordinal.get("kappa_linear"));
        close(requireNonNull(ordered.kappa(Weighting.QUADRATIC)).value(), ordinal.get("kappa_quadratic"));
        Correlation.Spearman spearman = requireNonNull(Correlation.spearman(first, second));
        close(spearman.coefficient(), ordinal.get("spearman"));
        close(requireNonNull(spearman.p()), ordinal.get("spearman_p"));
        close(requireNonNull(Correlation.kendall(first, second)), ordinal.get("kendall_tau_b"));
        close(requireNonNull(Correlation.pearson(first, second)), ordinal.get("pearson"));
        int[][] ratings = c.at("/fleiss/table").valueStream().map(Vectors::ints).toArray(int[][]::new);
        close(requireNonNull(FleissKappa.of(ratings)), c.at("/fleiss/kappa"));
    }

    private static void correction(JsonNode c) {
        double[] human = bits(c.get("human_bits"));
        double[] same = bits(c.get("judge_labelled_bits"));
        double[] rest = bits(c.get("judge_unlabelled_bits"));
        close(Moments.mean(rest), c.get("judge_only"));
        powered(PredictionPowered.of(human, same, rest, 1), c.get("ppi_lambda1"));
        powered(PredictionPowered.of(human, same, rest, 0), c.get("classical_lambda0"));
        powered(PredictionPowered.of(human, same, rest), c.get("ppi_plus_plus"));
        JsonNode corrected = c.get("rogan_gladen");
        close(RoganGladen.rate(Moments.mean(rest), corrected.get("tpr").asDouble(), corrected.get("tnr").asDouble()),
                corrected.get("estimate"));
    }

    private static void powered(PredictionPowered actual, JsonNode expected) {
        close(actual.lambda(), expected.get("lambda_"));
        close(actual.estimate(), expected.get("estimate"));
        close(actual.standardError(), expected.get("se"));
        close(actual.interval(0.95), expected.get("ci95"));
    }

    private static void strengths(JsonNode c) {
        double[][] wins = c.get("wins").valueStream().map(Vectors::doubles).toArray(double[][]::new);
        close(BradleyTerry.logStrengths(wins), c.get("log_strength"));
    }
}
