package dev.pareto.policies.predict.learn;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Gradient-boosted trees of depth three for a share in [0, 1] (Friedman 2001; second-order leaves as in XGBoost, arXiv 1603.02754;
 * histogram splits). Each tree is eight leaves below seven complete splits, so a prediction is three comparisons a tree, without
 * branches or allocation. Immutable, safe for threads.
 */
public final class BoostedTrees {

    private static final int DEPTH = 3;
    private static final int SPLITS = (1 << DEPTH) - 1;
    private static final int LEAVES = 1 << DEPTH;

    /**
     * How to learn.
     *
     * @param trees how many
     * @param rate how far each tree moves the score
     * @param rowShare the share of rows each tree sees
     * @param featureShare the share of features each tree may split on
     * @param leafPenalty L2 penalty on a leaf's value, in units of p(1-p) summed
     * @param leastWeight a leaf below this sum of p(1-p) is not cut off
     */
    public record Settings(int trees, double rate, double rowShare, double featureShare, double leafPenalty,
            double leastWeight) {

        public static final Settings USUAL = new Settings(120, 0.05, 0.6, 0.25, 5, 3);

        /** The same at a part of the rate. */
        public Settings slower(double share) {
            return new Settings(trees, rate * share, rowShare, featureShare, leafPenalty, leastWeight);
        }
    }

    /**
     * All there is to a model, for its export.
     *
     * @param start the log-odds before the first tree
     * @param features the seven features that each tree splits on, breadth first
     * @param cuts a feature above its cut goes right
     * @param leaves eight log-odds a tree
     */
    public record Parts(float start, int[] features, float[] cuts, float[] leaves) {

        public Parts {
            int trees = leaves.length / LEAVES;
            if (leaves.length != trees * LEAVES || features.length != trees * SPLITS
                    || cuts.length != features.length) {
                throw new IllegalArgumentException("not whole trees: " + features.length + " features, " + cuts.length
                        + " cuts, " + leaves.length + " leaves");
            }
        }
    }

    private final float start;
    private final int[] features;
    private final float[] cuts;
    private final float[] leaves;

    /**
     * @param width how many features a row will have
     */
    public BoostedTrees(Parts parts, int width) {
        for (int feature : parts.features) {
            if (feature < 0 || feature >= width) {
                throw new IllegalArgumentException("a tree splits on feature " + feature + " of " + width);
            }
        }
        start = parts.start;
        features = parts.features.clone();
        cuts = parts.cuts.clone();
        leaves = parts.leaves.clone();
    }

    public Parts parts() {
        return new Parts(start, features.clone(), cuts.clone(), leaves.clone());
    }

    /** The log-odds of these features, which begin at an offset. */
    public double score(float[] dense, int offset) {
        double sum = start;
        for (int split = 0, leaf = 0; leaf < leaves.length; split += SPLITS, leaf += LEAVES) {
            int node = 0;
            for (int level = 0; level < DEPTH; level++) {
                node = 2 * node + (dense[offset + features[split + node]] > cuts[split + node] ? 2 : 1);
            }
            sum += leaves[leaf + node - SPLITS];
        }
        return sum;
    }

    public int trees() {
        return leaves.length / LEAVES;
    }

    /**
     * @param dense {@code dense[row * width + feature]}
     * @param targets by row, in [0, 1]
     * @param use which rows to learn from
     */
    public static BoostedTrees fit(float[] dense, int width, double[] targets, int[] use, Settings settings,
            RandomGenerator random) {
        return new Fit(dense, width, targets, use, settings, random).run();
    }

    private static final class Fit {

        private static final int BINS = 32;

        private final int width;
        private final double[] targets;
        private final int[] use;
        private final Settings settings;
        private final RandomGenerator random;
        private final float[][] edges;
        private final byte[] binned;
        private final double[] scores;
        private final double[] slopes;
        private final double[] weights;
        private final int[] nodes;

        Fit(float[] dense, int width, double[] targets, int[] use, Settings settings, RandomGenerator random) {
            this.width = width;
            this.targets = targets;
            this.use = use;
            this.settings = settings;
            this.random = random;
            edges = new float[width][];
            binned = new byte[use.length * width];
            for (int feature = 0; feature < width; feature++) {
                edges[feature] = edges(dense, feature);
                for (int i = 0; i < use.length; i++) {
                    binned[i * width + feature] = bin(edges[feature], dense[use[i] * width + feature]);
                }
            }
            scores = new double[use.length];
            slopes = new double[use.length];
            weights = new double[use.length];
            nodes = new int[use.length];
        }

        private float[] edges(float[] dense, int feature) {
            float[] sorted = new float[use.length];
            for (int i = 0; i < use.length; i++) {
                sorted[i] = dense[use[i] * width + feature];
            }
            Arrays.sort(sorted);
            float[] found = new float[BINS - 1];
            int count = 0;
            for (int k = 1; k < BINS; k++) {
                int at = (int) ((long) k * sorted.length / BINS);
                float low = sorted[Math.max(0, at - 1)];
                int above = at;
                while (above < sorted.length && sorted[above] <= low) {
                    above++;
                }
                if (above < sorted.length && (count == 0 || low > found[count - 1])) {
                    found[count++] = low;
                }
            }
            return Arrays.copyOf(found, count);
        }

        private static byte bin(float[] edges, float value) {
            int at = Arrays.binarySearch(edges, value);
            return (byte) (at >= 0 ? at : -at - 1);
        }

        BoostedTrees run() {
            double mean = 0;
            for (int row : use) {
                mean += targets[row];
            }
            mean = Math.clamp((mean + 0.5) / (use.length + 1), 0.001, 0.999);
            double start = Math.log(mean / (1 - mean));
            Arrays.fill(scores, start);
            int[] features = new int[settings.trees * SPLITS];
            float[] cuts = new float[settings.trees * SPLITS];
            float[] leaves = new float[settings.trees * LEAVES];
            for (int tree = 0; tree < settings.trees; tree++) {
                grow(features, cuts, leaves, tree);
            }
            return new BoostedTrees(new Parts((float) start, features, cuts, leaves), width);
        }

        private void grow(int[] features, float[] cuts, float[] leaves, int tree) {
            boolean[] drawn = new boolean[use.length];
            for (int i = 0; i < use.length; i++) {
                double p = 1 / (1 + Math.exp(-scores[i]));
                slopes[i] = targets[use[i]] - p;
                weights[i] = Math.max(p * (1 - p), 1e-6);
                drawn[i] = random.nextDouble() < settings.rowShare;
                nodes[i] = 0;
            }
            int[] allowed = drawFeatures();
            for (int level = 0; level < DEPTH; level++) {
                split(level, allowed, drawn, features, cuts, tree * SPLITS);
            }
            double[] slope = new double[LEAVES];
            double[] weight = new double[LEAVES];
            for (int i = 0; i < use.length; i++) {
                if (drawn[i]) {
                    slope[nodes[i]] += slopes[i];
                    weight[nodes[i]] += weights[i];
                }
            }
            for (int leaf = 0; leaf < LEAVES; leaf++) {
                leaves[tree * LEAVES
                        + leaf] = (float) (settings.rate * slope[leaf] / (weight[leaf] + settings.leafPenalty));
            }
            for (int i = 0; i < use.length; i++) {
                scores[i] += leaves[tree * LEAVES + nodes[i]];
            }
        }

        private int[] drawFeatures() {
            int[] order = new int[width];
            for (int i = 0; i < width; i++) {
                int j = random.nextInt(i + 1);
                order[i] = order[j];
                order[j] = i;
            }
            return Arrays.copyOf(order, Math.max(1, (int) Math.ceil(width * settings.featureShare)));
        }

        private void split(int level, int[] allowed, boolean[] drawn, int[] features, float[] cuts, int base) {
            int open = 1 << level;
            double[] best = new double[open];
            int[] bestFeature = new int[open];
            int[] bestBin = new int[open];
            Arrays.fill(bestBin, BINS);
            double[] slope = new double[open * BINS];
            double[] weight = new double[open * BINS];
            for (int feature : allowed) {
                Arrays.fill(slope, 0);
                Arrays.fill(weight, 0);
                for (int i = 0; i < use.length; i++) {
                    if (drawn[i]) {
                        int at = nodes[i] * BINS + binned[i * width + feature];
                        slope[at] += slopes[i];
                        weight[at] += weights[i];
                    }
                }
                for (int node = 0; node < open; node++) {
                    int from = node * BINS;
                    double allSlope = 0;
                    double allWeight = 0;
                    for (int b = 0; b < BINS; b++) {
                        allSlope += slope[from + b];
                        allWeight += weight[from + b];
                    }
                    double leftSlope = 0;
                    double leftWeight = 0;
                    for (int b = 0; b < edges[feature].length; b++) {
                        leftSlope += slope[from + b];
                        leftWeight += weight[from + b];
                        if (leftWeight < settings.leastWeight || allWeight - leftWeight < settings.leastWeight) {
                            continue;
                        }
                        double gain = gain(leftSlope, leftWeight) + gain(allSlope - leftSlope, allWeight - leftWeight)
                                - gain(allSlope, allWeight);
                        if (gain > best[node]) {
                            best[node] = gain;
                            bestFeature[node] = feature;
                            bestBin[node] = b;
                        }
                    }
                }
            }
            for (int node = 0; node < open; node++) {
                int at = base + open - 1 + node;
                features[at] = bestFeature[node];
                cuts[at] = bestBin[node] == BINS ? Float.POSITIVE_INFINITY : edges[bestFeature[node]][bestBin[node]];
            }
            for (int i = 0; i < use.length; i++) {
                int node = nodes[i];
                nodes[i] = 2 * node + (binned[i * width + bestFeature[node]] > bestBin[node] ? 1 : 0);
            }
        }

        private double gain(double slope, double weight) {
            return slope * slope / (weight + settings.leafPenalty);
        }
    }
}
