package dev.pareto.policies.predict;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Latency quantiles of one deployment, over a window that forgets. Time is cut into slices that weigh half as much as the next
 * newer one's span of three slices, so an outage stops to count within minutes; a sudden change is noticed within a few answers. Answers are kept apart by length, because a
 * long answer takes long at any vendor. Recording is lock-free but for the change of a slice; forecasts are computed at most
 * every 250 ms and then shared.
 */
public final class LatencyTracker {

    private static final int SLICES = 12;
    private static final long SLICE_NANOS = Duration.ofSeconds(30).toNanos();
    private static final long SHARED_NANOS = Duration.ofMillis(250).toNanos();
    private static final double DECAY = Math.pow(0.5, 1 / 3.0);
    /** Upper ends of the classes of answer length, in tokens; the last class has no end. */
    private static final int[] LENGTHS = {32, 128, 512, 2048};
    private static final long ENOUGH = 20;
    /** A failure has no length; it is counted with answers of this one. */
    private static final int USUAL_LENGTH = 256;

    private final LongSupplier nanoTime;
    private final Slice[] ring = new Slice[SLICES];
    private final AtomicReferenceArray<@Nullable Shared> shared = new AtomicReferenceArray<>(LENGTHS.length + 1);

    private final LatencyShift shift = new LatencyShift();

    /** @param lowNanos 5 % quantile of the total; -1 while unknown */
    private record Shared(long atNanos, LatencyForecast forecast, long lowNanos) {}

    private static final class Slice {

        private volatile long number = Long.MIN_VALUE;
        private final LogHistogram[] firstToken = histograms();
        private final LogHistogram[] total = histograms();

        private static LogHistogram[] histograms() {
            LogHistogram[] histograms = new LogHistogram[LENGTHS.length + 1];
            for (int i = 0; i < histograms.length; i++) {
                histograms[i] = new LogHistogram();
            }
            return histograms;
        }

        private synchronized void restart(long next) {
            if (number < next) {
                clear();
                number = next;
            }
        }

        private synchronized void clear() {
            for (int i = 0; i < total.length; i++) {
                firstToken[i].clear();
                total[i].clear();
            }
        }
    }

    /**
     * @param nanoTime monotonic, e.g. {@code System::nanoTime}
     */
    public LatencyTracker(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        for (int i = 0; i < SLICES; i++) {
            ring[i] = new Slice();
        }
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
        record(firstToken.toNanos(), total.toNanos(), outputTokens, ok);
    }

    /** The same without objects. */
    public void record(long firstTokenNanos, long totalNanos, int outputTokens, boolean ok) {
        int length = lengthClass(outputTokens);
        if (!ok) {
            length = lengthClass(USUAL_LENGTH);
            Shared known = shared.get(length);
            Duration median = known == null ? null : known.forecast.totalP50();
            if (median == null || totalNanos < median.toNanos()) {
                return;
            }
        }
        Shared known = shared.get(length);
        long[] changed = ok
                ? shift.next(firstTokenNanos, totalNanos, known == null ? null : known.forecast,
                        known == null ? -1 : known.lowNanos)
                : null;
        if (changed != null) {
            forget();
        }
        long number = Math.floorDiv(nanoTime.getAsLong(), SLICE_NANOS);
        Slice slice = ring[(int) Math.floorMod(number, (long) SLICES)];
        if (slice.number < number) {
            slice.restart(number);
        }
        slice.firstToken[length].record(firstTokenNanos);
        slice.total[length].record(totalNanos);
        // the last of them is this one
        for (int i = 0; changed != null && i < LatencyShift.RECENT - 1; i++) {
            slice.firstToken[length].record(changed[2 * i]);
            slice.total[length].record(changed[2 * i + 1]);
        }
    }

    /** The forecast for an answer of about this length; all lengths together while its own class was seen too seldom. */
    public LatencyForecast forecast(int outputTokens) {
        int length = lengthClass(outputTokens);
        long now = nanoTime.getAsLong();
        Shared last = shared.get(length);
        if (last != null && now - last.atNanos < SHARED_NANOS) {
            return last.forecast;
        }
        Shared forecast = compute(length, now);
        shared.set(length, forecast);
        return forecast.forecast;
    }

    /** What was is no forecast of what is: begins anew. */
    private void forget() {
        for (Slice slice : ring) {
            slice.clear();
        }
        for (int length = 0; length <= LENGTHS.length; length++) {
            shared.set(length, null);
        }
    }

    private Shared compute(int length, long now) {
        Shared own = sum(length, length, now);
        return own.forecast.observations() >= ENOUGH ? own : sum(0, LENGTHS.length, now);
    }

    private Shared sum(int from, int to, long now) {
        long newest = Math.floorDiv(now, SLICE_NANOS);
        double[] first = new double[LogHistogram.BUCKETS];
        double[] whole = new double[LogHistogram.BUCKETS];
        for (Slice slice : ring) {
            long age = newest - slice.number;
            if (age < 0 || age >= SLICES) {
                continue;
            }
            double weight = Math.pow(DECAY, (double) age);
            for (int length = from; length <= to; length++) {
                slice.firstToken[length].addTo(first, weight);
                slice.total[length].addTo(whole, weight);
            }
        }
        double observations = 0;
        for (double count : whole) {
            observations += count;
        }
        var forecast = new LatencyForecast(Math.round(observations), quantile(first, 0.50), quantile(first, 0.95),
                quantile(first, 0.99), quantile(whole, 0.50), quantile(whole, 0.95), quantile(whole, 0.99));
        return new Shared(now, forecast, LogHistogram.quantileNanos(whole, 0.05));
    }

    private static @Nullable Duration quantile(double[] sums, double quantile) {
        long nanos = LogHistogram.quantileNanos(sums, quantile);
        return nanos < 0 ? null : Duration.ofNanos(nanos);
    }

    private static int lengthClass(int outputTokens) {
        for (int i = 0; i < LENGTHS.length; i++) {
            if (outputTokens <= LENGTHS[i]) {
                return i;
            }
        }
        return LENGTHS.length;
    }
}
