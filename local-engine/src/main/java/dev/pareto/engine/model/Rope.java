package dev.pareto.engine.model;

import org.jspecify.annotations.Nullable;

/**
 * Rotary position embedding: pairs of dimensions turn by an angle that is position times the pair's frequency. All
 * scalings of the context are scalings of these frequencies, so they are settled here once. Sources: RoFormer
 * (arXiv:2104.09864), position interpolation (arXiv:2306.15595), YaRN (arXiv:2309.00071), and ggml_rope_ext for what
 * the GGUF keys mean.
 */
final class Rope {

    /** Which dimensions make a pair. */
    enum Pairing {
        /** 2i and 2i + 1; the converter to GGUF has reordered the rows of query and key for it. */
        NEIGHBOURS,
        /** i and i + half. */
        HALVES
    }

    private final double[] frequencies;
    private final float magnitude;
    private final Pairing pairing;

    private Rope(double[] frequencies, float magnitude, Pairing pairing) {
        this.frequencies = frequencies;
        this.magnitude = magnitude;
        this.pairing = pairing;
    }

    /**
     * How frequencies are stretched for contexts longer than the model's first training.
     *
     * @param kind none, linear or yarn
     * @param factor by which the context is longer
     * @param originalContext the length of the first training
     * @param extrapolation how much of YaRN's mix applies, 1 for all
     * @param attentionFactor multiplies the magnitude
     * @param betaFast rotations within the original context above which a pair is not interpolated
     * @param betaSlow rotations below which a pair is wholly interpolated
     */
    record Scaling(Kind kind, float factor, int originalContext, float extrapolation, float attentionFactor,
            float betaFast, float betaSlow) {

        enum Kind {
            NONE, LINEAR, YARN
        }
    }

    /**
     * @param size dimensions that turn, even
     * @param factors divisors of the frequencies that the file brings (Llama 3.1), or null
     */
    static Rope of(int size, float base, Scaling scaling, float @Nullable [] factors, Pairing pairing) {
        var frequencies = new double[size / 2];
        for (int i = 0; i < frequencies.length; i++) {
            double full = Math.pow(base, -2.0 * i / size) / (factors == null ? 1 : factors[i]);
            frequencies[i] = switch (scaling.kind) {
                case NONE -> full;
                case LINEAR -> full / scaling.factor;
                case YARN -> {
                    double kept = yarnShare(i, size, base, scaling) * scaling.extrapolation;
                    yield full / scaling.factor * (1 - kept) + full * kept;
                }
            };
        }
        float magnitude = scaling.kind == Scaling.Kind.YARN && scaling.extrapolation != 0
                ? scaling.attentionFactor * (1 + 0.1f * (float) Math.log(scaling.factor))
                : scaling.attentionFactor;
        return new Rope(frequencies, magnitude, pairing);
    }

    /** The share of the unscaled frequency that YaRN keeps for a pair: 1 for fast pairs, 0 for slow, a ramp between. */
    private static double yarnShare(int pair, int size, float base, Scaling scaling) {
        double low = Math.max(0, Math.floor(yarnPair(scaling.betaFast, size, base, scaling.originalContext)));
        double high = Math.min(size - 1, Math.ceil(yarnPair(scaling.betaSlow, size, base, scaling.originalContext)));
        double ramp = (pair - low) / Math.max(0.001, high - low);
        return 1 - Math.clamp(ramp, 0, 1);
    }

    /** The pair that turns so many times within the context. */
    private static double yarnPair(float rotations, int size, float base, int context) {
        return size * Math.log(context / (rotations * 2 * Math.PI)) / (2 * Math.log(base));
    }

    /** Pairs of a head that turn. */
    int pairs() {
        return frequencies.length;
    }

    /** Writes cosine and sine of every pair at a position, {@link #pairs} of each. */
    void angles(int position, float[] cosines, float[] sines, int at) {
        for (int i = 0; i < frequencies.length; i++) {
            double angle = position * frequencies[i];
            cosines[at + i] = (float) Math.cos(angle) * magnitude;
            sines[at + i] = (float) Math.sin(angle) * magnitude;
        }
    }

    /** Turns one head's vector at {@code x[xAt]} by the angles at {@code at}. */
    void turn(float[] x, int xAt, float[] cosines, float[] sines, int at) {
        int pairs = frequencies.length;
        int step = pairing == Pairing.NEIGHBOURS ? 2 : 1;
        int apart = pairing == Pairing.NEIGHBOURS ? 1 : pairs;
        for (int i = 0; i < pairs; i++) {
            int first = xAt + i * step;
            float a = x[first];
            float b = x[first + apart];
            x[first] = a * cosines[at + i] - b * sines[at + i];
            x[first + apart] = a * sines[at + i] + b * cosines[at + i];
        }
    }
}
