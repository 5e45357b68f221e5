package dev.pareto.evals.stats;

import static dev.pareto.evals.stats.Vectors.bits;
import static dev.pareto.evals.stats.Vectors.close;
import static dev.pareto.evals.stats.Vectors.doubles;
import static dev.pareto.evals.stats.Vectors.ints;
import static dev.pareto.evals.stats.Vectors.near;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.pareto.evals.stats.sequential.AsymptoticSequence;
import dev.pareto.evals.stats.sequential.BernoulliSequence;
import dev.pareto.evals.stats.sequential.BettingProcess;
import dev.pareto.evals.stats.sequential.BettingProcess.Against;
import dev.pareto.evals.stats.sequential.BettingSequence;
import dev.pareto.evals.stats.sequential.ConfidenceSequence;
import dev.pareto.evals.stats.sequential.Cusum;
import dev.pareto.evals.stats.sequential.EmpiricalBernstein;
import dev.pareto.evals.stats.sequential.MixtureSprt;
import dev.pareto.evals.stats.sequential.PluginGro;
import dev.pareto.evals.stats.sequential.PredictableHoeffding;
import dev.pareto.evals.stats.sequential.RateProcess;
import dev.pareto.evals.stats.sequential.UniformBoundary;
import dev.pareto.policies.detect.RateDetector;

import tools.jackson.databind.JsonNode;

/** Checks of the groups that are looked at after every observation. */
final class SequentialVectors {

    private static final Pattern DESCRIPTION = Pattern.compile("\\[(.*)] repeated (\\d+) times");

    private final double[] stream;

    private SequentialVectors(double[] stream) {
        this.stream = stream;
    }

    static Map<String, Consumer<JsonNode>> checks(JsonNode vectors) {
        SequentialVectors checks = new SequentialVectors(doubles(vectors.at("/stream/d")));
        return Map.of("plugin_gro_eprocess", checks::pluginGro, "cs_empirical_bernstein", checks::empiricalBernstein,
                "betting_eprocess_noninferiority", checks::betting, "betting_cs_hedged", checks::hedged, "msprt",
                checks::mixture, "asymptotic_cs", checks::asymptotic, "howard_boundaries",
                SequentialVectors::boundaries, "guard_monitor", SequentialVectors::guard);
    }

    private void pluginGro(JsonNode group) {
        JsonNode tuning = group.get("params");
        PluginGro.Parameters parameters = new PluginGro.Parameters(tuning.get("v0").asDouble(),
                tuning.get("k0").asDouble(), tuning.get("trunc").asDouble());
        double alpha = group.get("alpha").asDouble();
        close(-Math.log(alpha), group.get("threshold"));
        for (JsonNode c : group.get("cases")) {
            double[] d = c.has("stream") ? described(c) : stream;
            int[] points = ints(c.has("stream") ? c.get("points_c") : group.get("points"));
            PluginGro test = new PluginGro(c.get("delta").asDouble(), alpha, 1, parameters);
            int nonInferior = 0;
            int inferior = 0;
            for (double difference : d) {
                test.add(difference);
                int at = Vectors.point(points, test.n(), d.length);
                if (at >= 0) {
                    close(test.logNonInferior(), c.get("log_e_noninferior").get(at));
                    close(test.logInferior(), c.get("log_e_inferior").get(at));
                }
                nonInferior = firstAt(nonInferior, test.n(), test.logNonInferior() >= -Math.log(alpha));
                inferior = firstAt(inferior, test.n(), test.logInferior() >= -Math.log(alpha));
            }
            if (!c.has("stream")) {
                assertThat(nonInferior).isEqualTo(c.get("first_noninferior").asInt(0));
                assertThat(inferior).isEqualTo(c.get("first_inferior").asInt(0));
            }
        }
        JsonNode bound = group.get("anytime_lower_bound");
        for (JsonNode c : bound.get("cases")) {
            for (int i = 0; i < bound.get("points").size(); i++) {
                double[] first = Arrays.copyOf(stream, bound.get("points").get(i).asInt());
                close(PluginGro.lowerBound(first, c.get("delta").asDouble(), alpha, parameters),
                        c.get("lower").get(i));
            }
        }
    }

    private void empiricalBernstein(JsonNode group) {
        double alpha = group.get("alpha").asDouble();
        int[] points = ints(group.get("points"));
        EmpiricalBernstein lower = new EmpiricalBernstein(alpha);
        ConfidenceSequence bernstein = new ConfidenceSequence(alpha, EmpiricalBernstein::new);
        ConfidenceSequence hoeffding = new ConfidenceSequence(alpha, PredictableHoeffding::new);
        for (int n = 1; n <= stream.length; n++) {
            double x = (stream[n - 1] + 1) / 2;
            lower.add(x);
            bernstein.add(x);
            hoeffding.add(x);
            int at = Vectors.point(points, n, stream.length);
            if (at >= 0) {
                close(lower.lower(), group.get("one_sided_lower_x").get(at));
                close(2 * lower.lower() - 1, group.get("one_sided_lower_d").get(at));
                close(bernstein.interval().lower(), group.get("two_sided_lower_x").get(at));
                close(bernstein.interval().upper(), group.get("two_sided_upper_x").get(at));
                close(hoeffding.interval().lower(), group.get("hoeffding_two_sided_lower_x").get(at));
            }
        }
    }

    private void betting(JsonNode group) {
        double alpha = group.get("alpha").asDouble();
        int[] points = ints(group.get("points"));
        for (JsonNode c : group.get("cases")) {
            double mean = c.get("m0_x").asDouble();
            BettingProcess better = new BettingProcess(Against.AT_MOST, mean, alpha);
            BettingProcess worse = new BettingProcess(Against.AT_LEAST, mean, alpha);
            int first = 0;
            for (int n = 1; n <= stream.length; n++) {
                double x = (stream[n - 1] + 1) / 2;
                better.add(x);
                worse.add(x);
                first = firstAt(first, n, better.logCapital() >= -Math.log(alpha));
                int at = Vectors.point(points, n, stream.length);
                if (at >= 0) {
                    close(better.logCapital(), c.get("log_capital").get(at));
                    close(worse.logCapital(), c.get("log_capital_negative_side").get(at));
                }
            }
            assertThat(first).isEqualTo(c.get("first_crossing_ln_1_over_alpha").asInt(0));
        }
    }

    private void hedged(JsonNode group) {
        int[] points = ints(group.get("points"));
        double tolerance = group.get("tol").asDouble();
        BettingSequence sequence = new BettingSequence(group.get("alpha").asDouble());
        for (int n = 1; n <= stream.length; n++) {
            sequence.add((stream[n - 1] + 1) / 2);
            int at = Vectors.point(points, n, stream.length);
            if (at >= 0) {
                Interval interval = sequence.interval();
                near(interval.lower(), group.get("lower_x").get(at).asDouble(), tolerance);
                near(interval.upper(), group.get("upper_x").get(at).asDouble(), tolerance);
            }
        }
    }

    private void mixture(JsonNode group) {
        int[] points = ints(group.get("points"));
        for (JsonNode c : group.get("cases")) {
            MixtureSprt test = new MixtureSprt(c.get("theta0").asDouble(), group.get("sigma2").asDouble(),
                    group.get("tau2").asDouble());
            for (int n = 1; n <= stream.length; n++) {
                test.add(stream[n - 1]);
                int at = Vectors.point(points, n, stream.length);
                if (at >= 0) {
                    close(test.logLikelihoodRatio(), c.get("log_lr").get(at));
                    close(test.alwaysValidP(), c.get("p_always_valid").get(at));
                }
            }
        }
    }

    private void asymptotic(JsonNode group) {
        int[] points = ints(group.get("points"));
        AsymptoticSequence sequence = AsymptoticSequence.tightestAt(group.get("t_opt").asDouble(),
                group.get("alpha").asDouble());
        close(sequence.rho2(), group.get("rho2"));
        Sample sample = Sample.EMPTY;
        for (int n = 1; n <= stream.length; n++) {
            sample = sample.add(stream[n - 1]);
            int at = Vectors.point(points, n, stream.length);
            if (at >= 0) {
                close(sample.mean(), group.get("mean").get(at));
                close(sample.populationVariance(), group.get("var").get(at));
                close(sequence.halfWidth(n, sample.populationVariance()), group.get("halfwidth_two_sided").get(at));
                close(sequence.oneSidedWidth(n, sample.populationVariance()),
                        group.get("halfwidth_one_sided").get(at));
            }
        }
    }

    private static void boundaries(JsonNode group) {
        for (JsonNode c : group.get("mixtures")) {
            double v = c.get("v").asDouble();
            close(UniformBoundary.normalOneSided(v, 0.05, 100), c.get("normal_1s"));
            close(UniformBoundary.normalTwoSided(v, 0.05, 100), c.get("normal_2s"));
            close(UniformBoundary.gammaExponential(v, 0.05, 100, 1), c.get("gamma_exp_c1"));
            close(UniformBoundary.polynomialStitching(v, 0.05, 10, 0, 1.4, 2), c.get("poly_stitch"));
        }
        JsonNode bernoulli = group.get("bernoulli_ci");
        for (JsonNode c : bernoulli.get("cases")) {
            Interval interval = BernoulliSequence.interval(c.get("k").asInt(), c.get("n").asInt(),
                    bernoulli.get("alpha").asDouble(), bernoulli.get("t_opt").asDouble());
            close(interval.lower(), c.get("lo"));
            close(interval.upper(), c.get("hi"));
        }
    }

    private static void guard(JsonNode group) {
        double healthy = group.get("p0").asDouble();
        double broken = group.get("p1").asDouble();
        int[] points = ints(group.get("points"));
        close((broken - healthy) / (healthy * (1 - healthy)), group.get("lambda_"));
        Cusum sum = new Cusum(healthy, broken);
        RateDetector rate = RateDetector.fresh(1);
        int sumAlarm = 0;
        int rateAlarm = 0;
        RateProcess process = new RateProcess(healthy, broken);
        double[] losses = bits(group.get("x_bits"));
        for (int n = 1; n <= losses.length; n++) {
            double loss = losses[n - 1];
            sum.add(loss);
            rate = rate.next(loss, healthy, List.of(broken));
            sumAlarm = firstAt(sumAlarm, n, sum.sum() >= 5);
            rateAlarm = firstAt(rateAlarm, n, rate.logStatistic() >= Math.log(1e4));
            process.add(loss);
            int at = Vectors.point(points, n, losses.length);
            if (at >= 0) {
                close(sum.sum(), group.get("cusum").get(at));
                close(Math.exp(rate.logStatistic()), group.get("sr_edetector").get(at));
                close(process.logEvidence(), group.get("log_eprocess").get(at));
            }
        }
        assertThat(sumAlarm).isEqualTo(group.get("cusum_alarm_h5").asInt(0));
        assertThat(rateAlarm).isEqualTo(group.get("sr_alarm_1e4").asInt(0));
    }

    private static int firstAt(int first, int n, boolean reached) {
        return first == 0 && reached ? n : first;
    }

    /** The continuous series that its case describes in words: "[0.1,-0.05] repeated 20 times". */
    private static double[] described(JsonNode c) {
        Matcher words = DESCRIPTION.matcher(c.get("stream").asString());
        assertThat(words.find()).isTrue();
        double[] some = Arrays.stream(words.group(1).split(",")).mapToDouble(Double::parseDouble).toArray();
        double[] all = new double[some.length * Integer.parseInt(words.group(2))];
        Arrays.setAll(all, i -> some[i % some.length]);
        return all;
    }
}
