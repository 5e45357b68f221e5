package dev.pareto.policies.predict.accuracy;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a prompt to learn from: hashes of its words, pairs of words and word beginnings with their counts, in the order of
 * the hashes, and the measures of its shape. The words and their order are not in it; that makes it much less than the prompt, but no
 * cipher: who holds it can test whether a given word was there. Immutable.
 */
public final class EncodedPrompt {

    /** Of the hashes and measures; rows of another version cannot be learned from together. */
    public static final int VERSION = 1;

    private static final int MOST_FEATURES = 16_384;
    private static final int MOST_COUNT = 255;

    final int[] hashes;
    final int[] counts;
    final float[] dense;
    private final @Nullable String segment;

    private EncodedPrompt(int[] hashes, int[] counts, float[] dense, @Nullable String segment) {
        this.hashes = hashes;
        this.counts = counts;
        this.dense = dense;
        this.segment = segment;
    }

    /** @param segment null where none is known */
    public static EncodedPrompt of(String prompt, @Nullable String segment) {
        EncodedText text = new EncodedText();
        text.read(prompt);
        return of(text, segment);
    }

    static EncodedPrompt of(EncodedText text, @Nullable String segment) {
        int kept = Math.min(text.distinct, MOST_FEATURES);
        long[] sorted = new long[kept];
        for (int i = 0; i < kept; i++) {
            sorted[i] = ((long) text.hashes[i] << 32) | Math.min(MOST_COUNT, text.counts[i]);
        }
        Arrays.sort(sorted);
        int[] hashes = new int[kept];
        int[] counts = new int[kept];
        for (int i = 0; i < kept; i++) {
            hashes[i] = (int) (sorted[i] >>> 32);
            counts[i] = (int) sorted[i];
        }
        return new EncodedPrompt(hashes, counts, text.dense.clone(), segment);
    }

    public @Nullable String segment() {
        return segment;
    }

    /** How many hashed features there are. */
    public int features() {
        return hashes.length;
    }

    /** Without the segment: about three bytes a feature; measures are rounded to half precision. */
    public byte[] bytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream(hashes.length * 3 + 2 * dense.length + 8);
        out.write(VERSION);
        put(out, hashes.length);
        int last = 0;
        for (int hash : hashes) {
            put(out, hash - last);
            last = hash;
        }
        for (int count : counts) {
            out.write(count);
        }
        for (float value : dense) {
            short half = Float.floatToFloat16(value);
            out.write(half >>> 8);
            out.write(half);
        }
        return out.toByteArray();
    }

    /**
     * @throws IllegalArgumentException when the bytes are no row of this version
     */
    public static EncodedPrompt read(byte[] bytes, @Nullable String segment) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            int version = in.get();
            if (version != VERSION) {
                throw new IllegalArgumentException(
                        "features of version " + version + " are not read by version " + VERSION);
            }
            int size = take(in);
            if (size > MOST_FEATURES) {
                throw new IllegalArgumentException("a row has at most " + MOST_FEATURES + " features, not " + size);
            }
            int[] hashes = new int[size];
            int last = 0;
            for (int i = 0; i < size; i++) {
                last += take(in);
                if (last < 0 || last >= 1 << EncodedText.HASH_BITS) {
                    throw new IllegalArgumentException("no hash of a feature: " + last);
                }
                hashes[i] = last;
            }
            int[] counts = new int[size];
            for (int i = 0; i < size; i++) {
                counts[i] = Math.max(1, in.get() & 0xff);
            }
            float[] dense = new float[EncodedText.DENSE];
            for (int d = 0; d < dense.length; d++) {
                dense[d] = Float.float16ToFloat(in.getShort());
            }
            return new EncodedPrompt(hashes, counts, dense, segment);
        } catch (BufferUnderflowException cut) {
            throw new IllegalArgumentException("a row of features is cut off", cut);
        }
    }

    private static void put(ByteArrayOutputStream out, int value) {
        int left = value;
        while (left >= 0x80) {
            out.write((left & 0x7f) | 0x80);
            left >>>= 7;
        }
        out.write(left);
    }

    private static int take(ByteBuffer in) {
        int value = 0;
        for (int shift = 0; shift < 32; shift += 7) {
            byte next = in.get();
            value |= (next & 0x7f) << shift;
            if (next >= 0) {
                if (value < 0) {
                    break;
                }
                return value;
            }
        }
        throw new IllegalArgumentException("no number in a row of features");
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof EncodedPrompt that && Arrays.equals(hashes, that.hashes)
                && Arrays.equals(counts, that.counts) && Objects.equals(segment, that.segment);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(hashes) * 31 + Arrays.hashCode(counts);
    }

    @Override
    public String toString() {
        return "EncodedPrompt[" + hashes.length + " features, segment=" + segment + "]";
    }
}
