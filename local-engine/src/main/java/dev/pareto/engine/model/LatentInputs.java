package dev.pareto.engine.model;

import dev.pareto.engine.model.blueprint.Attention.Latent;
import dev.pareto.engine.model.blueprint.Attention.Queries;

/** What both forms of latent attention begin with: rotated queries, the normed latent and the rotated key. */
final class LatentInputs {

    private final Latent parts;
    private final Angles.Table angles;
    private final Compute compute;

    LatentInputs(Latent parts, Angles angles, Compute compute) {
        this.parts = parts;
        this.angles = angles.of(parts.rope());
        this.compute = compute;
    }

    /** Floats of the latent. */
    int latent() {
        return parts.latentNorm().size();
    }

    /** Floats of the latent and the rotated key. */
    int compressed() {
        return parts.compress().rows();
    }

    /** Floats of a head's query. */
    int keySize() {
        return parts.plainSize() + rotated();
    }

    /** Floats of the rotated key. */
    int rotated() {
        return compressed() - latent();
    }

    /** Queries {@code [token][head][plain, rotated]}, rotated. */
    float[] queries(int tokens, float[] x) {
        var work = compute.work();
        int width = parts.heads() * keySize();
        var queries = work.unrotated.of(tokens, width);
        switch (parts.queries()) {
            case Queries.Direct direct -> compute.project(tokens, x, direct.projection(), queries);
            case Queries.LowRank low -> {
                var small = work.gathered.of(tokens, low.down().rows());
                compute.project(tokens, x, low.down(), small);
                compute.norm(tokens, low.norm(), small, small);
                compute.project(tokens, small, low.up(), queries);
            }
        }
        compute.share(tokens, width, token -> {
            for (int head = 0; head < parts.heads(); head++) {
                angles.turn(queries, token * width + head * keySize() + parts.plainSize(), token);
            }
        });
        return queries;
    }

    /** {@code [token][latent, rotated key]}, the latent normed and the key rotated. */
    float[] compressed(int tokens, float[] x) {
        int width = compressed();
        var compressed = compute.work().compressed.of(tokens, width);
        compute.project(tokens, x, parts.compress(), compressed);
        compute.share(tokens, width, token -> {
            compute.norm(parts.latentNorm(), compressed, token * width, compressed, token * width);
            angles.turn(compressed, token * width + latent(), token);
        });
        return compressed;
    }
}
