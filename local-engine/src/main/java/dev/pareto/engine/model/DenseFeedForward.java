package dev.pareto.engine.model;

import java.util.Arrays;
import java.util.List;

import dev.pareto.engine.kernel.MatMul.Product;
import dev.pareto.engine.model.blueprint.FeedForward.Gated;
import dev.pareto.engine.model.blueprint.FeedForward.Plain;

/** Runs {@link Gated} and {@link Plain} feed-forward blocks. */
final class DenseFeedForward {

    private DenseFeedForward() {}

    static void gated(Compute compute, Gated parts, int tokens, float[] x, float[] y) {
        int width = parts.up().rows();
        var gate = compute.work().gate.of(tokens, width);
        var up = compute.work().up.of(tokens, width);
        compute.multiply(tokens, x,
                List.of(new Product(parts.gate().weight(), gate), new Product(parts.up().weight(), up)));
        compute.bias(tokens, parts.gate(), gate);
        compute.bias(tokens, parts.up(), up);
        compute.share(tokens, width,
                token -> parts.activation().gate(compute.kernels(), gate, up, token * width, width));
        compute.project(tokens, gate, parts.down(), y);
    }

    /** A gated block whose other side is 1. */
    static void plain(Compute compute, Plain parts, int tokens, float[] x, float[] y) {
        int width = parts.up().rows();
        var gate = compute.work().gate.of(tokens, width);
        var ones = compute.work().up.of(tokens, width);
        compute.project(tokens, x, parts.up(), gate);
        compute.share(tokens, width, token -> {
            Arrays.fill(ones, token * width, (token + 1) * width, 1);
            parts.activation().gate(compute.kernels(), gate, ones, token * width, width);
        });
        compute.project(tokens, gate, parts.down(), y);
    }
}
