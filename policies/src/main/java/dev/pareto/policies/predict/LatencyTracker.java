package dev.pareto.policies.predict;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Latency quantiles of one deployment, over a window that forgets: time to the first token and time per output token by how many calls were
 * under way when a call began, and whole answers by length, because a long answer takes long at any vendor. A sudden change is noticed within
 * a few answers, and what was before it is forgotten. Recording is lock-free but for the change of a slice; forecasts are computed at most every 250 ms and then shared.
 */
public final class LatencyTracker {

    private static final long SHARED_NANOS = Duration.ofMillis(250).toNanos();
    /** Upper ends of the classes of answer length, in tokens; the last class has no end. */
    private static final int[] LENGTHS = {32, 128, 512, 2048};
    /** What an answer of each class is taken to be long where it must be put together from its parts. */
    private static final int[] TYPICAL = {16, 64, 256, 1024, 4096};
    /** Upper ends of the classes of load, in calls under way with the new one; the last class has no end. */
    private static final int[] LOADS = {1, 4, 16};
    private static final int LOAD_CLASSES = LOADS.length + 1;
    private static final int LENGTH_CLASSES = LENGTHS.length + 1;
    /* the histograms of a slice */
    private static final int FIRST = 0;
    private static final int PER_TOKENS = LOAD_CLASSES;
    private static final int TOTAL = 2 * LOAD_CLASSES;
    private static final int KINDS = TOTAL + LENGTH_CLASSES;
    /** Times per token are kept for so many, or they would fall below the finest bucket. */
    private static final int TOKENS = 128;
    /** Shorter answers say nothing of the time per token. */
    private static final int LEAST_TOKENS = 8;
    private static final long ENOUGH = 20;
    /** A failure has no length; it is counted with answers of this one. */
    private static final int USUAL_LENGTH = 256;
    /* how soon a deployment that nobody called for a while is tried again */
    private static final double PROBES = 0.02;
    /* parts of the half-life of what is known of it: half a minute and a whole one where it was busy */
    private static final double PROBED_AFTER = 1.0 / 3;
    private static final double PROBES_DOUBLE = 2.0 / 3;

    private final LongSupplier nanoTime;
    private final LatencySlices slices;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicReferenceArray<@Nullable Shared> shared = new AtomicReferenceArray<>(
            LENGTH_CLASSES * LOAD_CLASSES);
    private volatile long lastNanos;
    private volatile boolean observed;

    private final LatencyShift shift = new LatencyShift();

    /** @param lowNanos 5 % quantile of the total; -1 while unknown */
    private record Shared(long atNanos, LatencyForecast forecast, long lowNanos) {}

    /**
     * @param nanoTime monotonic, e.g. {@code System::nanoTime}
     */
    public LatencyTracker(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.slices = new LatencySlices(KINDS, nanoTime.getAsLong());
    }

    /** A call goes out. Returns how many are under way with it; {@link #end} must follow. */
    public int begin() {
        return inFlight.incrementAndGet();
    }

    /** A call that was begun has ended, however. */
    public void end() {
        inFlight.decrementAndGet();
    }

    /** How many calls are under way. */
    public int inFlight() {
        return Math.max(0, inFlight.get());
    }

    /**
     * Counts one finished attempt.
     *
     * @param firstToken until the first token (for an answer in one piece: until the end)
     * @param total until the end
     * @param outputTokens the length of the answer
     * @param ok whether there was a full answer; a failure counts only when it was slower than the median answer, because a
     *            quick refusal must not make a vendor look quick
     */
    public void record(Duration firstToken, Duration total, int outputTokens, boolean ok) {
        record(firstToken.toNanos(), total.toNanos(), outputTokens, ok, 1);
    }

    /** The same without objects. */
    public void record(long firstTokenNanos, long totalNanos, int outputTokens, boolean ok) {
        record(firstTokenNanos, totalNanos, outputTokens, ok, 1);
    }

    /** @param load how many calls were under way when this one began, with it */
    public void record(long firstTokenNanos, long totalNanos, int outputTokens, boolean ok, int load) {
        int length = place(outputTokens, LENGTHS);
        long now = nanoTime.getAsLong();
        lastNanos = now;
        observed = true;
        int loaded = place(load, LOADS);
        long[] changed = null;
        if (ok) {
            Shared known = shared.get(length * LOAD_CLASSES + loaded);
            changed = shift.next(firstTokenNanos, totalNanos, known == null ? null : known.forecast,
                    known == null ? -1 : known.lowNanos);
        } else {
            length = place(USUAL_LENGTH, LENGTHS);
            Duration median = known(length);
            if (median == null || totalNanos < median.toNanos()) {
                return;
            }
        }
        if (changed != null) {
            forget(now);
        }
        LatencySlices.Observed into = slices.observe(now);
        into.record(FIRST + loaded, firstTokenNanos);
        into.record(TOTAL + length, totalNanos);
        for (int i = 0; changed != null && i < changed.length / 2; i++) {
            into.record(FIRST + loaded, changed[2 * i]);
            into.record(TOTAL + length, changed[2 * i + 1]);
        }
        if (ok && outputTokens >= LEAST_TOKENS && totalNanos > firstTokenNanos) {
            into.record(PER_TOKENS + loaded, (totalNanos - firstTokenNanos) / (outputTokens - 1) * TOKENS);
        }
    }

    /** What was is no forecast of what is: begins anew. */
    private void forget(long now) {
        slices.forget(now);
        for (int slot = 0; slot < LENGTH_CLASSES * LOAD_CLASSES; slot++) {
            shared.set(slot, null);
        }
    }

    private @Nullable Duration known(int length) {
        for (int load = 0; load < LOAD_CLASSES; load++) {
            Shared last = shared.get(length * LOAD_CLASSES + load);
            if (last != null && last.forecast.totalP50() != null) {
                return last.forecast.totalP50();
            }
        }
        return null;
    }

    /**
     * The forecast for an answer of about this length to a call that goes out now. What was seen too seldom under the present load is
     * told by all loads together; lengths that were seen too seldom are put together from the first token and the time per token.
     */
    public LatencyForecast forecast(int outputTokens) {
        int length = place(outputTokens, LENGTHS);
        int load = place(inFlight() + 1, LOADS);
        long now = nanoTime.getAsLong();
        int slot = length * LOAD_CLASSES + load;
        Shared last = shared.get(slot);
        if (last != null && now - last.atNanos < SHARED_NANOS) {
            return last.forecast;
        }
        Shared forecast = compute(length, load, now);
        shared.set(slot, forecast);
        return forecast.forecast;
    }

    private Shared compute(int length, int load, long now) {
        LatencySlices.View view = slices.view(now);
        double[] every = view.sum(FIRST, PER_TOKENS);
        long observations = Math.round(LogHistogram.total(every));
        if (observations == 0) {
            return new Shared(now, LatencyForecast.UNKNOWN, -1);
        }
        double[] first = enough(view, FIRST + load, every);
        double[] tokens = view.sum(PER_TOKENS, TOTAL);
        double[] loadedTokens = enough(view, PER_TOKENS + load, tokens);
        double[] whole = view.sum(TOTAL + length, TOTAL + length + 1);
        long answers = Math.round(LogHistogram.total(whole));
        if (answers >= ENOUGH) {
            double slower = Parts.of(first, loadedTokens, length, 0.5) / Parts.of(every, tokens, length, 0.5);
            return forecast(answers, first, q -> LogHistogram.quantileNanos(whole, q) * slower, now);
        }
        if (LogHistogram.total(loadedTokens) >= ENOUGH) {
            return forecast(observations, first, q -> Parts.of(first, loadedTokens, length, q), now);
        }
        double[] all = view.sum(TOTAL, KINDS);
        return forecast(observations, first, q -> LogHistogram.quantileNanos(all, q), now);
    }

    private static double[] enough(LatencySlices.View view, int kind, double[] otherwise) {
        double[] own = view.sum(kind, kind + 1);
        return LogHistogram.total(own) >= ENOUGH ? own : otherwise;
    }

    /** The first token and so many more; quantiles are added, which is on the safe side. */
    private static final class Parts {

        private Parts() {}

        static double of(double[] first, double[] perTokens, int length, double quantile) {
            double more = LogHistogram.total(perTokens) == 0 ? 0 : LogHistogram.quantileNanos(perTokens, quantile);
            return LogHistogram.quantileNanos(first, quantile) + more * TYPICAL[length] / TOKENS;
        }
    }

    @FunctionalInterface
    private interface Quantiles {
        double nanos(double quantile);
    }

    private Shared forecast(long observations, double[] first, Quantiles total, long now) {
        LatencyForecast forecast = new LatencyForecast(observations, quantile(first, 0.50), quantile(first, 0.95),
                quantile(first, 0.99),
                duration(total.nanos(0.50)), duration(total.nanos(0.95)), duration(total.nanos(0.99)), probes(now),
                shift.unsettled());
        return new Shared(now, forecast, Math.round(total.nanos(0.05)));
    }

    private static Duration quantile(double[] sums, double quantile) {
        return Duration.ofNanos(LogHistogram.quantileNanos(sums, quantile));
    }

    private static Duration duration(double nanos) {
        return Duration.ofNanos(Math.round(nanos));
    }

    /**
     * What was not seen for half a minute is doubted by a few requests, and by twice as many each minute more; all slower where answers
     * were rarer, since what is known of them holds for longer.
     */
    private double probes(long now) {
        double halfLife = slices.halfLifeNanos();
        double silent = now - lastNanos - PROBED_AFTER * halfLife;
        return !observed || silent < 0 ? 0 : Math.min(1, PROBES * Math.pow(2, silent / (PROBES_DOUBLE * halfLife)));
    }

    private static int place(int value, int[] ends) {
        for (int i = 0; i < ends.length; i++) {
            if (value <= ends[i]) {
                return i;
            }
        }
        return ends.length;
    }
}
