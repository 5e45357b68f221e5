package dev.pareto.policies.route;

import java.util.Formatter;
import java.util.List;
import java.util.Locale;

/** Draws the routers' curves as an SVG picture: mean score by the share of strong calls. */
public final class RouterChart {

    private static final int WIDTH = 760;
    private static final int HEIGHT = 480;
    private static final int LEFT = 64;
    private static final int RIGHT = 210;
    private static final int TOP = 36;
    private static final int BOTTOM = 52;
    private static final List<String> COLOURS = List.of("#0b6e4f", "#1d4ed8", "#b45309", "#7c3aed", "#be185d",
            "#525252", "#a3a3a3",
            "#111111");

    private final Formatter svg = new Formatter(Locale.ROOT);
    private final double least;
    private final double most;

    private RouterChart(RouterReport report) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (RouterReport.Router router : report.routers()) {
            for (double point : router.curve()) {
                low = Math.min(low, point);
                high = Math.max(high, point);
            }
        }
        least = low;
        most = high > low ? high : low + 1;
    }

    public static String svg(RouterReport report) {
        RouterChart chart = new RouterChart(report);
        chart.draw(report);
        return chart.svg.toString();
    }

    private void draw(RouterReport report) {
        svg.format(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">%n",
                WIDTH,
                HEIGHT);
        svg.format("<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>%n", WIDTH, HEIGHT);
        svg.format("<text x=\"%d\" y=\"20\" font-size=\"14\">%s</text>%n", LEFT,
                escaped(report.strongModel() + " and " + report.weakModel() + ", " + report.n() + " prompts"));
        for (int tick = 0; tick <= 5; tick++) {
            double share = tick / 5.0;
            double score = least + (most - least) * share;
            svg.format("<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"#e5e5e5\"/>%n", x(share), TOP,
                    x(share),
                    HEIGHT - BOTTOM);
            svg.format("<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" stroke=\"#e5e5e5\"/>%n", LEFT, y(score),
                    WIDTH - RIGHT, y(score));
            svg.format("<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%.0f %%</text>%n", x(share),
                    HEIGHT - BOTTOM + 18,
                    share * 100);
            svg.format("<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.3g</text>%n", LEFT - 6, y(score) + 4, score);
        }
        svg.format("<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">calls to the strong model</text>%n", x(0.5),
                HEIGHT - 12);
        int at = 0;
        for (RouterReport.Router router : report.routers()) {
            curve(router, COLOURS.get(at % COLOURS.size()), at++);
        }
        svg.format("</svg>%n");
    }

    private void curve(RouterReport.Router router, String colour, int at) {
        double[] curve = router.curve();
        StringBuilder points = new StringBuilder();
        for (int i = 0; i < curve.length; i++) {
            points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x((double) i / (curve.length - 1)), y(curve[i])));
        }
        svg.format("<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"2\" points=\"%s\"/>%n", colour,
                points.toString().strip());
        int y = TOP + 12 + 20 * at;
        svg.format("<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"%s\" stroke-width=\"2\"/>%n",
                WIDTH - RIGHT + 14,
                y - 4,
                WIDTH - RIGHT + 34, y - 4, colour);
        svg.format("<text x=\"%d\" y=\"%d\">%s</text>%n", WIDTH - RIGHT + 40, y, escaped(router.name()));
    }

    private static double x(double share) {
        return LEFT + share * (WIDTH - LEFT - RIGHT);
    }

    private double y(double score) {
        return HEIGHT - BOTTOM - (score - least) / (most - least) * (HEIGHT - TOP - BOTTOM);
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
