package dev.pareto.proxy.cli.eval;

import dev.pareto.evals.run.RunListener;
import dev.pareto.policies.catalog.ModelId;
import java.io.PrintWriter;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The progress of a run, a line for each model; on a terminal the lines rewrite themselves. */
final class EvalProgress implements RunListener {

    private static final int WIDTH = 24;
    private static final int PLAIN_LINES = 10;

    private final PrintWriter out;
    private final boolean terminal;
    private final String good;
    private final Map<ModelId, Progress> lanes = new LinkedHashMap<>();
    private long drawnAt = Long.MIN_VALUE;
    private int drawnLines;

    /** @param keyed whether anything says what is right */
    EvalProgress(PrintWriter out, boolean terminal, boolean keyed) {
        this.good = keyed ? "right" : "pass, no keys";
        this.out = out;
        this.terminal = terminal;
    }

    @Override
    public void onProgress(Progress progress) {
        lanes.put(progress.model(), progress);
        boolean last = progress.done() == progress.total();
        if (!terminal) {
            if (last || progress.done() % Math.max(1, progress.total() / PLAIN_LINES) == 0) {
                out.println(line(progress));
            }
            return;
        }
        long now = System.nanoTime();
        if (last || now - drawnAt > 100_000_000L || drawnAt == Long.MIN_VALUE) {
            drawnAt = now;
            redraw();
        }
    }

    private void redraw() {
        var text = new StringBuilder();
        if (drawnLines > 0) {
            text.append("\u001b[").append(drawnLines).append('A');
        }
        lanes.values().forEach(lane -> text.append("\r\u001b[K").append(line(lane)).append('\n'));
        drawnLines = lanes.size();
        out.print(text);
        out.flush();
    }

    private String line(Progress progress) {
        int filled = progress.done() * WIDTH / Math.max(1, progress.total());
        var line = new StringBuilder(String.format(Locale.ROOT, "%-24s %s%s %5d/%d", progress.model(),
                "█".repeat(filled), "·".repeat(WIDTH - filled), progress.done(), progress.total()));
        if (progress.accuracy() != null) {
            line.append(String.format(Locale.ROOT, "  %5.1f %% %s", progress.accuracy() * 100, good));
        }
        if (progress.spent() != null) {
            line.append("  ")
                    .append(progress.spent().amount().setScale(4, RoundingMode.HALF_EVEN))
                    .append(' ')
                    .append(progress.spent().currency());
        }
        if (progress.evidence() != null) {
            line.append(String.format(Locale.ROOT, "  evidence %3.0f %%", progress.evidence() * 100));
        }
        if (progress.errors() > 0) {
            line.append("  ").append(progress.errors()).append(" failed");
        }
        if (progress.remaining() != null && progress.done() < progress.total()) {
            line.append("  ").append(seconds(progress.remaining())).append(" left");
        }
        return line.toString();
    }

    private static String seconds(Duration duration) {
        long seconds = duration.toSeconds();
        return seconds >= 90 ? seconds / 60 + " min " + seconds % 60 + " s" : seconds + " s";
    }
}
