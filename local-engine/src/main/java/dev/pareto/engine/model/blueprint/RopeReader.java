package dev.pareto.engine.model.blueprint;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.model.blueprint.Rope.Pairing;
import dev.pareto.engine.model.blueprint.Rope.Scaling;

/** The keys and the tensors that describe a model's RoPE, the same in all architectures that have one. */
public final class RopeReader {

    private static final float DEFAULT_BASE = 10_000;
    private static final String LOCAL_BASE = "rope.freq_base_swa";
    private static final int MOST_SIZE = 1 << 16;

    private RopeReader() {}

    /** The rope of heads of this size, with the file's base, scaling and factors. */
    public static Rope read(ModelReader in, int headSize, Pairing pairing) {
        return read(in, headSize, base(in), pairing);
    }

    /** The same for layers with a window, which may have a base of their own. */
    public static Rope local(ModelReader in, int headSize, Pairing pairing) {
        return read(in, headSize, in.positive(LOCAL_BASE, base(in)), pairing);
    }

    /** The rope of layers with a window that are never stretched. */
    public static Rope unscaledLocal(ModelReader in, int headSize, Pairing pairing) {
        return Rope.plain(size(in, headSize), in.positive(LOCAL_BASE, DEFAULT_BASE), pairing)
                .magnified(scaling(in).attentionFactor());
    }

    private static float base(ModelReader in) {
        return in.positive("rope.freq_base", DEFAULT_BASE);
    }

    private static Rope read(ModelReader in, int headSize, float base, Pairing pairing) {
        int size = size(in, headSize);
        var scaling = scaling(in);
        var factors = factors(in, "rope_freqs.weight", size);
        var near = factors(in, "rope_factors_short.weight", size);
        var far = factors(in, "rope_factors_long.weight", size);
        if (factors != null || (near == null && far == null)) {
            return Rope.of(size, base, scaling, factors, pairing);
        }
        return Rope.of(size, base, scaling, near, pairing)
                .upTo(scaling.originalContext(), Rope.of(size, base, scaling, far, pairing));
    }

    private static int size(ModelReader in, int headSize) {
        int size = in.size("rope.dimension_count", headSize);
        if (size % 2 != 0 || size > headSize || size > MOST_SIZE) {
            throw in.refuse("rope.dimension_count",
                    "should be even and at most the head size " + Math.min(headSize, MOST_SIZE));
        }
        return size;
    }

    private static float @Nullable [] factors(ModelReader in, String name, int size) {
        var factors = in.findVector(name, size / 2);
        if (factors != null) {
            for (float factor : factors) {
                if (!(factor > 0)) {
                    throw in.metadata().refuse(name, "should hold positive numbers, has " + factor);
                }
            }
        }
        return factors;
    }

    /** How the file stretches frequencies. */
    public static Scaling scaling(ModelReader in) {
        String typeKey = in.key("rope.scaling.type");
        // llama.cpp takes a missing type for linear, which matters where a factor stands alone.
        String type = in.metadata().contains(typeKey) ? in.metadata().requireString(typeKey) : "linear";
        float given = in.positiveOrOff(
                in.metadata().contains(in.key("rope.scaling.factor")) ? "rope.scaling.factor" : "rope.scale_linear");
        var kind = switch (type) {
            case "none" -> Scaling.Kind.NONE;
            case "linear", "longrope" -> Scaling.Kind.LINEAR;
            case "yarn" -> Scaling.Kind.YARN;
            default ->
                throw in.metadata().refuse(typeKey, "names the scaling '" + type + "', which is not supported yet");
        };
        return new Scaling(kind, given == 0 || kind == Scaling.Kind.NONE ? 1 : given,
                in.size("rope.scaling.original_context_length", in.size("context_length")),
                in.positive("rope.scaling.attn_factor", 1));
    }
}
