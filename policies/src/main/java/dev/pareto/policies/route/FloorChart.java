package dev.pareto.policies.route;

import java.util.Formatter;
import java.util.List;
import java.util.Locale;

/**
 * Draws how an accuracy floor was kept, as an SVG picture: for each way to set the threshold one dot a draw, by what was lost on prompts that
 * did not set it. Dots to the right of the line broke the promise.
 */
public final class FloorChart {

    private static final int WIDTH = 760;
    private static final int LEFT = 150;
    private static final int RIGHT = 210;
    private static final int TOP = 56;
    private static final int ROW = 84;
    private static final int BOTTOM = 52;
    /** Dots lie in so many lanes, so that they do not hide each other. */
    private static final int LANES = 19;

    private final Formatter svg = new Formatter(Locale.ROOT);
    private final double most;

    private FloorChart(List<FloorTrial.Result> floors) {
        double highest = floors.stream()
                .flatMap(floor -> floor.losses().stream())
                .mapToDouble(Double::doubleValue)
                .max()
                .orElse(0);
        most = Math.max(highest, 1.25 * floors.stream().mapToDouble(FloorTrial.Result::margin).max().orElse(0.01));
    }

    /**
     * @param title what was tried
     * @param floors at least one
     */
    public static String svg(String title, List<FloorTrial.Result> floors) {
        if (floors.isEmpty()) {
            throw new IllegalArgumentException("no floor was tried");
        }
        FloorChart chart = new FloorChart(floors);
        chart.draw(title, floors);
        return chart.svg.toString();
    }

    private void draw(String title, List<FloorTrial.Result> floors) {
        int height = TOP + ROW * floors.size() + BOTTOM;
        FloorTrial.Result first = floors.getFirst();
        svg.format(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">%n",
                WIDTH, height);
        svg.format("<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>%n", WIDTH, height);
        svg.format("<text x=\"16\" y=\"20\" font-size=\"14\">%s</text>%n", RouterChart.escaped(title));
        svg.format(
                "<text x=\"16\" y=\"38\" fill=\"#525252\">%s; a loss of at most %.3g with %.3g %% confidence; %d labels set each"
                        + " threshold, %d draws</text>%n",
                RouterChart.escaped(first.router()), first.margin(), 100 * (1 - first.delta()), first.labels(),
                first.draws());
        for (int tick = 0; tick <= 5; tick++) {
            double loss = most * tick / 5;
            svg.format("<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"#e5e5e5\"/>%n", x(loss), TOP,
                    x(loss),
                    height - BOTTOM);
            svg.format("<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%.3f</text>%n", x(loss),
                    height - BOTTOM + 18, loss);
        }
        svg.format(
                "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">loss against the strong model on prompts not drawn</text>%n",
                x(most / 2), height - 12);
        for (int row = 0; row < floors.size(); row++) {
            row(floors.get(row), TOP + ROW * row);
        }
        svg.format("<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"#b91c1c\" stroke-width=\"2\"/>%n",
                x(first.margin()), TOP, x(first.margin()), height - BOTTOM);
        svg.format("</svg>%n");
    }

    private void row(FloorTrial.Result floor, int top) {
        svg.format("<text x=\"16\" y=\"%d\">%s</text>%n", top + ROW / 2 + 4,
                floor.method().name().toLowerCase(Locale.ROOT).replace('_', ' '));
        for (int draw = 0; draw < floor.losses().size(); draw++) {
            double loss = floor.losses().get(draw);
            int lane = draw * 7 % LANES;
            svg.format("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"2.5\" fill=\"%s\" fill-opacity=\"0.55\"/>%n", x(loss),
                    top + 10 + (ROW - 20.0) * lane / (LANES - 1), loss > floor.margin() ? "#b91c1c" : "#0b6e4f");
        }
        svg.format("<text x=\"%d\" y=\"%d\">broken in %.1f %%</text>%n", WIDTH - RIGHT + 14, top + ROW / 2 - 6,
                100 * floor.broken());
        svg.format("<text x=\"%d\" y=\"%d\" fill=\"#525252\">beyond noise in %.1f %%</text>%n", WIDTH - RIGHT + 14,
                top + ROW / 2 + 10, 100 * floor.brokenBeyondNoise());
        svg.format("<text x=\"%d\" y=\"%d\" fill=\"#525252\">strong calls %.1f %%</text>%n", WIDTH - RIGHT + 14,
                top + ROW / 2 + 26, 100 * floor.strongShare());
    }

    private double x(double loss) {
        return LEFT + loss / most * (WIDTH - LEFT - RIGHT);
    }
}
