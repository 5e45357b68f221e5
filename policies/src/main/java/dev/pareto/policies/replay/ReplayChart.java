package dev.pareto.policies.replay;

import java.util.Formatter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Draws a report as an SVG picture: a line for each row, what was beside what would have been with its interval. */
public final class ReplayChart {

    private static final int LEFT = 190;
    private static final int COLUMN = 190;
    private static final int GAP = 40;
    private static final int TOP = 64;
    private static final int LINE = 34;
    private static final int MOST_ROWS = 40;

    private final Formatter svg = new Formatter(Locale.ROOT);

    private ReplayChart() {}

    public static String svg(ReplayReport report) {
        var chart = new ReplayChart();
        chart.draw(report, report.rows().stream().limit(MOST_ROWS).toList());
        return chart.svg.toString();
    }

    private void draw(ReplayReport report, List<ReplayReport.Row> rows) {
        int width = LEFT + 3 * (COLUMN + GAP);
        int height = TOP + LINE * rows.size() + 44;
        svg.format("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" "
                + "font-size=\"12\">%n<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>%n", width, height, width,
                height);
        svg.format("<text x=\"12\" y=\"22\" font-size=\"14\">%s on recorded decisions</text>%n",
                escaped(report.policy()));
        column(rows, 0, "cost of a request", ReplayReport.Row::cost);
        column(rows, 1, "latency p95, s", ReplayReport.Row::seconds);
        column(rows, 2, "accuracy", ReplayReport.Row::accuracy);
        for (int i = 0; i < rows.size(); i++) {
            ReplayReport.Row row = rows.get(i);
            String name = row.route() == null
                    ? "all"
                    : (row.tenant() == null ? "" : row.tenant() + " / ") + row.route();
            svg.format("<text x=\"12\" y=\"%d\">%s</text>%n", y(i) + 4, escaped(name));
            svg.format(
                    "<text x=\"12\" y=\"%d\" font-size=\"10\" fill=\"#737373\">%d requests, %.0f %% by data</text>%n",
                    y(i) + 16, row.support().requests(),
                    row.support().requests() == 0
                            ? 0
                            : 100.0 * row.support().supported() / row.support().requests());
        }
        svg.format("<circle cx=\"18\" cy=\"%d\" r=\"4\" fill=\"#a3a3a3\"/><text x=\"28\" y=\"%d\">was</text>%n",
                height - 18, height - 14);
        svg.format("<circle cx=\"78\" cy=\"%d\" r=\"4\" fill=\"#0b6e4f\"/><text x=\"88\" y=\"%d\">would have been, "
                + "95 %% interval of the data's part</text>%n</svg>%n", height - 18, height - 14);
    }

    private interface Part {
        ReplayReport.Figure of(ReplayReport.Row row);
    }

    private void column(List<ReplayReport.Row> rows, int place, String name, Part part) {
        int left = LEFT + place * (COLUMN + GAP);
        double most = 0;
        for (ReplayReport.Row row : rows) {
            ReplayReport.Figure figure = part.of(row);
            ReplayReport.Point point = figure.together();
            most = Math.max(most, or(figure.recorded(), 0));
            most = Math.max(most, point == null ? 0 : Math.max(point.value(), or(point.high(), 0)));
        }
        most = most <= 0 ? 1 : most * 1.05;
        svg.format("<text x=\"%d\" y=\"%d\" font-weight=\"bold\">%s</text>%n", left, TOP - 20, name);
        svg.format("<text x=\"%d\" y=\"%d\" fill=\"#737373\">0</text><text x=\"%d\" y=\"%d\" fill=\"#737373\" "
                + "text-anchor=\"end\">%.3g</text>%n", left, TOP - 5, left + COLUMN, TOP - 5, most);
        for (int i = 0; i < rows.size(); i++) {
            ReplayReport.Figure figure = part.of(rows.get(i));
            ReplayReport.Point point = figure.together();
            svg.format("<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"#e5e5e5\"/>%n", left, y(i),
                    left + COLUMN, y(i));
            if (point != null && point.low() != null && point.high() != null) {
                svg.format("<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"#0b6e4f\" "
                        + "stroke-width=\"3\" stroke-opacity=\"0.4\"/>%n", x(left, point.low() / most), y(i),
                        x(left, point.high() / most), y(i));
            }
            if (figure.recorded() != null) {
                dot(left, figure.recorded() / most, i, "#a3a3a3");
            }
            if (point != null) {
                dot(left, point.value() / most, i, "#0b6e4f");
            }
        }
    }

    private void dot(int left, double share, int row, String colour) {
        svg.format("<circle cx=\"%.1f\" cy=\"%d\" r=\"4\" fill=\"%s\"/>%n", x(left, share), y(row), colour);
    }

    private static double or(@Nullable Double value, double otherwise) {
        return value == null || !Double.isFinite(value) ? otherwise : value;
    }

    private static double x(int left, double share) {
        return left + Math.clamp(share, 0, 1) * COLUMN;
    }

    private static int y(int row) {
        return TOP + LINE * row + 14;
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
