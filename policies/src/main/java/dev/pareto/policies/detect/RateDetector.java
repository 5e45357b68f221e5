package dev.pareto.policies.detect;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Watches a rate that must not rise: failures, slow answers, or any loss scored in [0, 1]. The stakes are those that are best when the
 * rate jumps to one of a few values; the promise holds for every stream whose mean given the past is at most what is good.
 *
 * @param seen observations so far
 * @param logs ln(1 + M) of each bet
 */
public record RateDetector(long seen, List<Double> logs) implements Detector {

    public RateDetector {
        logs = List.copyOf(logs);
        if (logs.isEmpty()) {
            throw new IllegalArgumentException("an e-detector needs at least one bet");
        }
    }

    /** Has seen nothing yet. */
    public static RateDetector fresh(int bets) {
        return new RateDetector(0, Collections.nCopies(bets, ShiryaevRoberts.FRESH));
    }

    /**
     * One observation more. With x of 0 and 1 a bet's factor is the likelihood ratio of its rate to {@code good}.
     *
     * @param x from 0 (good) to 1 (bad)
     * @param good the mean that is still good, above 0 and below 1; may follow what was seen before, not x
     * @param rates the means that the bets look for, each above {@code good} and below 1
     */
    public RateDetector next(double x, double good, List<Double> rates) {
        if (!(x >= 0 && x <= 1)) {
            throw new IllegalArgumentException("an observation is between 0 and 1, got " + x);
        }
        if (!(good > 0 && good < 1)) {
            throw new IllegalArgumentException("what still is good must be above 0 and below 1, got " + good);
        }
        List<Double> before = rates.size() == logs.size() ? logs : fresh(rates.size()).logs;
        List<Double> after = new ArrayList<>(rates.size());
        for (int i = 0; i < rates.size(); i++) {
            double stake = (rates.get(i) - good) / (good * (1 - good));
            after.add(ShiryaevRoberts.next(before.get(i), Math.log1p(stake * (x - good))));
        }
        return new RateDetector(seen + 1, after);
    }

    /** ln of the mean M over the bets. */
    @Override
    public double logStatistic() {
        if (logs.size() == 1) {
            return ShiryaevRoberts.logStatistic(logs.getFirst());
        }
        double most = Double.NEGATIVE_INFINITY;
        for (double log : logs) {
            most = Math.max(most, ShiryaevRoberts.logStatistic(log));
        }
        if (most == Double.NEGATIVE_INFINITY) {
            return most;
        }
        double sum = 0;
        for (double log : logs) {
            sum += Math.exp(ShiryaevRoberts.logStatistic(log) - most);
        }
        return most + Math.log(sum / logs.size());
    }
}
