package dev.pareto.engine.text;

import java.nio.charset.StandardCharsets;

import dev.pareto.engine.gguf.Metadata;

/**
 * SentencePiece's precompiled normalization: the longest prefix of a text that the map knows is replaced. The map is a
 * double array in the layout of darts-clone (32 bits a unit: label in bits 0 to 7, a flag for a value in bit 8, the
 * offset above), followed by the replacements, each ended by a zero byte.
 */
final class CharacterMap {

    private static final String KEY = "tokenizer.ggml.precompiled_charsmap";
    /** Unicode's longest, of U+FDFA, has 33; without a bound one character of a text could become megabytes. */
    private static final int MOST_REPLACEMENT_BYTES = 255;
    /** Real ones are a few characters; without a bound a map that leads back into itself reads the text to its end. */
    private static final int MOST_PREFIX_BYTES = 255;

    private final int[] units;
    private final byte[] replacements;

    private CharacterMap(int[] units, byte[] replacements) {
        this.units = units;
        this.replacements = replacements;
    }

    /** The map of a file; empty where it has none. */
    static CharacterMap of(Metadata metadata) {
        int[] raw = metadata.findInts(KEY);
        if (raw == null || raw.length == 0) {
            return new CharacterMap(new int[0], new byte[0]);
        }
        long size = raw.length < 4 ? Long.MAX_VALUE : Integer.toUnsignedLong(word(raw, 0));
        if (size % 4 != 0 || size > raw.length - 4L) {
            throw metadata.refuse(KEY, "says that its array takes " + size + " of " + raw.length + " bytes");
        }
        var units = new int[(int) size / 4];
        for (int i = 0; i < units.length; i++) {
            units[i] = word(raw, 4 + 4 * i);
        }
        var replacements = new byte[raw.length - 4 - (int) size];
        for (int i = 0; i < replacements.length; i++) {
            replacements[i] = (byte) raw[4 + (int) size + i];
        }
        if (replacements.length > 0 && replacements[replacements.length - 1] != 0) {
            throw metadata.refuse(KEY, "ends within a replacement");
        }
        int start = 0;
        for (int i = 0; i < replacements.length; i++) {
            if (i - start > MOST_REPLACEMENT_BYTES) {
                throw metadata.refuse(KEY, "has a replacement of more than " + MOST_REPLACEMENT_BYTES + " bytes");
            }
            start = replacements[i] == 0 ? i + 1 : start;
        }
        return new CharacterMap(units, replacements);
    }

    private static int word(int[] raw, int at) {
        return (raw[at] & 0xFF) | (raw[at + 1] & 0xFF) << 8 | (raw[at + 2] & 0xFF) << 16 | (raw[at + 3] & 0xFF) << 24;
    }

    /**
     * Looks up the longest known prefix of the bytes from {@code from} on.
     *
     * @return its length in the upper and the index of its replacement in the lower 32 bits, or 0 for none
     */
    long find(byte[] text, int from, int to) {
        long found = 0;
        int node = units.length == 0 ? -1 : offset(units[0]);
        int end = Math.min(to, from + MOST_PREFIX_BYTES);
        for (int at = from; at < end && text[at] != 0; at++) {
            int label = text[at] & 0xFF;
            node ^= label;
            if (node < 0 || node >= units.length || (units[node] & 0x8000_00FF) != label) {
                break;
            }
            boolean valued = (units[node] >>> 8 & 1) != 0;
            node ^= offset(units[node]);
            if (valued && node >= 0 && node < units.length) {
                int index = units[node] & 0x7FFF_FFFF;
                if (index < replacements.length) {
                    found = (long) (at + 1 - from) << 32 | index;
                }
            }
        }
        return found;
    }

    private static int offset(int unit) {
        return unit >>> 10 << ((unit & 1 << 9) >>> 6);
    }

    /** Adds the replacement that {@link #find} gave. */
    void replace(int index, Bytes out) {
        for (int at = index; replacements[at] != 0; at++) {
            out.add(replacements[at]);
        }
    }

    @Override
    public String toString() {
        return units.length + " units, " + new String(replacements, StandardCharsets.UTF_8).length() + " characters";
    }
}
