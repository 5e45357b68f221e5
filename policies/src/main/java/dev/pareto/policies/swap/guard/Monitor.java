package dev.pareto.policies.swap.guard;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.detect.InputMix;
import dev.pareto.policies.detect.PairDetector;
import dev.pareto.policies.detect.RateDetector;
import dev.pareto.policies.detect.SampleRatio;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything that was seen of a replacement and that its next alarm depends on. Immutable; the store keeps it whole, so that a restart
 * forgets nothing.
 *
 * @param since when the candidate's present life began; null where that was not kept
 * @param candidate counts of the present share
 * @param incumbent counts of the present share
 * @param detectors by guard, since the candidate's first live answer
 * @param bad by guard what spoke against the candidate since then
 * @param references by guard what the incumbent's own answers lack; kept over the candidate's lives
 * @param pairs graded on both models
 * @param inputs what the requests of the present window were like
 * @param mark of the last rating on file that was taken up
 */
public record Monitor(@Nullable Instant since, Tally candidate, Tally incumbent, Map<Guard, RateDetector> detectors,
        Map<Guard, Double> bad, Map<Guard, Reference> references, PairDetector pairs, InputMix inputs, long mark) {

    public static final Monitor FRESH = new Monitor(null, Tally.NONE, Tally.NONE, Map.of(), Map.of(), Map.of(),
            PairDetector.FRESH, InputMix.NONE, 0);

    /** Beyond this Bayes factor (its ln) the arms do not hold what they should, and what they show cannot be trusted. */
    public static final double RATIO_ALARM = -Math.log(SampleRatio.ALPHA);

    /** What was written before ratings and inputs were kept lacks both. */
    public Monitor {
        requireNonNull(candidate, "candidate is null");
        requireNonNull(incumbent, "incumbent is null");
        requireNonNull(pairs, "pairs is null");
        detectors = Map.copyOf(detectors);
        bad = Map.copyOf(bad);
        references = references == null ? Map.of() : Map.copyOf(references);
        inputs = inputs == null ? InputMix.NONE : inputs;
    }

    /** A life of the candidate that begins now; what the incumbent is worth is known already. */
    public Monitor renewed(Instant now) {
        return new Monitor(now, Tally.NONE, Tally.NONE, Map.of(), Map.of(), references, PairDetector.FRESH,
                InputMix.NONE, mark);
    }

    /** One request more. Only the candidate's can raise an alarm. */
    public Monitor next(Observation seen, GuardRules rules) {
        var next = new Update(rules);
        if (seen.arm() == Arm.INCUMBENT) {
            next.incumbent = incumbent.next(seen, rules.latencyLimit());
            return next.monitor();
        }
        next.flag(Guard.ERRORS, seen.failed());
        next.flag(Guard.FORMAT, seen.malformed());
        next.flag(Guard.TRUNCATED, seen.truncated());
        if (seen.took() != null && rules.latencyLimit() != null) {
            next.flag(Guard.LATENCY, seen.took().compareTo(rules.latencyLimit()) > 0);
        }
        next.candidate = candidate.next(seen, rules.latencyLimit());
        return next.monitor();
    }

    /**
     * One answer more that was graded as the evidence was.
     *
     * @param score of the candidate, 0 to 1
     * @param other of the incumbent on the same request; null when it was not asked
     */
    public Monitor graded(double score, @Nullable Double other, GuardRules rules, double margin, double exitMargin) {
        var next = new Update(rules);
        next.value(Guard.QUALITY, 1 - score);
        next.pairs = other == null ? pairs : pairs.next(score - other, margin, exitMargin);
        return next.monitor();
    }

    /** One request more that both models answered; the difference is the candidate's score less the incumbent's. */
    public Monitor compared(double difference, GuardRules rules, double margin, double exitMargin) {
        var next = new Update(rules);
        next.pairs = pairs.next(difference, margin, exitMargin);
        return next.monitor();
    }

    /** One rating more; one that was taken up before, or speaks of an earlier life of the candidate, changes nothing but the mark. */
    public Monitor rated(Rating rating, GuardRules rules) {
        if (rating.mark() != 0 && rating.mark() <= mark) {
            return this;
        }
        var next = new Update(rules);
        next.mark = Math.max(mark, rating.mark());
        if (rating.arm() == Arm.INCUMBENT) {
            next.references.put(rating.source(),
                    references.getOrDefault(rating.source(), Reference.NONE).next(rating.score()));
        } else if (since == null || !rating.answeredAt().isBefore(since)) {
            next.value(rating.source(), 1 - rating.score());
        }
        return next.monitor();
    }

    /** One request more, of this kind; after a full window counting begins anew. */
    public Monitor asked(Map<String, String> features, int window) {
        var next = new Update(GuardRules.DEFAULT);
        next.inputs = (inputs.n() >= window ? InputMix.NONE : inputs).with(features, 1);
        return next.monitor();
    }

    /** Whether an answer of the candidate was rated by this source. */
    public boolean rates(Guard source) {
        return detectors.containsKey(source);
    }

    /** What the incumbent's own answers lack at most by the word of this source; null while too few were rated. */
    public @Nullable Double lacking(Guard source) {
        return references.getOrDefault(source, Reference.NONE).upper();
    }

    /** The first guard whose statistic has reached its threshold; null while all is well. */
    public @Nullable Alarm alarm(GuardRules rules) {
        double threshold = rules.threshold();
        for (Guard guard : Guard.values()) {
            RateDetector detector = rules.rate(guard) == null ? null : detectors.get(guard);
            double statistic = detector == null ? Double.NEGATIVE_INFINITY : detector.logStatistic();
            if (detector != null && statistic >= threshold) {
                return new Alarm(guard, detector.seen(), bad.getOrDefault(guard, 0.0), statistic, threshold);
            }
        }
        double drift = pairs.logStatistic();
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
        return new Monitor(since, Tally.NONE, Tally.NONE, detectors, bad, references, pairs, inputs, mark);
    }

    /**
     * After another share was served for a while: the counts of {@code before} go on, but for its units: who was seen then may be
     * forgotten.
     *
     * @param served whether its state serves; then detectors and pairs are of the same answers and went on meanwhile. Those of copies
     *        are of others: they go on from {@code before}
     */
    public Monitor resumed(Monitor before, boolean served) {
        Tally ours = before.candidate.withoutUnits();
        Tally theirs = before.incumbent.withoutUnits();
        return served
                ? new Monitor(since, ours, theirs, detectors, bad, references, pairs, inputs, mark)
                : new Monitor(before.since, ours, theirs, before.detectors, before.bad, references, before.pairs,
                        inputs, mark);
    }

    /** The life of an override that begins where nobody was served; the requests are the same ones. */
    public Monitor interrupted(Instant now) {
        return new Monitor(now, Tally.NONE, Tally.NONE, Map.of(), Map.of(), references, PairDetector.FRESH, inputs,
                mark);
    }

    /** Who was seen is known in memory alone; after a restart everyone is new again, so both counts begin anew. */
    public Monitor withoutUnits() {
        return new Monitor(since, candidate.withoutUnits(), incumbent.withoutUnits(), detectors, bad, references, pairs,
                inputs, mark);
    }

    /** Everything as it was, until a field is set. */
    private final class Update {

        private final GuardRules rules;
        private final Map<Guard, RateDetector> detectors = new EnumMap<>(Guard.class);
        private final Map<Guard, Double> bad = new EnumMap<>(Guard.class);
        private final Map<Guard, Reference> references = new EnumMap<>(Guard.class);
        private Tally candidate = Monitor.this.candidate;
        private Tally incumbent = Monitor.this.incumbent;
        private PairDetector pairs = Monitor.this.pairs;
        private InputMix inputs = Monitor.this.inputs;
        private long mark = Monitor.this.mark;

        Update(GuardRules rules) {
            this.rules = rules;
            detectors.putAll(Monitor.this.detectors);
            bad.putAll(Monitor.this.bad);
            references.putAll(Monitor.this.references);
        }

        Monitor monitor() {
            return new Monitor(since, candidate, incumbent, detectors, bad, references, pairs, inputs, mark);
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
                    detectors.getOrDefault(guard, RateDetector.fresh(bets.size())).next(x, rate, bets));
            bad.merge(guard, x, Double::sum);
        }
    }
}
