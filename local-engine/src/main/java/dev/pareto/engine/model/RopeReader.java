package dev.pareto.engine.model;

import dev.pareto.engine.model.Rope.Scaling;

/** The keys and the tensor that describe a model's RoPE, the same in all architectures that have one. */
final class RopeReader {

    private static final float DEFAULT_BASE = 10_000;
    private static final float DEFAULT_BETA_FAST = 32;
    private static final float DEFAULT_BETA_SLOW = 1;

    private RopeReader() {}

    static Rope read(ModelReader in, int headSize, Rope.Pairing pairing) {
        int size = in.size("rope.dimension_count", headSize);
        if (size % 2 != 0 || size > headSize) {
            throw in.metadata()
                    .refuse(in.key("rope.dimension_count"),
                            "should be even and at most the head size " + headSize);
        }
        var factors = in.findVector("rope_freqs.weight", size / 2);
        if (factors != null) {
            for (float factor : factors) {
                if (!(factor > 0)) {
                    throw in.metadata().refuse("rope_freqs.weight", "should hold positive numbers, has " + factor);
                }
            }
        }
        return Rope.of(size, in.positive("rope.freq_base", DEFAULT_BASE), scaling(in), factors, pairing);
    }

    private static Scaling scaling(ModelReader in) {
        String typeKey = in.key("rope.scaling.type");
        // llama.cpp takes a missing type for linear, which matters where a factor stands alone.
        String type = in.metadata().contains(typeKey) ? in.metadata().requireString(typeKey) : "linear";
        float factor = in.positive("rope.scaling.factor", in.positive("rope.scale_linear", 1));
        var kind = switch (type) {
            case "none" -> Scaling.Kind.NONE;
            case "linear" -> factor == 1 ? Scaling.Kind.NONE : Scaling.Kind.LINEAR;
            case "yarn" -> Scaling.Kind.YARN;
            default ->
                throw in.metadata().refuse(typeKey, "names the scaling '" + type + "', which is not supported yet");
        };
        return new Scaling(kind, factor, in.size("rope.scaling.original_context_length", in.size("context_length")),
                in.metadata().findFloat(in.key("rope.scaling.yarn_ext_factor"), 1),
                in.positive("rope.scaling.attn_factor", 1),
                in.positive("rope.scaling.yarn_beta_fast", DEFAULT_BETA_FAST),
                in.positive("rope.scaling.yarn_beta_slow", DEFAULT_BETA_SLOW));
    }
}
