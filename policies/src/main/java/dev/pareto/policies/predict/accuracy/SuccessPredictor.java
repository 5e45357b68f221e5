package dev.pareto.policies.predict.accuracy;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.predict.learn.BoostedTrees;
import dev.pareto.policies.predict.learn.SparseRow;
import dev.pareto.policies.predict.learn.SparseRows;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Predicts before anything is sent how likely each model answers a prompt well: hashed words, measures of shape and shrunken
 * segment means into one calibrated head per model. Both models' successes are forecast, never "the weak one fails": a prompt that
 * both miss should stay cheap. Holds no prompt text. Immutable, safe for threads; each thread brings its own {@link Workspace}.
 */
public final class SuccessPredictor {

    /** Fewer prompts than this teach nothing. */
    public static final int LEAST_PROMPTS = 20;

    static final int FOLDS = 5;

    /** Buffers of one thread; predicting with a warm one allocates nothing for a known segment. */
    public static final class Workspace {

        final EncodedText text = new EncodedText();
        private final SparseRow row = new SparseRow();
        private final SuccessHeads.Scratch scratch;

        private Workspace(SuccessHeads heads) {
            scratch = new SuccessHeads.Scratch(heads);
        }

        /** By model, after {@link SuccessPredictor#predict(String, String, Workspace)}. */
        public double probability(int model) {
            return scratch.probability[model];
        }

        /** The standard error of that probability. */
        public double deviation(int model) {
            return scratch.deviation[model];
        }
    }

    /**
     * A predictor and what it would have said of its own examples.
     *
     * @param outOfFold {@code [example][model]}, by models that had not seen that example
     */
    public record Trained(SuccessPredictor predictor, double[][] outOfFold) {}

    private final List<String> models;
    private final List<Integer> labels;
    private final FeatureSpace space;
    private final SuccessHeads heads;

    SuccessPredictor(List<String> models, List<Integer> labels, FeatureSpace space, SuccessHeads heads) {
        this.models = List.copyOf(models);
        this.labels = List.copyOf(labels);
        this.space = space;
        this.heads = heads;
    }

    /**
     * Learns from labelled prompts.
     *
     * @param models in the order of each example's scores
     * @param seed of folds and trees: the same examples and seed give the same predictor
     * @throws IllegalArgumentException when there are too few prompts, saying how many are needed
     */
    public static Trained train(List<Example> examples, List<String> models, long seed) {
        return trainEncoded(examples.stream()
                .map(example -> new EncodedExample(EncodedPrompt.of(example.prompt(), example.segment()),
                        example.scores()))
                .toList(), examples.stream().map(Example::prompt).toList(), models, seed);
    }

    /**
     * The same from prompts of which only features are left.
     *
     * @param keys one an example: those of one key are one prompt
     */
    public static Trained trainEncoded(List<EncodedExample> examples, List<?> keys, List<String> models, long seed) {
        List<EncodedPrompt> prompts = examples.stream().map(EncodedExample::prompt).toList();
        int distinct = Folds.distinct(keys);
        if (distinct < LEAST_PROMPTS) {
            throw new IllegalArgumentException("a predictor needs at least " + LEAST_PROMPTS
                    + " different labelled prompts, there are " + distinct);
        }
        FeatureSpace space = FeatureSpace.learn(prompts, FeatureSpace.Scales.USUAL);
        SparseRows rows = new SparseRows(space.columns());
        float[] dense = new float[examples.size() * EncodedText.DENSE];
        double[] targets = new double[examples.size() * models.size()];
        SparseRow row = new SparseRow();
        for (int i = 0; i < examples.size(); i++) {
            EncodedExample example = examples.get(i);
            row.clear();
            space.put(example.prompt(), row);
            rows.add(row);
            System.arraycopy(example.prompt().dense, 0, dense, i * EncodedText.DENSE, EncodedText.DENSE);
            System.arraycopy(example.scores(), 0, targets, i * models.size(), models.size());
        }
        HeadsTrainer.Learned learned = new HeadsTrainer(new HeadsTrainer.Table(rows, dense, EncodedText.DENSE, targets,
                models.size(), Folds.assign(keys, FOLDS, seed)), BoostedTrees.Settings.USUAL, seed).learn();
        return new Trained(new SuccessPredictor(models,
                counts(examples.stream().map(EncodedExample::scores).toList(), models.size()), space, learned.heads()),
                table(learned.outOfFold(), models.size()));
    }

    static List<Integer> counts(List<double[]> scores, int models) {
        List<Integer> counts = new ArrayList<>();
        for (int model = 0; model < models; model++) {
            int at = model;
            counts.add((int) scores.stream().filter(row -> !Double.isNaN(row[at])).count());
        }
        return counts;
    }

    static double[][] table(double[] flat, int width) {
        double[][] rows = new double[flat.length / width][width];
        for (int i = 0; i < flat.length; i++) {
            rows[i / width][i % width] = flat[i];
        }
        return rows;
    }

    public List<String> models() {
        return models;
    }

    /** How many labels of each model it was taught with. */
    public List<Integer> labels() {
        return labels;
    }

    public Workspace workspace() {
        return new Workspace(heads);
    }

    /** Leaves each model's probability in the workspace. */
    public void predict(String prompt, @Nullable String segment, Workspace workspace) {
        workspace.text.read(prompt);
        workspace.row.clear();
        space.put(workspace.text, segment, workspace.row);
        heads.predict(workspace.row, workspace.text.dense, workspace.scratch);
    }

    /** The same of a prompt that was read before. */
    public void predict(EncodedPrompt prompt, Workspace workspace) {
        workspace.row.clear();
        space.put(prompt, workspace.row);
        heads.predict(workspace.row, prompt.dense, workspace.scratch);
    }

    /** Each model's prediction, in the order of {@link #models()}. */
    public List<Prediction> predict(String prompt, @Nullable String segment) {
        Workspace workspace = workspace();
        predict(prompt, segment, workspace);
        List<Prediction> predictions = new ArrayList<>();
        for (int model = 0; model < models.size(); model++) {
            predictions.add(new Prediction(models.get(model), workspace.probability(model), workspace.deviation(model),
                    labels.get(model)));
        }
        return predictions;
    }

    /** What moved a model's prediction most, the strongest first. For a decision that is opened up, not for every request. */
    public List<Influence> explain(String prompt, @Nullable String segment, String model, int most) {
        int head = models.indexOf(requireNonNull(model, "model is null"));
        if (head < 0) {
            throw new IllegalArgumentException("no head for " + model + "; there are " + models);
        }
        Workspace workspace = workspace();
        predict(prompt, segment, workspace);
        Map<Integer, String> words = workspace.text.trace(prompt);
        Map<String, Double> effects = new HashMap<>();
        Map<Integer, Integer> hashes = new HashMap<>();
        for (int i = 0; i < workspace.text.distinct; i++) {
            int slot = space.slots[workspace.text.hashes[i]];
            if (slot != 0) {
                hashes.put(slot, workspace.text.hashes[i]);
            }
        }
        for (int i = 0; i < workspace.row.size(); i++) {
            int column = workspace.row.column(i);
            Integer hash = hashes.get(column);
            String name = hash != null ? '"' + words.getOrDefault(hash, "?") + '"' : space.name(column);
            effects.merge(name, heads.effect(workspace.row, i, head), Double::sum);
        }
        effects.remove(FeatureSpace.BIAS);
        trees(workspace, head, effects);
        return effects.entrySet()
                .stream()
                .map(entry -> new Influence(entry.getKey(), entry.getValue()))
                .filter(influence -> influence.effect() != 0)
                .sorted(Comparator.comparingDouble((Influence influence) -> -Math.abs(influence.effect()))
                        .thenComparing(Influence::feature))
                .limit(most)
                .toList();
    }

    /**
     * The words' effects pass through the blend and through the trees, which read the ridges, too; a measure's effect is what is
     * undone when it is put back to the training texts' mean.
     */
    private void trees(Workspace workspace, int head, Map<String, Double> effects) {
        float[] dense = workspace.text.dense.clone();
        double whole = heads.treeShare(dense, head, workspace.scratch);
        double net = effects.values().stream().mapToDouble(Double::doubleValue).sum();
        double moved = whole - heads.treeShareWithoutLinear(dense, head, workspace.scratch);
        double passed = heads.linearShare + (net == 0 ? 0 : Math.clamp(moved / net, 0, 1));
        effects.replaceAll((name, effect) -> effect * passed);
        for (int d = 0; d < dense.length; d++) {
            float kept = dense[d];
            dense[d] = space.centre[d];
            double without = heads.treeShare(dense, head, workspace.scratch);
            dense[d] = kept;
            effects.merge(EncodedText.DENSE_NAMES.get(d), whole - without, Double::sum);
        }
    }

    FeatureSpace space() {
        return space;
    }

    SuccessHeads heads() {
        return heads;
    }
}
