package dev.pareto.policies.predict.accuracy;

import dev.pareto.policies.predict.learn.BoostedTrees;
import dev.pareto.policies.predict.learn.SparseRow;
import dev.pareto.policies.predict.learn.SparseRows;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Judges a cheap answer before the caller sees it: from question and answer (and a second cheap answer, where one was asked for) how
 * likely that answer is good, and how likely the other models would do better. The features are those of {@link AnswerFeatures} and
 * the answer's words. Immutable, safe for threads; each thread brings its own {@link Workspace}.
 */
public final class Verifier {

    private static final BoostedTrees.Settings SETTINGS = new BoostedTrees.Settings(150, 0.06, 0.6, 0.3, 3, 2);

    /** Buffers of one thread. */
    public static final class Workspace {

        private final AnswerFeatures features = new AnswerFeatures();
        private final SparseRow row = new SparseRow();
        private final SuccessHeads.Scratch scratch;
        private final float[] dense;

        private Workspace(SuccessHeads heads) {
            scratch = new SuccessHeads.Scratch(heads);
            dense = new float[heads.width];
        }

        /** By model, after {@link Verifier#judge}: of the model that answered, that its answer is good. */
        public double probability(int model) {
            return scratch.probability[model];
        }

        /** The standard error of that probability. */
        public double deviation(int model) {
            return scratch.deviation[model];
        }
    }

    /**
     * A verifier and what it would have said of its own examples.
     *
     * @param outOfFold {@code [example][model]}, by models that had not seen that example
     */
    public record Trained(Verifier verifier, double[][] outOfFold) {}

    private final List<String> models;
    private final List<Integer> labels;
    private final boolean second;
    private final FeatureSpace space;
    private final SuccessHeads heads;

    Verifier(List<String> models, List<Integer> labels, boolean second, FeatureSpace space, SuccessHeads heads) {
        this.models = List.copyOf(models);
        this.labels = List.copyOf(labels);
        this.second = second;
        this.space = space;
        this.heads = heads;
    }

    /**
     * Learns from labelled answers.
     *
     * @param examples each with one answer, or each with two
     * @param models in the order of each example's scores
     * @throws IllegalArgumentException when there are too few examples or their answers differ in number
     */
    public static Trained train(List<Example> examples, List<String> models, long seed) {
        List<String> prompts = examples.stream().map(Example::prompt).toList();
        int distinct = Folds.distinct(prompts);
        if (distinct < SuccessPredictor.LEAST_PROMPTS) {
            throw new IllegalArgumentException("a verifier needs at least " + SuccessPredictor.LEAST_PROMPTS
                    + " different answered prompts, there are " + distinct);
        }
        int answers = examples.getFirst().answers().size();
        if (answers < 1 || answers > 2 || examples.stream().anyMatch(example -> example.answers().size() != answers)) {
            throw new IllegalArgumentException("a verifier reads one answer of every example, or two of every one");
        }
        FeatureSpace space = FeatureSpace.learn(
                examples.stream()
                        .map(example -> EncodedPrompt.of(example.answers().getFirst().text(), example.segment()))
                        .toList(),
                FeatureSpace.Scales.USUAL);
        int width = AnswerFeatures.names(answers == 2).size();
        SparseRows rows = new SparseRows(space.columns());
        float[] dense = new float[examples.size() * width];
        double[] targets = new double[examples.size() * models.size()];
        AnswerFeatures features = new AnswerFeatures();
        SparseRow row = new SparseRow();
        for (int i = 0; i < examples.size(); i++) {
            Example example = examples.get(i);
            features.read(example.prompt(), example.answers().getFirst(),
                    answers == 2 ? example.answers().get(1) : null, dense,
                    i * width);
            row.clear();
            space.put(features.answerText(), example.segment(), row);
            rows.add(row);
            System.arraycopy(example.scores(), 0, targets, i * models.size(), models.size());
        }
        HeadsTrainer.Learned learned = new HeadsTrainer(
                new HeadsTrainer.Table(rows, dense, width, targets, models.size(),
                        Folds.assign(prompts, SuccessPredictor.FOLDS, seed)),
                SETTINGS, seed).learn();
        return new Trained(
                new Verifier(models,
                        SuccessPredictor.counts(examples.stream().map(Example::scores).toList(), models.size()),
                        answers == 2, space,
                        learned.heads()),
                SuccessPredictor.table(learned.outOfFold(), models.size()));
    }

    public List<String> models() {
        return models;
    }

    /** How many labels of each model it was taught with. */
    public List<Integer> labels() {
        return labels;
    }

    /** Whether it compares two answers. */
    public boolean readsTwo() {
        return second;
    }

    public Workspace workspace() {
        return new Workspace(heads);
    }

    /**
     * Leaves each model's probability in the workspace.
     *
     * @param other the second opinion; read only by a verifier of two, which needs it
     */
    public void judge(String prompt, @Nullable String segment, Answer answer, @Nullable Answer other,
            Workspace workspace) {
        if (second && other == null) {
            throw new IllegalArgumentException("this verifier compares two answers and was given one");
        }
        workspace.features.read(prompt, answer, second ? other : null, workspace.dense, 0);
        workspace.row.clear();
        space.put(workspace.features.answerText(), segment, workspace.row);
        heads.predict(workspace.row, workspace.dense, workspace.scratch);
    }

    FeatureSpace space() {
        return space;
    }

    SuccessHeads heads() {
        return heads;
    }
}
