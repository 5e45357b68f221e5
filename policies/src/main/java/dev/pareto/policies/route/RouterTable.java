package dev.pareto.policies.route;

import dev.pareto.policies.predict.floor.FloorControl;
import dev.pareto.policies.route.RouterReport.Router;
import dev.pareto.policies.route.RouterReport.Speed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Turns what routers said into their figures, beside those of the baselines. */
final class RouterTable {

    private static final int RANDOM_DRAWS = 10;
    private static final int POINTS = 20;
    private static final int BINS = 10;

    private final RouterData data;
    private final RouterEvaluation.Scores scores;
    private final RouterEvaluation.Settings settings;
    private final double[] strong;
    private final double[] weak;
    private final int[][] draws;

    RouterTable(RouterData data, RouterEvaluation.Scores scores, RouterEvaluation.Settings settings) {
        this.data = data;
        this.scores = scores;
        this.settings = settings;
        strong = data.test().stream().mapToDouble(RouterData.Row::strong).toArray();
        weak = data.test().stream().mapToDouble(RouterData.Row::weak).toArray();
        Random random = new Random(settings.seed());
        draws = new int[settings.bootstrap()][strong.length];
        for (int[] times : draws) {
            for (int i = 0; i < times.length; i++) {
                times[random.nextInt(times.length)]++;
            }
        }
    }

    RouterReport report(int trainedOn, String protocol) {
        List<Router> routers = new ArrayList<>();
        double[] best = scores.before;
        String bestName = "pareto";
        routers.add(learned(bestName, scores.before, scores.weakBefore, scores.speedBefore));
        if (scores.verified) {
            bestName = "pareto + one weak answer";
            routers.add(learned(bestName, scores.one, scores.weakOne, scores.speedOne));
            best = scores.one;
        }
        if (scores.compared) {
            bestName = "pareto + two weak answers";
            routers.add(learned(bestName, scores.two, scores.weakTwo, scores.speedTwo));
            best = scores.two;
        }
        if (data.test().stream().anyMatch(row -> row.segment() != null)) {
            routers.add(baseline("segment means", scores.segment));
        }
        double[] length = data.test().stream().mapToDouble(row -> row.prompt().length()).toArray();
        routers.add(baseline("prompt length", length));
        routers.add(constant());
        routers.add(random());
        double[] gap = new double[strong.length];
        Arrays.setAll(gap, i -> strong[i] - weak[i]);
        routers.add(baseline("oracle", gap));
        return new RouterReport(strong.length, data.strong(), data.weak(), unscaled(mean(strong)), unscaled(mean(weak)),
                trainedOn,
                protocol, data.notes(), routers, floors(bestName, best));
    }

    private Router learned(String name, double[] by, double[] weakProbability, @Nullable Speed speed) {
        double ece = 0;
        double brier = 0;
        double[] said = new double[BINS];
        double[] was = new double[BINS];
        for (int i = 0; i < weak.length; i++) {
            int bin = Math.min(BINS - 1, (int) (weakProbability[i] * BINS));
            said[bin] += weakProbability[i];
            was[bin] += weak[i];
            brier += (weakProbability[i] - weak[i]) * (weakProbability[i] - weak[i]);
        }
        for (int bin = 0; bin < BINS; bin++) {
            ece += Math.abs(said[bin] - was[bin]) / weak.length;
        }
        return router(name, by, ece, brier / weak.length, speed);
    }

    private Router baseline(String name, double[] by) {
        return router(name, by, null, null, null);
    }

    private Router router(String name, double[] by, @Nullable Double ece, @Nullable Double brier,
            @Nullable Speed speed) {
        RouterCurve curve = new RouterCurve(strong, weak, by);
        return new Router(name, unscaled(curve.figures()), intervals(curve), ece, brier, speed, curve(curve));
    }

    private Map<String, double[]> intervals(RouterCurve curve) {
        if (draws.length == 0) {
            return Map.of();
        }
        List<RouterCurve.Figures> drawn = new ArrayList<>();
        for (int[] times : draws) {
            RouterCurve.Figures figures = curve.figures(times);
            // A draw in which the strong model is not better has no gap to recover.
            if (Double.isFinite(figures.apgr()) && !Double.isNaN(figures.cpt80())) {
                drawn.add(unscaled(figures));
            }
        }
        Map<String, double[]> intervals = new LinkedHashMap<>();
        intervals.put("apgr", ends(drawn, RouterCurve.Figures::apgr));
        intervals.put("cpt50", ends(drawn, RouterCurve.Figures::cpt50));
        intervals.put("cpt80", ends(drawn, RouterCurve.Figures::cpt80));
        intervals.put("accuracy_at_20", ends(drawn, RouterCurve.Figures::accuracyAt20));
        intervals.put("accuracy_at_50", ends(drawn, RouterCurve.Figures::accuracyAt50));
        return intervals;
    }

    private static double[] ends(List<RouterCurve.Figures> drawn, ToDoubleFunction<RouterCurve.Figures> figure) {
        double[] values = drawn.stream().mapToDouble(figure).sorted().toArray();
        return values.length == 0
                ? new double[0]
                : new double[]{values[(int) (0.025 * values.length)], values[(int) Math.min(values.length - 1.0,
                        0.975 * values.length)]};
    }

    /** One model for everything: below 100 % strong calls that is the weak one, which recovers nothing. */
    private Router constant() {
        double low = unscaled(mean(weak));
        double[] curve = new double[POINTS + 1];
        Arrays.fill(curve, low);
        curve[POINTS] = unscaled(mean(strong));
        return new Router("best constant", new RouterCurve.Figures(0, 100, 100, low, low), Map.of(), null, null, null,
                curve);
    }

    /** The mean of ten random orders, as RouteLLM draws its line. */
    private Router random() {
        Random random = new Random(settings.seed());
        double[] sums = new double[5];
        double[] curve = new double[POINTS + 1];
        for (int draw = 0; draw < RANDOM_DRAWS; draw++) {
            double[] by = random.doubles(strong.length).toArray();
            RouterCurve drawn = new RouterCurve(strong, weak, by);
            RouterCurve.Figures figures = unscaled(drawn.figures());
            double[] of = {figures.apgr(), figures.cpt50(), figures.cpt80(), figures.accuracyAt20(),
                    figures.accuracyAt50()};
            double[] points = curve(drawn);
            for (int i = 0; i < sums.length; i++) {
                sums[i] += of[i] / RANDOM_DRAWS;
            }
            for (int i = 0; i < curve.length; i++) {
                curve[i] += points[i] / RANDOM_DRAWS;
            }
        }
        return new Router("random", new RouterCurve.Figures(sums[0], sums[1], sums[2], sums[3], sums[4]), Map.of(),
                null, null,
                null, curve);
    }

    private List<FloorTrial.Result> floors(String router, double[] by) {
        RouterEvaluation.Floor floor = settings.floor();
        if (floor == null) {
            return List.of();
        }
        int least = new FloorControl(floor.margin(), floor.delta()).leastLabels(FloorControl.Method.LEARN_THEN_TEST);
        if (floor.labels() < least) {
            data.notes()
                    .add(floor.labels() + " labels prove no floor of " + floor.margin() + ": everything goes to "
                            + data.strong()
                            + " until there are " + (least - floor.labels()) + " more");
        }
        FloorTrial trial = new FloorTrial(router, by, strong, weak);
        List<FloorTrial.Result> results = new ArrayList<>();
        for (FloorControl.Method method : FloorControl.Method.values()) {
            results.add(
                    trial.run(method, floor.margin(), floor.delta(), floor.labels(), floor.draws(), settings.seed()));
        }
        return List.copyOf(results);
    }

    private double[] curve(RouterCurve curve) {
        return Arrays.stream(curve.accuracies(POINTS)).map(this::unscaled).toArray();
    }

    private RouterCurve.Figures unscaled(RouterCurve.Figures figures) {
        return new RouterCurve.Figures(figures.apgr(), figures.cpt50(), figures.cpt80(),
                unscaled(figures.accuracyAt20()),
                unscaled(figures.accuracyAt50()));
    }

    private double unscaled(double score) {
        return data.least() + score * (data.most() - data.least());
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).sum() / values.length;
    }
}
