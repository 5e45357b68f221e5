package dev.pareto.proxy.cli.models;

import dev.pareto.proxy.hub.HubFile;
import dev.pareto.proxy.hub.ModelDownload;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.LongSupplier;

/** A download's progress: one line that rewrites itself on a terminal, a line each tenth elsewhere. */
final class ProgressBar implements ModelDownload.Progress {

    private static final int WIDTH = 28;
    private static final long REDRAW_NANOS = 100_000_000;

    private final PrintWriter out;
    private final boolean terminal;
    private final LongSupplier nanoTime;

    private String current = "";
    private long startedAt;
    private long startedFrom;
    private long drawnAt;
    private int tenths;

    ProgressBar(PrintWriter out, boolean terminal, LongSupplier nanoTime) {
        this.out = out;
        this.terminal = terminal;
        this.nanoTime = nanoTime;
    }

    @Override
    public void advanced(HubFile file, long done) {
        long now = nanoTime.getAsLong();
        if (!current.equals(file.path())) {
            current = file.path();
            startedAt = now;
            startedFrom = done;
            drawnAt = now - REDRAW_NANOS;
            tenths = -1;
        }
        boolean last = done == file.bytes();
        if (terminal && (last || now - drawnAt >= REDRAW_NANOS)) {
            drawnAt = now;
            out.print("\r" + line(file, done, now) + "\u001b[K");
            out.flush();
        }
        int tenth = file.bytes() == 0 ? 10 : (int) (done * 10 / file.bytes());
        if (!terminal && tenth > tenths) {
            tenths = tenth;
            out.println(line(file, done, now));
        }
    }

    void finish() {
        if (terminal) {
            out.println();
        }
    }

    private String line(HubFile file, long done, long now) {
        double share = file.bytes() == 0 ? 1 : (double) done / file.bytes();
        double seconds = Math.max((now - startedAt) / 1e9, 1e-3);
        double rate = (done - startedFrom) / seconds;
        int filled = (int) (share * WIDTH);
        String left = rate > 0 && done < file.bytes() ? duration((file.bytes() - done) / rate) + " left" : "";
        return String.format(Locale.ROOT, "%s [%s%s] %3.0f %% %,d / %,d MB  %.1f MB/s  %s", file.name(),
                "█".repeat(filled), "·".repeat(WIDTH - filled), share * 100, done >> 20, file.bytes() >> 20, rate / 1e6,
                left).stripTrailing();
    }

    private static String duration(double seconds) {
        long whole = Math.round(seconds);
        return whole >= 3600
                ? whole / 3600 + " h " + whole % 3600 / 60 + " min"
                : whole >= 60 ? whole / 60 + " min " + whole % 60 + " s" : whole + " s";
    }
}
