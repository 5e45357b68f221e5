package dev.pareto.engine.model;

import java.util.Arrays;

import dev.pareto.engine.model.blueprint.FeedForward.Gating;
import dev.pareto.engine.model.blueprint.FeedForward.Router;

/** The experts of a batch's tokens and their weights, {@code [token][chosen]}. Used by one thread. */
final class Routing {

    /** Below this the chosen weights' sum is not divided by (the smallest normal half, as in llama.cpp). */
    private static final float LEAST_SUM = 0x1p-14f;

    private final Router router;
    private final int experts;
    private final float[] rank;
    private int[] chosen = new int[0];
    private float[] weights = new float[0];

    Routing(Router router) {
        this.router = router;
        this.experts = router.scores().rows();
        this.rank = new float[experts];
    }

    int expert(int token, int choice) {
        return chosen[token * router.used() + choice];
    }

    float weight(int token, int choice) {
        return weights[token * router.used() + choice];
    }

    /** Chooses for all tokens from their scores {@code [token][expert]}, which become weights. */
    void choose(int tokens, float[] scores) {
        if (chosen.length < tokens * router.used()) {
            chosen = new int[tokens * router.used()];
            weights = new float[tokens * router.used()];
        }
        for (int token = 0; token < tokens; token++) {
            choose(scores, token * experts, token * router.used());
        }
    }

    private void choose(float[] scores, int at, int to) {
        switch (router.gating()) {
            case SOFTMAX -> softmax(scores, at, experts);
            case SIGMOID -> {
                for (int e = at; e < at + experts; e++) {
                    scores[e] = (float) (1 / (1 + Math.exp(-scores[e])));
                }
            }
            case SOFTMAX_OF_CHOSEN -> {
            }
        }
        var preference = router.preference();
        for (int e = 0; e < experts; e++) {
            rank[e] = scores[at + e] + (preference == null ? 0 : preference[e]);
        }
        if (router.groupsUsed() < router.groups()) {
            keepBestGroups();
        }
        for (int choice = to; choice < to + router.used(); choice++) {
            chosen[choice] = takeBest();
            weights[choice] = scores[at + chosen[choice]];
        }
        weigh(to);
    }

    private void weigh(int to) {
        int end = to + router.used();
        if (router.gating() == Gating.SOFTMAX_OF_CHOSEN) {
            softmax(weights, to, router.used());
        }
        float factor = router.scale();
        if (router.normalised()) {
            float sum = 0;
            for (int i = to; i < end; i++) {
                sum += weights[i];
            }
            factor /= Math.max(sum, LEAST_SUM);
        }
        for (int i = to; i < end; i++) {
            weights[i] *= factor;
        }
    }

    /** The best expert that is left, the first of equals; it is out of the race then. */
    private int takeBest() {
        int best = 0;
        for (int e = 1; e < experts; e++) {
            // A NaN never wins unless all are; then the first is as good as any.
            if (rank[e] > rank[best] || Float.isNaN(rank[best])) {
                best = e;
            }
        }
        rank[best] = Float.NEGATIVE_INFINITY;
        return best;
    }

    /** Takes the experts outside the best groups out of the race. A group is worth its two best. */
    private void keepBestGroups() {
        int size = experts / router.groups();
        var worth = new float[router.groups()];
        for (int group = 0; group < worth.length; group++) {
            var sorted = Arrays.copyOfRange(rank, group * size, (group + 1) * size);
            Arrays.sort(sorted);
            worth[group] = sorted[size - 1] + (size > 1 ? sorted[size - 2] : 0);
        }
        var sorted = worth.clone();
        Arrays.sort(sorted);
        float least = sorted[worth.length - router.groupsUsed()];
        int left = router.groupsUsed();
        for (int group = 0; group < worth.length; group++) {
            if (worth[group] >= least && left > 0) {
                left--;
            } else {
                Arrays.fill(rank, group * size, (group + 1) * size, Float.NEGATIVE_INFINITY);
            }
        }
    }

    private static void softmax(float[] values, int at, int count) {
        float most = Float.NEGATIVE_INFINITY;
        for (int i = at; i < at + count; i++) {
            most = Math.max(most, values[i]);
        }
        double sum = 0;
        for (int i = at; i < at + count; i++) {
            values[i] = (float) Math.exp(values[i] - most);
            sum += values[i];
        }
        for (int i = at; i < at + count; i++) {
            values[i] /= (float) sum;
        }
    }
}
