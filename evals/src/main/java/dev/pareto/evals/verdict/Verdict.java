package dev.pareto.evals.verdict;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.detect.InputMix;
import dev.pareto.policies.swap.Evidence;
import dev.pareto.policies.swap.Outcome;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * The full record of one verdict; {@code VerdictJson} reads and writes it. Shares and differences are fractions. Every
 * number in it can be computed again from {@code data.records}.
 *
 * @param noiseFloor how far the incumbent differs from itself; null when it was not measured
 * @param more what would decide; null when it is decided, or more would not
 * @param inputs what the requests were like that it rests on, by stratum ({@code ""} for those without one); null when unknown
 * @param previousSha256 hash of the verdict before it, so that none can be removed unseen
 * @param sha256 over the canonical JSON of all the rest
 */
public record Verdict(String schema, String id, Instant created, Instant expires, @Nullable String route,
        SuiteRef suite, Subject incumbent, Subject candidate, DesignBlock design, Data data, Quality quality,
        List<Guard> guards, List<Slice> slices, Decision decision, @Nullable Economics economics,
        @Nullable NoiseFloor noiseFloor, @Nullable More more, @Nullable Map<String, InputMix> inputs,
        boolean simulated, String sentence, @Nullable String previousSha256, @Nullable String sha256) {

    /** The shape of this record. */
    public static final String SCHEMA = "swap-verdict/1";

    /** Checks what must be there. */
    public Verdict {
        requireNonNull(schema, "schema is null");
        requireNonNull(id, "id is null");
        requireNonNull(created, "created is null");
        requireNonNull(expires, "expires is null");
        requireNonNull(suite, "suite is null");
        requireNonNull(incumbent, "incumbent is null");
        requireNonNull(candidate, "candidate is null");
        requireNonNull(design, "design is null");
        requireNonNull(data, "data is null");
        requireNonNull(quality, "quality is null");
        requireNonNull(decision, "decision is null");
        requireNonNull(sentence, "sentence is null");
        guards = List.copyOf(guards);
        slices = List.copyOf(slices);
        inputs = inputs == null ? null : Map.copyOf(inputs);
    }

    /** Without a noise floor, and decided. */
    public Verdict(String schema, String id, Instant created, Instant expires, @Nullable String route, SuiteRef suite,
            Subject incumbent, Subject candidate, DesignBlock design, Data data, Quality quality, List<Guard> guards,
            List<Slice> slices, Decision decision, @Nullable Economics economics, boolean simulated, String sentence,
            @Nullable String previousSha256, @Nullable String sha256) {
        this(schema, id, created, expires, route, suite, incumbent, candidate, design, data, quality, guards, slices,
                decision, economics, null, null, null, simulated, sentence, previousSha256, sha256);
    }

    /** The suite that was asked. */
    public record SuiteRef(String id, @Nullable String sha256) {}

    /** A model as it was served; accuracy over the items that count. */
    public record Subject(String model, @Nullable String fingerprint, List<String> servedModels, boolean simulated,
            @Nullable Double accuracy) {

        /** Checks the name and copies the list. */
        public Subject {
            requireNonNull(model, "model is null");
            servedModels = List.copyOf(servedModels);
        }
    }

    /**
     * What was fixed beforehand. {@code preregisteredBeforeData}: no answer is older than the design; null when unknown.
     * {@code weights}: the shares of the strata; null when each item counts the same. {@code falseDiscoveryRate}: at which slices
     * are flagged; null for no flags. {@code critical}: slices that must hold by themselves. {@code sha256}: over all but the moment.
     */
    public record DesignBlock(double margin, String marginBasis, double alpha, String test, @Nullable GroParams params,
            int nMin, @Nullable Integer nMax, String orderSeed, String grouping, @Nullable Instant preregisteredAt,
            @Nullable Boolean preregisteredBeforeData, @Nullable BreakEvenBlock breakEven,
            @Nullable Map<String, Double> weights, @Nullable Double falseDiscoveryRate,
            @Nullable List<String> critical, @Nullable List<Demand> guards, String sha256) {

        /** With a margin that was stated. */
        public DesignBlock(double margin, String marginBasis, double alpha, String test, @Nullable GroParams params,
                int nMin, @Nullable Integer nMax, String orderSeed, String grouping,
                @Nullable Instant preregisteredAt, @Nullable Boolean preregisteredBeforeData, String sha256) {
            this(margin, marginBasis, alpha, test, params, nMin, nMax, orderSeed, grouping, preregisteredAt,
                    preregisteredBeforeData, null, null, null, null, null, sha256);
        }
    }

    /** A guard that was demanded beforehand; see {@code GuardPlan}. */
    public record Demand(String metric, @Nullable Double max, @Nullable Double maxRatio, @Nullable Double niMargin,
            @Nullable Double ceiling) {}

    /** The money that the margin follows from, for one request in USD as decimal strings; {@code point} is a share. */
    public record BreakEvenBlock(String incumbentCost, String candidateCost, String failCost, double point) {}

    /**
     * The incumbent asked twice.
     *
     * @param n items asked twice
     * @param differing of those, how many got another score
     * @param share of them
     * @param diff mean difference, second answer minus first
     * @param unstable whether the second answers were better or worse by more than chance: then nothing can be compared with it
     */
    public record NoiseFloor(int n, int differing, double share, double diff, boolean unstable) {}

    /**
     * What it would take to decide, for an 80 % chance if the difference is what was seen.
     *
     * @param items besides those that count already
     * @param cost as a decimal string, both models together; null when the cost of an answer is unknown
     * @param seconds at the pace of this run; null when it had none
     */
    public record More(long items, @Nullable String cost, @Nullable String currency, @Nullable Long seconds) {}

    /** Tuning of the sequential test. */
    public record GroParams(double v0, double k0, double trunc) {}

    /**
     * What was seen. The four cells are null when scores are not just pass or fail.
     *
     * @param n pairs that count
     * @param missing pairs that were planned and do not
     * @param candidateUnanswered pairs in which the candidate gave nothing gradable and got 0
     * @param planned pairs that the design wanted; null in verdicts of before it was told
     */
    public record Data(int n, int missing, int candidateUnanswered, @Nullable Integer both,
            @Nullable Integer onlyCandidate, @Nullable Integer onlyIncumbent, @Nullable Integer neither, double pDisc,
            @Nullable String records, @Nullable String recordsSha256, @Nullable Integer planned) {

        /** With as many pairs planned as there are. */
        public Data(int n, int missing, int candidateUnanswered, @Nullable Integer both,
                @Nullable Integer onlyCandidate, @Nullable Integer onlyIncumbent, @Nullable Integer neither,
                double pDisc, @Nullable String records, @Nullable String recordsSha256) {
            this(n, missing, candidateUnanswered, both, onlyCandidate, onlyIncumbent, neither, pDisc, records,
                    recordsSha256, null);
        }
    }

    /** Bounds of a difference. */
    public record Bounds(double lower, double upper) {}

    /**
     * The statistical answer.
     *
     * @param interval of level 1 - 2 alpha, the one that the verdict rests on; null with too little data
     * @param intervalKind how it was computed
     * @param pNonInferior one-sided p of "worse by the margin or more"; always valid when sequential
     * @param descriptive other procedures, for comparison only
     * @param stoppedAt items used, when sequential
     * @param itemsNeeded estimate for 80 % power when inconclusive
     * @param secondOpinion another procedure on the same pairs; null where there is none
     * @param human what people said of some of the answers; null when nobody was asked
     */
    public record Quality(double diff, @Nullable Bounds interval, String intervalKind, double confidence,
            @Nullable Double pNonInferior, @Nullable Descriptive descriptive,
            @JsonProperty("log_e_noninferior") @JsonAlias("log_enoninferior") @Nullable Double logENoninferior,
            @JsonProperty("log_e_inferior") @JsonAlias("log_einferior") @Nullable Double logEInferior,
            @Nullable Integer stoppedAt, Outcome verdict, @Nullable Long itemsNeeded,
            @Nullable SecondOpinion secondOpinion, @Nullable HumanLabels human) {

        /** Checks what decides. */
        public Quality {
            requireNonNull(verdict, "verdict is null");
        }

        /** Of one opinion, without people. */
        public Quality(double diff, @Nullable Bounds interval, String intervalKind, double confidence,
                @Nullable Double pNonInferior, @Nullable Descriptive descriptive, @Nullable Double logENoninferior,
                @Nullable Double logEInferior, @Nullable Integer stoppedAt, Outcome verdict,
                @Nullable Long itemsNeeded) {
            this(diff, interval, intervalKind, confidence, pNonInferior, descriptive, logENoninferior, logEInferior,
                    stoppedAt, verdict, itemsNeeded, null, null);
        }

        /** The interval, what it was computed by, and what the other procedure says; for people. */
        public String intervals() {
            if (interval == null) {
                return "No interval: " + intervalKind + ".";
            }
            String text = "Interval " + words(interval) + " (" + intervalKind + ")";
            return (secondOpinion == null
                    ? text
                    : text + "; second opinion " + words(secondOpinion.interval()) + " (" + secondOpinion.kind()
                            + "): " + (secondOpinion.agrees() ? "the same verdict" : secondOpinion.verdict()))
                    + ".";
        }

        private static String words(Bounds bounds) {
            return Sentence.points(bounds.lower()) + " to " + Sentence.points(bounds.upper()) + " points";
        }
    }

    /**
     * Another procedure on the same pairs. Where it differs from Student's t the verdict is the more cautious of both.
     *
     * @param kind newcombe, bca, or paired-t of the judge alone, with its level
     * @param verdict what it alone would say
     * @param agrees whether the interval that decides says the same
     * @param resamples of a bootstrap; null for others
     * @param seed of its generator; null for others
     */
    public record SecondOpinion(String kind, Bounds interval, Outcome verdict, boolean agrees,
            @Nullable Integer resamples, @Nullable Long seed) {}

    /**
     * People's word on some of the answers that a judge scored.
     *
     * @param labelled pairs of which both answers have one
     * @param judgeOnly the other pairs
     * @param judgeDiff mean difference by the judge, on all pairs
     * @param humanDiff mean difference by people, on theirs; null without any
     * @param lambda how far the judge is trusted, from 0 to 1; null when the labels were not used
     * @param unused why they were not; null when they were
     */
    public record HumanLabels(int labelled, int judgeOnly, double judgeDiff, @Nullable Double humanDiff,
            @Nullable Double lambda, @Nullable String unused) {}

    /** Second opinions on a 2x2 table. */
    public record Descriptive(Bounds tango90, Bounds newcombe90, double mcnemarExactP, double mcnemarMidP) {}

    /**
     * A condition besides quality.
     *
     * @param upper95 upper confidence limit of the value; null when the data allow none
     * @param limit null when nothing was demanded
     * @param verdict PASS, FAIL, UNDECIDED or, without a limit, INFO
     */
    public record Guard(String metric, @Nullable Double value, @Nullable Double upper95, @Nullable Double limit,
            GuardVerdict verdict, String reason) {}

    /** Result of a guard. */
    public enum GuardVerdict {
        /** Holds with confidence. */
        PASS,
        /** Does not hold. */
        FAIL,
        /** The data are too few to say. */
        UNDECIDED,
        /** Measured, not demanded. */
        INFO;

        /** Whether it keeps a candidate out. */
        public boolean blocks() {
            return this == FAIL || this == UNDECIDED;
        }
    }

    /**
     * One stratum by itself.
     *
     * @param flagged worse, after correction for looking at all of them
     * @param verdict of a critical one at twice the margin; null for others
     * @param pWorse one-sided mid-p of "not worse"
     * @param pWorseHolm likewise, so that the chance of any false alarm among all slices is bounded (Holm)
     */
    public record Slice(String name, int n, double candidateAccuracy, double incumbentAccuracy, double diff,
            Bounds interval, boolean critical, boolean flagged, @Nullable Outcome verdict, @Nullable Double pWorse,
            @Nullable Double pWorseHolm) {}

    /** What follows. */
    public enum Action {
        /** Move on to the next state. */
        ADVANCE,
        /** Good enough, but a guard forbids it. */
        HOLD,
        /** Not good enough. */
        REJECT,
        /** More items are needed. */
        NEED_DATA,
        /** The data cannot be used. */
        INVALID
    }

    /** What follows, and why. */
    public record Decision(Action action, @Nullable String from, @Nullable String to, List<String> reasons,
            List<String> blockedBy) {

        /** Checks what decides and copies the lists. */
        public Decision {
            requireNonNull(action, "action is null");
            reasons = List.copyOf(reasons);
            blockedBy = List.copyOf(blockedBy);
        }
    }

    /** Money, as decimal strings, per thousand requests. */
    public record Economics(String currency, String incumbentPer1k, String candidatePer1k, String savingPer1k,
            @Nullable Double savingShare, @Nullable Double extraFailuresPer1kAtMost) {}

    /** Whether the policy engine may let the candidate serve. */
    public boolean allowsSwap() {
        return decision.action() == Action.ADVANCE;
    }

    /**
     * The part that decides. A candidate that a guard holds back is INCONCLUSIVE there, however good its answers are:
     * evidence that is good enough must be good enough in every respect.
     *
     * @throws IllegalStateException when the verdict is of bare records, without route and models
     */
    public Evidence toEvidence() {
        if (route == null || !candidate.model().contains("/") || !incumbent.model().contains("/")) {
            throw new IllegalStateException("verdict " + id + " does not name a route and two models");
        }
        Outcome outcome = quality.verdict().goodEnough() && !allowsSwap() ? Outcome.INCONCLUSIVE : quality.verdict();
        boolean held = guards.stream().anyMatch(guard -> guard.verdict().blocks());
        Outcome general = quality.verdict().goodEnough() && held ? Outcome.INCONCLUSIVE : quality.verdict();
        Bounds interval = quality.interval();
        return new Evidence(id, route, ModelId.parse(candidate.model()), ModelId.parse(incumbent.model()), outcome,
                design.margin(), quality.diff(), interval == null ? -1 : interval.lower(),
                interval == null ? 1 : interval.upper(), 1 - design.alpha(), candidate.accuracy(),
                incumbent.accuracy(), simulated,
                candidate.fingerprint(), created, expires, suite.id(), general, judgedSlices(),
                inputs == null ? Map.of() : inputs);
    }

    /** Slices that speak for themselves: the critical ones, and those that are worse. */
    private Map<String, Outcome> judgedSlices() {
        var judged = new HashMap<String, Outcome>();
        for (Slice slice : slices) {
            Outcome own = slice.flagged() ? Outcome.INFERIOR : slice.verdict();
            if (own != null) {
                judged.put(slice.name(), own);
            }
        }
        return judged;
    }
}
