package dev.pareto.policies.swap.guard;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.detect.SampleRatio;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything that was seen of a replacement and that its next alarm depends on. Immutable; the store keeps it whole, so that a restart
 * forgets nothing.
 *
 * @param candidate counts of the present share
 * @param incumbent counts of the present share
 * @param detectors by guard, since the candidate's first live answer
 * @param bad by guard what spoke against the candidate since then
 * @param pairs graded on both models
 */
public record Monitor(Tally candidate, Tally incumbent, Map<Guard, EDetector> detectors, Map<Guard, Double> bad,
        PairedQuality pairs) {

    public static final Monitor FRESH = new Monitor(Tally.NONE, Tally.NONE, Map.of(), Map.of(), PairedQuality.NONE);

    /** Beyond this Bayes factor (its ln) the arms do not hold what they should, and what they show cannot be trusted. */
    public static final double RATIO_ALARM = -Math.log(SampleRatio.ALPHA);

    public Monitor {
        requireNonNull(candidate, "candidate is null");
        requireNonNull(incumbent, "incumbent is null");
        requireNonNull(pairs, "pairs is null");
        detectors = Map.copyOf(detectors);
        bad = Map.copyOf(bad);
    }

    /** One request more. Only the candidate's can raise an alarm. */
    public Monitor next(Observation seen, GuardRules rules) {
        if (seen.arm() == Arm.INCUMBENT) {
            return new Monitor(candidate, incumbent.next(seen, rules.latencyLimit()), detectors, bad, pairs);
        }
        var update = new Update(rules);
        update.flag(Guard.ERRORS, seen.failed());
        update.flag(Guard.FORMAT, seen.malformed());
        update.flag(Guard.TRUNCATED, seen.truncated());
        if (seen.took() != null && rules.latencyLimit() != null) {
            update.flag(Guard.LATENCY, seen.took().compareTo(rules.latencyLimit()) > 0);
        }
        return new Monitor(candidate.next(seen, rules.latencyLimit()), incumbent, update.detectors, update.bad, pairs);
    }

    /**
     * One graded answer more.
     *
     * @param score of the candidate, 0 to 1
     * @param other of the incumbent on the same request; null when it was not asked
     */
    public Monitor graded(double score, @Nullable Double other, GuardRules rules, double margin, double exitMargin) {
        var update = new Update(rules);
        update.value(Guard.QUALITY, 1 - score);
        PairedQuality next = other == null ? pairs : pairs.next(score - other, margin, exitMargin);
        return new Monitor(candidate, incumbent, update.detectors, update.bad, next);
    }

    /** The first guard whose statistic has reached its threshold; null while all is well. */
    public @Nullable Alarm alarm(GuardRules rules) {
        double threshold = rules.threshold();
        for (Guard guard : Guard.values()) {
            EDetector detector = rules.rate(guard) == null ? null : detectors.get(guard);
            double statistic = detector == null ? Double.NEGATIVE_INFINITY : detector.logStatistic();
            if (detector != null && statistic >= threshold) {
                return new Alarm(guard, detector.seen(), bad.getOrDefault(guard, 0.0), statistic, threshold);
            }
        }
        double drift = pairs.logDriftStatistic();
        return drift >= threshold ? new Alarm(Guard.DRIFT, pairs.pairs(), -pairs.sum(), drift, threshold) : null;
    }

    /** Ln of the Bayes factor against the share; 0 where one arm is meant to be empty. */
    public double sampleRatio(double share) {
        return share <= 0 || share >= 1
                ? 0
                : new SampleRatio(List.of(share, 1 - share), List.of(candidate.units(), incumbent.units()))
                        .logBayesFactor();
    }

    /** Counts begin anew, detectors go on: the share has changed, the candidate has not. */
    public Monitor newShare() {
        return new Monitor(Tally.NONE, Tally.NONE, detectors, bad, pairs);
    }

    /** Who was seen is known in memory alone; after a restart everyone is new again, so both counts begin anew. */
    public Monitor withoutUnits() {
        return new Monitor(candidate.withoutUnits(), incumbent.withoutUnits(), detectors, bad, pairs);
    }

    private Map<Guard, EDetector> withDefault() {
        return detectors.isEmpty() ? new EnumMap<>(Guard.class) : detectors;
    }

    /** Copies of both maps while one observation goes in. */
    private final class Update {

        private final GuardRules rules;
        private final Map<Guard, EDetector> detectors = new EnumMap<>(withDefault());
        private final Map<Guard, Double> bad = new EnumMap<>(Guard.class);

        Update(GuardRules rules) {
            this.rules = rules;
            bad.putAll(Monitor.this.bad);
        }

        void flag(Guard guard, @Nullable Boolean is) {
            if (is != null) {
                value(guard, is ? 1 : 0);
            }
        }

        void value(Guard guard, double x) {
            Double rate = rules.rate(guard);
            if (rate == null) {
                return;
            }
            var bets = rules.bets(rate);
            detectors.put(guard,
                    detectors.getOrDefault(guard, EDetector.fresh(bets.size())).next(x, rate, bets));
            bad.merge(guard, x, Double::sum);
        }
    }
}
