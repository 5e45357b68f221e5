package dev.pareto.policies.simulate;

import java.util.Formatter;
import java.util.List;
import java.util.Locale;

/** Draws the regret against the oracle, request by request, as an SVG picture: a curve for each world, flat where all is learned. */
public final class RegretChart {

    private static final int WIDTH = 760;
    private static final int HEIGHT = 420;
    private static final int LEFT = 64;
    private static final int RIGHT = 190;
    private static final int TOP = 36;
    private static final int BOTTOM = 52;
    private static final int POINTS = 300;
    private static final List<String> COLOURS = List.of("#0b6e4f", "#1d4ed8", "#b45309", "#7c3aed", "#be185d",
            "#525252");

    private RegretChart() {}

    public static String svg(List<WorldRun> runs) {
        var svg = new Formatter(Locale.ROOT);
        int most = 1;
        double high = 1e-9;
        for (WorldRun run : runs) {
            double[] regret = run.regret();
            most = Math.max(most, regret.length);
            for (double one : regret) {
                high = Math.max(high, one);
            }
        }
        svg.format("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" "
                + "font-size=\"12\">%n<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>%n", WIDTH, HEIGHT, WIDTH,
                HEIGHT);
        svg.format("<text x=\"%d\" y=\"20\" font-size=\"14\">regret against the oracle</text>%n", LEFT);
        for (int tick = 0; tick <= 4; tick++) {
            double share = tick / 4.0;
            svg.format("<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" stroke=\"#e5e5e5\"/>%n", LEFT, y(share),
                    WIDTH - RIGHT, y(share));
            svg.format("<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.0f</text>%n", LEFT - 6, y(share) + 4,
                    share * high);
            svg.format("<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%.0f</text>%n", x(share), HEIGHT - BOTTOM + 18,
                    share * most);
        }
        svg.format("<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">requests</text>%n", x(0.5), HEIGHT - 12);
        for (int i = 0; i < runs.size(); i++) {
            curve(svg, runs.get(i), COLOURS.get(i % COLOURS.size()), i, most, high);
        }
        svg.format("</svg>%n");
        return svg.toString();
    }

    private static void curve(Formatter svg, WorldRun run, String colour, int place, int most, double high) {
        double[] regret = run.regret();
        var points = new StringBuilder();
        int step = Math.max(1, regret.length / POINTS);
        for (int i = 0; i < regret.length; i += step) {
            points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x((double) i / most),
                    y(Math.max(0, regret[i]) / high)));
        }
        svg.format("<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"2\" points=\"%s\"/>%n", colour,
                points.toString().strip());
        for (WorldPlan.Change change : run.plan().changes()) {
            svg.format("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>%n", x((double) change.request() / most),
                    y(Math.max(0, regret[Math.min(change.request(), regret.length - 1)]) / high), colour);
        }
        svg.format("<text x=\"%d\" y=\"%d\" fill=\"%s\">%s</text>%n", WIDTH - RIGHT + 12, TOP + 12 + 20 * place, colour,
                run.plan().name());
    }

    private static double x(double share) {
        return LEFT + share * (WIDTH - LEFT - RIGHT);
    }

    private static double y(double share) {
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM);
    }
}
