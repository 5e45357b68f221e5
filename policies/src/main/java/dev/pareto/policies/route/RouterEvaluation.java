package dev.pareto.policies.route;

import dev.pareto.policies.predict.accuracy.Answer;
import dev.pareto.policies.predict.accuracy.Example;
import dev.pareto.policies.predict.accuracy.Folds;
import dev.pareto.policies.predict.accuracy.SuccessPredictor;
import dev.pareto.policies.predict.accuracy.Verifier;
import dev.pareto.policies.predict.floor.Escalation;
import dev.pareto.policies.predict.floor.FloorControl;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Measures our routers on labelled prompts beside the baselines that every router must beat. Nothing that is tested was learned from:
 * either training prompts come in a file of their own, or the prompts are cut into folds and each fold is predicted by what the
 * others teach.
 */
public final class RouterEvaluation {

    /**
     * What to measure.
     *
     * @param strong the dear model; null for the one with the highest mean score
     * @param weak the cheap model; null for the one with the lowest
     * @param second the model whose answer is the second opinion; null for any third model with answers
     * @param folds how many when there is no training file
     * @param bootstrap draws behind the intervals
     * @param floor an accuracy floor to try out; null for none
     */
    public record Settings(@Nullable String strong, @Nullable String weak, @Nullable String second, long seed,
            int folds,
            int bootstrap, @Nullable Floor floor) {

        public Settings {
            if (folds < 2 || folds > 20) {
                throw new IllegalArgumentException("2 to 20 folds, not " + folds);
            }
            if (bootstrap < 0 || bootstrap > 10_000) {
                throw new IllegalArgumentException("0 to 10000 bootstrap draws, not " + bootstrap);
            }
        }

        public static Settings of(long seed) {
            return new Settings(null, null, null, seed, 5, 400, null);
        }
    }

    /**
     * A floor and how to try it: so many labels set the threshold, the rest tests it, so many times.
     *
     * @param margin the loss against the strong model that is allowed
     * @param delta how often that may fail
     */
    public record Floor(double margin, double delta, int labels, int draws) {

        public Floor {
            FloorControl.requirePromise(margin, delta);
            if (labels < 1 || draws < 1 || draws > 10_000) {
                throw new IllegalArgumentException(
                        "a floor is tried with at least 1 label and 1 to 10000 draws, not with " + labels
                                + " and " + draws);
            }
        }
    }

    private static final int MOST_TRAINING = 20_000;
    private static final int WARM_PROMPTS = 4_000;
    private static final int TIMED_PROMPTS = 20_000;

    private final LongSupplier nanoTime;

    /**
     * @param nanoTime monotonic, for the time a prediction takes
     */
    public RouterEvaluation(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /**
     * @param train null to cross-validate
     * @throws IllegalArgumentException when the data cannot tell routers apart, with what is missing
     */
    public RouterReport run(List<LabelledPrompt> data, @Nullable List<LabelledPrompt> train, Settings settings) {
        RouterData all = RouterData.of(data, train, settings);
        Scores scores = new Scores(all.test().size());
        int trainedOn;
        String protocol;
        if (train != null) {
            List<RouterData.Row> teach = sample(all.train(), settings.seed(), all.notes());
            trainedOn = teach.size();
            protocol = "trained on the training file, tested on the data file";
            split(teach, all.test(), indices(all.test().size()), scores, settings.seed());
        } else {
            List<String> prompts = all.train().stream().map(RouterData.Row::prompt).toList();
            if (Folds.distinct(prompts) < 2 * SuccessPredictor.LEAST_PROMPTS) {
                throw new IllegalArgumentException(
                        "cross-validation needs at least " + 2 * SuccessPredictor.LEAST_PROMPTS
                                + " different labelled prompts, there are " + Folds.distinct(prompts));
            }
            int[] fold = Folds.assign(prompts, settings.folds(), settings.seed());
            trainedOn = 0;
            for (int k = 0; k < settings.folds(); k++) {
                int left = k;
                List<RouterData.Row> teach = sample(IntStream.range(0, fold.length)
                        .filter(row -> fold[row] != left)
                        .mapToObj(row -> all.train().get(row))
                        .toList(), settings.seed(), all.notes());
                int[] tested = IntStream.range(0, all.test().size())
                        .filter(row -> fold[all.position(row)] == left)
                        .toArray();
                trainedOn = teach.size();
                split(teach, all.test(), tested, scores, settings.seed() + k);
            }
            protocol = settings.folds() + "-fold cross-validation, equal prompts in one fold";
        }
        return new RouterTable(all, scores, settings).report(trainedOn, protocol);
    }

    /** What each router says of each tested prompt. */
    static final class Scores {

        final double[] before;
        final double[] weakBefore;
        final double[] one;
        final double[] weakOne;
        final double[] two;
        final double[] weakTwo;
        final double[] segment;
        boolean verified;
        boolean compared;
        RouterReport.@Nullable Speed speedBefore;
        RouterReport.@Nullable Speed speedOne;
        RouterReport.@Nullable Speed speedTwo;

        Scores(int size) {
            before = new double[size];
            weakBefore = new double[size];
            one = new double[size];
            weakOne = new double[size];
            two = new double[size];
            weakTwo = new double[size];
            segment = new double[size];
        }
    }

    private void split(List<RouterData.Row> teach, List<RouterData.Row> test, int[] tested, Scores scores, long seed) {
        List<String> pair = List.of("strong", "weak");
        SuccessPredictor predictor = SuccessPredictor
                .train(teach.stream().map(row -> row.example(0)).toList(), pair, seed)
                .predictor();
        SuccessPredictor.Workspace workspace = predictor.workspace();
        SegmentMeans means = SegmentMeans.of(teach);
        double[] strongBefore = new double[test.size()];
        for (int i : tested) {
            RouterData.Row row = test.get(i);
            predictor.predict(row.prompt(), row.segment(), workspace);
            strongBefore[i] = workspace.probability(0);
            scores.weakBefore[i] = workspace.probability(1);
            scores.before[i] = strongBefore[i] - scores.weakBefore[i];
            scores.segment[i] = means.gap(row.segment());
        }
        if (scores.speedBefore == null) {
            scores.speedBefore = time(tested,
                    i -> predictor.predict(test.get(i).prompt(), test.get(i).segment(), workspace));
        }
        copy(tested, scores.before, scores.one, scores.weakBefore, scores.weakOne);
        RouterReport.Speed speed = verify(teach, test, tested, 1, strongBefore, scores.one, scores.weakOne, pair, seed);
        scores.verified |= speed != null;
        scores.speedOne = scores.speedOne == null ? speed : scores.speedOne;
        copy(tested, scores.one, scores.two, scores.weakOne, scores.weakTwo);
        speed = verify(teach, test, tested, 2, strongBefore, scores.two, scores.weakTwo, pair, seed);
        scores.compared |= speed != null;
        scores.speedTwo = scores.speedTwo == null ? speed : scores.speedTwo;
    }

    /** Where there is no answer to read, what is known without it stands. */
    private static void copy(int[] rows, double[] from, double[] to, double[] weakFrom, double[] weakTo) {
        for (int i : rows) {
            to[i] = from[i];
            weakTo[i] = weakFrom[i];
        }
    }

    private RouterReport.@Nullable Speed verify(List<RouterData.Row> teach, List<RouterData.Row> test, int[] tested,
            int answers,
            double[] strongBefore, double[] into, double[] weakInto, List<String> pair, long seed) {
        List<Example> examples = teach.stream()
                .filter(row -> row.answers().size() >= answers)
                .map(row -> row.example(answers))
                .toList();
        int[] readable = Arrays.stream(tested).filter(i -> test.get(i).answers().size() >= answers).toArray();
        if (readable.length == 0
                || Folds.distinct(examples.stream().map(Example::prompt).toList()) < SuccessPredictor.LEAST_PROMPTS) {
            return null;
        }
        Verifier verifier = Verifier.train(examples, pair, seed).verifier();
        Verifier.Workspace workspace = verifier.workspace();
        for (int i : readable) {
            judge(verifier, test.get(i), workspace);
            into[i] = Escalation.score(strongBefore[i], workspace.probability(0), workspace.probability(1));
            weakInto[i] = workspace.probability(1);
        }
        return time(readable, i -> judge(verifier, test.get(i), workspace));
    }

    private static void judge(Verifier verifier, RouterData.Row row, Verifier.Workspace workspace) {
        List<Answer> answers = row.answers();
        verifier.judge(row.prompt(), row.segment(), answers.getFirst(), verifier.readsTwo() ? answers.get(1) : null,
                workspace);
    }

    private RouterReport.Speed time(int[] rows, java.util.function.IntConsumer predict) {
        for (int i = 0; i < WARM_PROMPTS; i++) {
            predict.accept(rows[i % rows.length]);
        }
        long[] nanos = new long[Math.min(TIMED_PROMPTS, Math.max(2_000, rows.length))];
        for (int i = 0; i < nanos.length; i++) {
            long start = nanoTime.getAsLong();
            predict.accept(rows[i % rows.length]);
            nanos[i] = nanoTime.getAsLong() - start;
        }
        Arrays.sort(nanos);
        return new RouterReport.Speed(nanos[nanos.length / 2] / 1e3, nanos[(int) (nanos.length * 0.99)] / 1e3);
    }

    private static List<RouterData.Row> sample(List<RouterData.Row> rows, long seed, List<String> notes) {
        if (rows.size() <= MOST_TRAINING) {
            return rows;
        }
        List<RouterData.Row> drawn = new ArrayList<>(rows);
        Collections.shuffle(drawn, new Random(seed));
        String note = "of the training prompts " + MOST_TRAINING + " were drawn";
        if (!notes.contains(note)) {
            notes.add(note);
        }
        return drawn.subList(0, MOST_TRAINING);
    }

    private static int[] indices(int size) {
        return IntStream.range(0, size).toArray();
    }
}
