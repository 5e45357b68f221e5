package dev.pareto.policies.predict;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Notices within a few answers that a deployment's latency has changed, long before a window of minutes has forgotten what was: bets that
 * the next answers fall into other parts of the forecast than one in twenty beyond either 5 % tail and the rest around the median
 * (Shiryaev-Roberts with likelihood ratios). A steady deployment is taken for a changed one once in some thousand answers, and then only
 * its forecast begins anew, from its latest answers. Safe for many threads.
 */
final class LatencyShift {

    /** From so many answers on a forecast can be bet against. */
    private static final int KNOWN = 8;
    /** Among fewer answers the slow ones move the 95 % quantile by themselves. */
    private static final int MANY = 100;
    /** Answers that what comes after a change is first told from. */
    static final int RECENT = 2;

    private static final double TAIL = 0.05;
    /** What the bets look for when answers get quicker, a jump and a drift: below 5 %, to the median, to 95 %, beyond. */
    private static final double[][] BETS = {{0.80, 0.17, 0.02, 0.01}, {0.30, 0.50, 0.17, 0.03}};
    /** Four answers in a row beyond the tail reach it; who is wrongly taken for slower is left, and seldom asked again. */
    private static final double SLOWER = 100_000;
    /** Three of them: who is wrongly taken for faster is asked, and soon known better. */
    private static final double FASTER = 1_000;
    /** Two quick answers in a row. */
    private static final double SUSPECTED = 60;
    /** From here on odd answers no longer count as what is usual. */
    private static final double SUSPICIOUS = 12;
    /** So many answers after a change tell what it is now. */
    private static final int CONFIRMED = 6;
    /** For so many answers at most: a reference of few answers may itself be the odd one. */
    private static final int LONGEST = 8;

    private final double[] slower = new double[BETS.length];
    private final double[] faster = new double[BETS.length];
    private final long[] recent = new long[2 * RECENT];
    private @Nullable Reference reference;
    private int since;
    private volatile boolean suspected;
    private volatile boolean fresh;
    private int held;
    private double suspicion;

    /** What the bets are against: the forecast as it was before the first answer that looked odd. */
    private record Reference(double observations, long low, long median, long high) {

        static @Nullable Reference of(LatencyForecast forecast, long low) {
            return forecast.totalP50() == null || forecast.totalP95() == null
                    ? null
                    : new Reference(forecast.observations(), low, forecast.totalP50().toNanos(),
                            forecast.totalP95().toNanos());
        }

        int part(long nanos) {
            return nanos < low ? 0 : nanos <= median ? 1 : nanos <= high ? 2 : 3;
        }
    }

    /**
     * @param forecast whose answers these should be; null while there is none
     * @param low the 5 % quantile of its total
     * @return null while nothing tells of a change; else first-token and total latency of what the new forecast begins with beside this
     *         answer: the one before it where that belongs to the change, too, and one as slow as one in twenty used to be against the
     *         median, because the slowest of a few answers is no 95 % quantile
     */
    synchronized long @Nullable [] next(long firstNanos, long nanos, @Nullable LatencyForecast forecast, long low) {
        System.arraycopy(recent, 2, recent, 0, recent.length - 2);
        recent[recent.length - 2] = firstNanos;
        recent[recent.length - 1] = nanos;
        int before = since;
        since = Math.min(since + 1, 1_000_000);
        if (forecast == null) {
            // of a length that nobody asks about: what is usual for others is none for it
            return null;
        }
        if ((suspicion < SUSPICIOUS || reference == null || held >= LONGEST)) {
            reference = Reference.of(forecast, low);
            held = 0;
        }
        held++;
        fresh &= since < CONFIRMED;
        double known = reference == null ? 0 : Math.min(before, reference.observations());
        if (reference == null || known < KNOWN) {
            return null;
        }
        // of few answers the least is no 5 % quantile
        double tail = Math.max(TAIL, 1 / (known + 1));
        int part = reference.part(nanos);
        double slow = reference.observations() >= MANY ? bet(slower, 3 - part, tail) : 0;
        double fast = bet(faster, part, tail);
        suspicion = Math.max(slow, fast);
        // one that is often asked needs nobody to ask more
        boolean rare = reference.observations() < MANY;
        suspected = rare && fast >= SUSPECTED;
        if (slow < SLOWER && fast < FASTER) {
            return null;
        }
        long[] begin = begin(reference, slow > fast ? 3 : 0);
        Arrays.fill(slower, 0);
        Arrays.fill(faster, 0);
        reference = null;
        suspicion = 0;
        suspected = false;
        fresh = rare && fast >= slow;
        since = begin.length / 2;
        return begin;
    }

    /** Whether answers are suspiciously quick, or became quicker and are still few. */
    boolean unsettled() {
        return suspected || fresh;
    }

    /** An answer of before the change would stay the slowest until twenty others have come. */
    private long[] begin(Reference was, int part) {
        double spread = (double) was.high / Math.max(1, was.median);
        boolean both = was.part(recent[1]) == part;
        long first = recent[recent.length - 2];
        long total = recent[recent.length - 1];
        long[] slow = {Math.round(first * spread), Math.round(total * spread)};
        if (part == 3) {
            return both ? new long[]{recent[0], recent[1]} : new long[0];
        }
        return both ? new long[]{recent[0], recent[1], slow[0], slow[1]} : slow;
    }

    private static double bet(double[] states, int part, double tail) {
        double steady = part == 0 || part == 3 ? tail : 0.5 - tail;
        double sum = 0;
        for (int i = 0; i < BETS.length; i++) {
            states[i] = (1 + states[i]) * BETS[i][part] / steady;
            sum += states[i];
        }
        return sum;
    }
}
