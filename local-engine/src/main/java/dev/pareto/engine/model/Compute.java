package dev.pareto.engine.model;

import java.util.Arrays;
import java.util.List;

import dev.pareto.engine.kernel.Kernels;
import dev.pareto.engine.kernel.MatMul;
import dev.pareto.engine.kernel.MatMul.Product;
import dev.pareto.engine.model.blueprint.Norm;
import dev.pareto.engine.model.blueprint.Projection;
import dev.pareto.engine.tensor.ComputePool;

/** The steps that blocks are made of, shared among threads where that pays, and their scratch space. */
final class Compute {

    /** Floats below which a loop is not worth another thread. */
    private static final int LEAST_TO_SHARE = 1 << 15;

    private final ComputePool pool;
    private final Kernels kernels;
    private final MatMul matMul;
    private final HeadScratch[] heads;
    private Workspace work = new Workspace();

    Compute(ComputePool pool, Kernels kernels, long mostCopyBytes) {
        this.pool = pool;
        this.kernels = kernels;
        this.matMul = new MatMul(kernels, pool, mostCopyBytes);
        this.heads = new HeadScratch[pool.threads()];
        Arrays.setAll(heads, _ -> new HeadScratch());
    }

    ComputePool pool() {
        return pool;
    }

    Kernels kernels() {
        return kernels;
    }

    Workspace work() {
        return work;
    }

    /** Scratch space of attention for one of the pool's threads. */
    HeadScratch heads(int worker) {
        return heads[worker];
    }

    /** Gives the scratch space and the copies of weights back. */
    void release() {
        work = new Workspace();
        Arrays.setAll(heads, _ -> new HeadScratch());
        matMul.close();
    }

    /** A step for one token. */
    @FunctionalInterface
    interface PerToken {
        void run(int token);
    }

    /** Runs a step for every token, on several threads if that pays. */
    void share(int tokens, long floatsEach, PerToken step) {
        if (tokens * floatsEach < LEAST_TO_SHARE) {
            for (int token = 0; token < tokens; token++) {
                step.run(token);
            }
        } else {
            pool.run(tokens, (token, _) -> step.run(token));
        }
    }

    /** Multiplies the same vectors with several matrices. */
    void multiply(int tokens, float[] x, List<Product> products) {
        matMul.multiply(x, tokens, products);
    }

    /** {@code y = weight * x + bias} for all tokens. */
    void project(int tokens, float[] x, Projection projection, float[] y) {
        matMul.multiply(x, tokens, List.of(new Product(projection.weight(), y)));
        bias(tokens, projection, y);
    }

    /** Adds the bias, if there is one. */
    void bias(int tokens, Projection projection, float[] y) {
        var bias = projection.bias();
        if (bias != null) {
            for (int token = 0; token < tokens; token++) {
                kernels.add(y, token * bias.length, bias, 0, bias.length);
            }
        }
    }

    /** Norms every token's vector; {@code to} may be {@code from}. */
    void norm(int tokens, Norm norm, float[] from, float[] to) {
        int size = norm.size();
        share(tokens, size, token -> norm(norm, from, token * size, to, token * size));
    }

    /** Norms one vector; it may be normed in its place. */
    void norm(Norm norm, float[] from, int at, float[] to, int toAt) {
        switch (norm) {
            case Norm.Rms rms -> kernels.rmsNorm(from, at, rms.weight(), rms.epsilon(), to, toAt);
            case Norm.Centred centred -> centre(centred, from, at, to, toAt);
        }
    }

    private static void centre(Norm.Centred norm, float[] from, int at, float[] to, int toAt) {
        var weight = norm.weight();
        var bias = norm.bias();
        double sum = 0;
        for (int i = 0; i < weight.length; i++) {
            sum += from[at + i];
        }
        float mean = (float) (sum / weight.length);
        double squares = 0;
        for (int i = 0; i < weight.length; i++) {
            float distance = from[at + i] - mean;
            squares += distance * distance;
        }
        float factor = (float) (1 / Math.sqrt(squares / weight.length + norm.epsilon()));
        for (int i = 0; i < weight.length; i++) {
            to[toAt + i] = (from[at + i] - mean) * factor * weight[i] + (bias == null ? 0 : bias[i]);
        }
    }
}
