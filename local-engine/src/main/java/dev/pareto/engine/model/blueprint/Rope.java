package dev.pareto.engine.model.blueprint;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * Rotary position embedding: pairs of dimensions turn by an angle that is position times the pair's frequency. All
 * scalings of the context are scalings of these frequencies, so they are settled here once. Sources: RoFormer
 * (arXiv:2104.09864), position interpolation (arXiv:2306.15595), YaRN (arXiv:2309.00071), and ggml_rope_ext for what
 * the GGUF keys mean.
 */
public final class Rope implements Position {

    /** Which dimensions make a pair. */
    public enum Pairing {
        /** 2i and 2i + 1; the converter to GGUF has reordered the rows of query and key for it. */
        NEIGHBOURS,
        /** i and i + half. */
        HALVES
    }

    /**
     * Rotations within the original context above which YaRN does not interpolate a pair, and below which it does wholly.
     * Files may name others; llama.cpp does not heed them in any architecture that is here.
     */
    private static final float BETA_FAST = 32;
    private static final float BETA_SLOW = 1;

    private final double[] frequencies;
    private final double[] farFrequencies;
    private final int nearContext;
    private final float magnitude;
    private final Pairing pairing;

    private Rope(double[] frequencies, double[] farFrequencies, int nearContext, float magnitude, Pairing pairing) {
        this.frequencies = frequencies;
        this.farFrequencies = farFrequencies;
        this.nearContext = nearContext;
        this.magnitude = magnitude;
        this.pairing = pairing;
    }

    /**
     * How frequencies are stretched for contexts longer than the model's first training.
     *
     * @param kind none, linear or yarn
     * @param factor by which the context is longer; 1 where the kind is none
     * @param originalContext the length of the first training
     * @param attentionFactor multiplies the magnitude
     */
    public record Scaling(Kind kind, float factor, int originalContext, float attentionFactor) {

        static final Scaling NONE = new Scaling(Kind.NONE, 1, 1, 1);

        /** The ways to stretch. */
        public enum Kind {
            /** Not at all. */
            NONE,
            /** All alike. */
            LINEAR,
            /** Slow pairs only, and everything grows a little. */
            YARN
        }

        /** By how much YaRN makes rotated vectors longer, without the attention factor; 1 for the other kinds. */
        public float growth() {
            return kind == Kind.YARN ? Math.max(1, stretch()) : 1;
        }

        /** {@code 1 + 0.1 ln(factor)}: what YaRN takes its growth from, of any kind. */
        public float stretch() {
            return 1 + 0.1f * (float) Math.log(factor);
        }
    }

    /** Frequencies as they were first trained. */
    public static Rope plain(int size, float base, Pairing pairing) {
        return of(size, base, Scaling.NONE, null, pairing);
    }

    /**
     * @param size dimensions that turn, even
     * @param factors divisors of the frequencies that the file brings (Llama 3.1), or null
     */
    public static Rope of(int size, float base, Scaling scaling, float @Nullable [] factors, Pairing pairing) {
        var frequencies = new double[size / 2];
        for (int i = 0; i < frequencies.length; i++) {
            double full = Math.pow(base, -2.0 * i / size) / (factors == null ? 1 : factors[i]);
            frequencies[i] = switch (scaling.kind) {
                case NONE -> full;
                case LINEAR -> full / scaling.factor;
                case YARN -> {
                    double kept = yarnShare(i, size, base, scaling.originalContext);
                    yield full / scaling.factor * (1 - kept) + full * kept;
                }
            };
        }
        return new Rope(frequencies, frequencies, Integer.MAX_VALUE, scaling.attentionFactor * scaling.growth(),
                pairing);
    }

    /** The same for sequences of at most so many tokens; longer ones turn by the frequencies of another (LongRoPE). */
    public Rope upTo(int context, Rope beyond) {
        return new Rope(frequencies, beyond.frequencies, context, magnitude, pairing);
    }

    /** The same with another length of rotated vectors. */
    public Rope magnified(float newMagnitude) {
        return new Rope(frequencies, farFrequencies, nearContext, newMagnitude, pairing);
    }

    /** The share of the unscaled frequency that YaRN keeps for a pair: 1 for fast pairs, 0 for slow, a ramp between. */
    private static double yarnShare(int pair, int size, float base, int context) {
        double low = Math.max(0, Math.floor(yarnPair(BETA_FAST, size, base, context)));
        double high = Math.min(size - 1, Math.ceil(yarnPair(BETA_SLOW, size, base, context)));
        double ramp = (pair - low) / Math.max(0.001, high - low);
        return 1 - Math.clamp(ramp, 0, 1);
    }

    /** The pair that turns so many times within the context. */
    private static double yarnPair(float rotations, int size, float base, int context) {
        return size * Math.log(context / (rotations * 2 * Math.PI)) / (2 * Math.log(base));
    }

    /** Pairs of a head that turn. */
    public int pairs() {
        return frequencies.length;
    }

    /** Whether a sequence that may grow to so many tokens turns by the frequencies for long ones. */
    public boolean far(int capacity) {
        return capacity > nearContext;
    }

    /**
     * Writes cosine and sine of every pair at a position, {@link #pairs} of each.
     *
     * @param capacity tokens that the sequence may grow to
     */
    public void angles(int position, int capacity, float[] cosines, float[] sines, int at) {
        var used = far(capacity) ? farFrequencies : frequencies;
        for (int i = 0; i < used.length; i++) {
            double angle = position * used[i];
            cosines[at + i] = (float) Math.cos(angle) * magnitude;
            sines[at + i] = (float) Math.sin(angle) * magnitude;
        }
    }

    /** Turns one head's vector at {@code x[xAt]} by the angles at {@code at}. */
    public void turn(float[] x, int xAt, float[] cosines, float[] sines, int at) {
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

    /** Layers whose ropes are equal share their angles. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Rope that && Arrays.equals(frequencies, that.frequencies)
                && Arrays.equals(farFrequencies, that.farFrequencies) && nearContext == that.nearContext
                && magnitude == that.magnitude && pairing == that.pairing;
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(frequencies);
    }
}
