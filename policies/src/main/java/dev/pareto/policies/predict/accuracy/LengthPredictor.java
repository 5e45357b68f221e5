package dev.pareto.policies.predict.accuracy;

import dev.pareto.policies.predict.learn.Ridge;
import dev.pareto.policies.predict.learn.SparseRow;
import dev.pareto.policies.predict.learn.SparseRows;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * How long each model's answer to a prompt will be: a ridge on the logarithm of output tokens over the same features as success. A mean
 * of logarithms is no mean, so each model has its smearing factor (Duan 1983), and a 90 % bound by split conformal prediction; both from
 * prompts that the fold had not seen. Immutable, safe for threads; each thread brings its own {@link Workspace}.
 */
public final class LengthPredictor {

    /** Fewer answers of a model than this say no more than their mean. */
    public static final int LEAST_ANSWERS = 50;

    private static final int FOLDS = 5;
    private static final double[] PENALTIES = {0.25, 1, 4, 16};
    private static final double MOST = Math.log(1e6);

    /**
     * An answer's length.
     *
     * @param model in the order of {@link #models}
     */
    public record Seen(EncodedPrompt prompt, int model, int outputTokens) {

        public Seen {
            if (outputTokens < 1) {
                throw new IllegalArgumentException("an answer has at least one token, not " + outputTokens);
            }
        }
    }

    /** Buffers of one thread. */
    public static final class Workspace {

        private final EncodedText text = new EncodedText();
        private final SparseRow row = new SparseRow();
        private final double[] logs;

        private Workspace(int models) {
            logs = new double[models];
        }
    }

    private final List<String> models;
    private final FeatureSpace space;
    private final float[] weights;
    private final double[] means;
    private final double[] smearing;
    private final double[] bound;
    private final int[] answers;

    /** What an exported one consists of; the space beside. */
    record Parts(List<String> models, float[] weights, double[] means, double[] smearing, double[] bound,
            int[] answers) {}

    LengthPredictor(Parts parts, FeatureSpace space) {
        this.models = List.copyOf(parts.models);
        this.space = space;
        this.weights = parts.weights;
        this.means = parts.means;
        this.smearing = parts.smearing;
        this.bound = parts.bound;
        this.answers = parts.answers;
    }

    /** Null when no model has answered {@link #LEAST_ANSWERS} prompts. */
    public static @Nullable LengthPredictor train(List<Seen> seen, List<String> models, long seed) {
        int heads = models.size();
        int[] answers = new int[heads];
        seen.forEach(one -> answers[one.model()]++);
        if (Arrays.stream(answers).noneMatch(count -> count >= LEAST_ANSWERS)) {
            return null;
        }
        List<EncodedPrompt> prompts = seen.stream().map(Seen::prompt).toList();
        FeatureSpace space = FeatureSpace.learn(prompts, FeatureSpace.Scales.USUAL);
        SparseRows rows = new SparseRows(space.columns());
        SparseRow row = new SparseRow();
        double[] logs = new double[seen.size() * heads];
        Arrays.fill(logs, Double.NaN);
        for (int i = 0; i < seen.size(); i++) {
            row.clear();
            space.put(seen.get(i).prompt(), row);
            rows.add(row);
            logs[i * heads + seen.get(i).model()] = Math.log(seen.get(i).outputTokens());
        }
        int[] fold = Folds.assign(IntStream.range(0, seen.size()).boxed().toList(), FOLDS, seed);
        double penalty = PENALTIES[0];
        double[] unseen = new double[0];
        double least = Double.POSITIVE_INFINITY;
        for (double tried : PENALTIES) {
            double[] residuals = residuals(seen, rows, logs, heads, fold, tried);
            double squares = Arrays.stream(residuals).map(residual -> residual * residual).sum();
            if (squares < least) {
                least = squares;
                penalty = tried;
                unseen = residuals;
            }
        }
        int[] all = IntStream.range(0, fold.length).toArray();
        double[] means = means(logs, heads, all);
        double[] fitted = Ridge.fit(rows, centred(logs, means), heads, all, penalty);
        float[] weights = new float[fitted.length];
        for (int i = 0; i < fitted.length; i++) {
            weights[i] = (float) fitted[i];
        }
        double[] smearing = new double[heads];
        double[] bound = new double[heads];
        for (int model = 0; model < heads; model++) {
            int own = model;
            double[] residuals = unseen;
            double[] sorted = Arrays.stream(all)
                    .filter(i -> seen.get(i).model() == own)
                    .mapToDouble(i -> residuals[i])
                    .sorted()
                    .toArray();
            smearing[model] = Arrays.stream(sorted).map(Math::exp).average().orElse(1);
            int rank = (int) Math.ceil(0.9 * (sorted.length + 1));
            bound[model] = sorted.length == 0 ? 0 : sorted[Math.min(sorted.length, rank) - 1];
        }
        return new LengthPredictor(new Parts(models, weights, means, smearing, bound, answers), space);
    }

    /** By answer: what a model that had not seen its prompt missed by. */
    private static double[] residuals(List<Seen> seen, SparseRows rows, double[] logs, int heads, int[] fold,
            double penalty) {
        double[] residuals = new double[fold.length];
        for (int left = 0; left < FOLDS; left++) {
            int without = left;
            int[] use = IntStream.range(0, fold.length).filter(i -> fold[i] != without).toArray();
            double[] by = means(logs, heads, use);
            double[] fitted = Ridge.fit(rows, centred(logs, by), heads, use, penalty);
            for (int i = 0; i < fold.length; i++) {
                if (fold[i] == left) {
                    int model = seen.get(i).model();
                    residuals[i] = logs[i * heads + model] - by[model]
                            - Ridge.predict(rows, i, fitted, heads)[model];
                }
            }
        }
        return residuals;
    }

    private static double[] means(double[] logs, int heads, int[] use) {
        double[] sums = new double[heads];
        int[] counts = new int[heads];
        for (int row : use) {
            for (int head = 0; head < heads; head++) {
                double log = logs[row * heads + head];
                if (!Double.isNaN(log)) {
                    sums[head] += log;
                    counts[head]++;
                }
            }
        }
        for (int head = 0; head < heads; head++) {
            sums[head] /= Math.max(1, counts[head]);
        }
        return sums;
    }

    private static double[] centred(double[] logs, double[] by) {
        double[] centred = logs.clone();
        for (int i = 0; i < centred.length; i++) {
            centred[i] -= by[i % by.length];
        }
        return centred;
    }

    public List<String> models() {
        return models;
    }

    /** How many answers of a model it was taught with. */
    public int answers(int model) {
        return answers[model];
    }

    /** Whether a model was seen often enough. */
    public boolean knows(int model) {
        return answers[model] >= LEAST_ANSWERS;
    }

    public Workspace workspace() {
        return new Workspace(models.size());
    }

    /** Reads the prompt for {@link #mean} and {@link #bound}. */
    public void read(String prompt, @Nullable String segment, Workspace workspace) {
        workspace.text.read(prompt);
        read(workspace.text, segment, workspace);
    }

    /** The same of the prompt that a predictor of success has just read. */
    public void read(SuccessPredictor.Workspace read, @Nullable String segment, Workspace workspace) {
        read(read.text, segment, workspace);
    }

    private void read(EncodedText text, @Nullable String segment, Workspace workspace) {
        workspace.row.clear();
        space.put(text, segment, workspace.row);
        int heads = models.size();
        System.arraycopy(means, 0, workspace.logs, 0, heads);
        for (int i = 0; i < workspace.row.size(); i++) {
            int base = workspace.row.column(i) * heads;
            float value = workspace.row.value(i);
            for (int head = 0; head < heads; head++) {
                workspace.logs[head] += value * weights[base + head];
            }
        }
    }

    /** The expected number of output tokens. */
    public double mean(int model, Workspace workspace) {
        return Math.exp(Math.min(MOST, workspace.logs[model])) * smearing[model];
    }

    /** No more than this in nine answers of ten. */
    public double bound(int model, Workspace workspace) {
        return Math.exp(Math.min(MOST, workspace.logs[model] + bound[model]));
    }

    FeatureSpace space() {
        return space;
    }

    Parts parts() {
        return new Parts(models, weights, means, smearing, bound, answers);
    }
}
