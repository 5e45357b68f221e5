package dev.pareto.policies.cascade;

import dev.pareto.policies.predict.accuracy.Answer;
import dev.pareto.policies.predict.accuracy.Example;
import dev.pareto.policies.predict.accuracy.Folds;
import dev.pareto.policies.predict.accuracy.SuccessPredictor;
import dev.pareto.policies.predict.accuracy.Verifier;
import dev.pareto.policies.predict.floor.Escalation;
import dev.pareto.policies.predict.floor.FloorControl;
import dev.pareto.policies.route.LabelledPrompt;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A verifier with its threshold. Under a promise three fifths of the labels teach and the others, which it has not seen, set the threshold by
 * learn-then-test; under a stated threshold all of them teach. Holds no text of a prompt. Immutable, safe for threads.
 */
public final class LearntVerifier {

    /** What came of learning. */
    public sealed interface Result {}

    /** It can judge. */
    public record Ready(LearntVerifier verifier) implements Result {}

    /**
     * Every answer is doubted until there are more.
     *
     * @param labels how many there are
     * @param missing how many more it takes at least
     */
    public record TooFewLabels(int labels, int missing) implements Result {}

    /**
     * What it says of one answer.
     *
     * @param score that decides: under a promise what the other model would probably gain, else the forecast that the answer is good
     * @param threshold under a promise the score must lie below it, else not
     * @param probability that the answer is good
     */
    public record Judgement(boolean passed, double score, double threshold, double probability) {}

    private static final int PARTS = 5;
    private static final int TEACHING = 3;
    private static final int LONGEST_PROMPT = 16_000;
    private static final int LONGEST_ANSWER = 64_000;
    private static final int STRONG = 0;
    private static final int WEAK = 1;

    private final SuccessPredictor predictor;
    private final Verifier verifier;
    private final VerifierPlan.Threshold kind;
    private final double threshold;
    private final int labels;
    private final double escalated;

    private LearntVerifier(Taught taught, VerifierPlan.Threshold kind, double threshold, int labels,
            double escalated) {
        this.predictor = taught.predictor;
        this.verifier = taught.verifier;
        this.kind = kind;
        this.threshold = threshold;
        this.labels = labels;
        this.escalated = escalated;
    }

    /** A labelled question with the first model's answer, and the second one's where the verifier reads two. */
    private record Row(String prompt, @Nullable String segment, double strong, double weak, List<Answer> answers) {

        Example before() {
            return new Example(prompt, segment, strong, weak);
        }

        Example after() {
            return new Example(prompt, segment, new double[]{strong, weak}, answers);
        }
    }

    private record Taught(SuccessPredictor predictor, Verifier verifier) {

        static Taught by(List<Row> rows, long seed) {
            List<String> models = List.of("strong", "weak");
            return new Taught(SuccessPredictor.train(rows.stream().map(Row::before).toList(), models, seed).predictor(),
                    Verifier.train(rows.stream().map(Row::after).toList(), models, seed).verifier());
        }
    }

    /**
     * Learns; takes seconds.
     *
     * @param prompts with a score in [0, 1] of both models of the cascade, the first one's output and, to compare two answers, that of the
     *            second opinion: under its name, or under the first model's name and {@code #2} where that is asked twice. Lines without are
     *            left out.
     * @throws IllegalArgumentException when scores are on another scale or the plan has no verifier
     */
    public static Result learn(List<LabelledPrompt> prompts, CascadePlan plan, long seed) {
        VerifierPlan wanted = plan.verifier();
        if (wanted == null) {
            throw new IllegalArgumentException("the cascade has no verifier");
        }
        String second = second(plan);
        boolean two = second != null && prompts.stream().anyMatch(prompt -> prompt.answer(second) != null);
        List<Row> rows = rows(prompts, plan, two ? second : null);
        int distinct = Folds.distinct(rows.stream().map(Row::prompt).toList());
        return switch (wanted.threshold()) {
            case VerifierPlan.AtLeast fixed -> distinct < SuccessPredictor.LEAST_PROMPTS
                    ? new TooFewLabels(distinct, SuccessPredictor.LEAST_PROMPTS - distinct)
                    : new Ready(new LearntVerifier(Taught.by(rows, seed), fixed, fixed.probability(), rows.size(),
                            Double.NaN));
            case VerifierPlan.Promise promise -> promised(rows, distinct, promise, seed);
        };
    }

    private static @Nullable String second(CascadePlan plan) {
        CascadePlan.SecondOpinion second = plan.second();
        return second == null
                ? null
                : second.model().equals(plan.first()) ? plan.first() + "#2" : second.model().toString();
    }

    private static List<Row> rows(List<LabelledPrompt> prompts, CascadePlan plan, @Nullable String second) {
        List<Row> rows = new ArrayList<>();
        for (LabelledPrompt prompt : prompts) {
            Double strong = prompt.score(plan.escalateTo().toString());
            Double weak = prompt.score(plan.first().toString());
            Answer first = prompt.answer(plan.first().toString());
            Answer other = second == null ? null : prompt.answer(second);
            if (strong == null || weak == null || first == null || (second != null && other == null)) {
                continue;
            }
            if (strong < 0 || strong > 1 || weak < 0 || weak > 1) {
                throw new IllegalArgumentException("the scores of prompt " + prompt.id()
                        + " must lie between 0 and 1 (true, false) to set a threshold by");
            }
            rows.add(new Row(bounded(prompt.prompt(), LONGEST_PROMPT), prompt.segment(), strong, weak,
                    other == null ? List.of(bounded(first)) : List.of(bounded(first), bounded(other))));
        }
        return rows;
    }

    private static Result promised(List<Row> rows, int distinct, VerifierPlan.Promise promise, long seed) {
        FloorControl control = new FloorControl(promise.margin(), 1 - promise.confidence());
        int needed = Math.max(part(SuccessPredictor.LEAST_PROMPTS, TEACHING),
                part(control.leastLabels(FloorControl.Method.LEARN_THEN_TEST), PARTS - TEACHING));
        if (distinct < needed) {
            return new TooFewLabels(distinct, needed - distinct);
        }
        int[] fold = Folds.assign(rows.stream().map(Row::prompt).toList(), PARTS, seed);
        List<Row> teach = new ArrayList<>();
        List<Row> calibrate = new ArrayList<>();
        for (int i = 0; i < fold.length; i++) {
            (fold[i] < TEACHING ? teach : calibrate).add(rows.get(i));
        }
        Taught taught = Taught.by(teach, seed);
        LearntVerifier bare = new LearntVerifier(taught, promise, Double.NEGATIVE_INFINITY, rows.size(), 1);
        double[] scores = calibrate.stream().mapToDouble(row -> bare.judge(row).score()).toArray();
        return switch (control.threshold(FloorControl.Method.LEARN_THEN_TEST, scores,
                calibrate.stream().mapToDouble(Row::strong).toArray(),
                calibrate.stream().mapToDouble(Row::weak).toArray())) {
            case FloorControl.Safe safe -> new Ready(new LearntVerifier(taught, promise, safe.below(), rows.size(),
                    safe.strongShare()));
            case FloorControl.TooFewLabels few -> new TooFewLabels(distinct, part(few.missing(), PARTS - TEACHING));
        };
    }

    /** How many labels it takes that at least so many of them fall to so many of the parts. */
    private static int part(int count, int parts) {
        return (int) Math.ceil((double) count / parts) * PARTS;
    }

    /** Whether it compares two answers. */
    public boolean readsTwo() {
        return verifier.readsTwo();
    }

    /** How many labels it rests on. */
    public int labels() {
        return labels;
    }

    /** The share of the labels that set the threshold which would go to the other model; NaN under a stated threshold. */
    public double escalatedShare() {
        return escalated;
    }

    public double threshold() {
        return threshold;
    }

    /**
     * Judges an answer; takes some tens of microseconds.
     *
     * @param second read only by a verifier of two, which needs it
     */
    public Judgement judge(String prompt, @Nullable String segment, Answer first, @Nullable Answer second) {
        return judge(new Row(bounded(prompt, LONGEST_PROMPT), segment, Double.NaN, Double.NaN,
                second == null || !readsTwo() ? List.of(bounded(first)) : List.of(bounded(first), bounded(second))));
    }

    private Judgement judge(Row row) {
        Verifier.Workspace after = verifier.workspace();
        verifier.judge(row.prompt, row.segment, row.answers.getFirst(), readsTwo() ? row.answers.get(1) : null, after);
        double probability = after.probability(WEAK);
        return switch (kind) {
            case VerifierPlan.AtLeast fixed ->
                new Judgement(probability >= fixed.probability(), probability, fixed.probability(), probability);
            case VerifierPlan.Promise promise -> {
                SuccessPredictor.Workspace before = predictor.workspace();
                predictor.predict(row.prompt, row.segment, before);
                double score = Escalation.score(before.probability(STRONG), after.probability(STRONG), probability);
                yield new Judgement(score < threshold, score, threshold, probability);
            }
        };
    }

    private static Answer bounded(Answer answer) {
        return answer.text().length() <= LONGEST_ANSWER
                ? answer
                : new Answer(bounded(answer.text(), LONGEST_ANSWER), answer.logprobs());
    }

    private static String bounded(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most);
    }
}
