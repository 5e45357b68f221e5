package dev.pareto.engine.model;

import java.util.Arrays;

import dev.pareto.engine.model.blueprint.FeedForward.Mixture;

/** Runs a {@link Mixture}: expert after expert, each on all tokens of the batch that chose it at once. */
final class MixtureOfExperts implements Block {

    private final Mixture parts;
    private final Routing routing;
    private final Compute compute;
    private int[] rows = new int[0];
    private int[] choices = new int[0];

    MixtureOfExperts(Mixture parts, Compute compute) {
        this.parts = parts;
        this.routing = new Routing(parts.router());
        this.compute = compute;
    }

    @Override
    public void run(Batch batch, float[] x, float[] y) {
        int tokens = batch.tokens();
        int width = parts.router().scores().weight().columns();
        var scores = compute.work().scores.of(tokens, parts.experts().size());
        compute.project(tokens, x, parts.router().scores(), scores);
        routing.choose(tokens, scores);
        if (rows.length < tokens) {
            rows = new int[tokens];
            choices = new int[tokens];
        }
        var shared = parts.shared();
        if (shared == null) {
            Arrays.fill(y, 0, tokens * width, 0);
        } else {
            DenseFeedForward.gated(compute, shared, tokens, x, y);
        }
        for (int expert = 0; expert < parts.experts().size(); expert++) {
            int count = tokensOf(expert, tokens);
            if (count > 0) {
                run(expert, count, x, y, width);
            }
        }
    }

    /** Lists the tokens that chose an expert. */
    private int tokensOf(int expert, int tokens) {
        int count = 0;
        for (int token = 0; token < tokens; token++) {
            for (int choice = 0; choice < parts.router().used(); choice++) {
                if (routing.expert(token, choice) == expert) {
                    rows[count] = token;
                    choices[count++] = choice;
                    break;
                }
            }
        }
        return count;
    }

    private void run(int expert, int count, float[] x, float[] y, int width) {
        var gathered = compute.work().gathered.of(count, width);
        var result = compute.work().result.of(count, width);
        for (int i = 0; i < count; i++) {
            System.arraycopy(x, rows[i] * width, gathered, i * width, width);
        }
        DenseFeedForward.gated(compute, parts.experts().get(expert), count, gathered, result);
        for (int i = 0; i < count; i++) {
            float weight = routing.weight(rows[i], choices[i]);
            int to = rows[i] * width;
            for (int d = 0; d < width; d++) {
                y[to + d] += weight * result[i * width + d];
            }
        }
    }
}
