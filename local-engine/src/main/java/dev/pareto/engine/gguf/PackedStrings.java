package dev.pareto.engine.gguf;

import java.nio.charset.StandardCharsets;
import java.util.AbstractList;
import java.util.Objects;
import java.util.RandomAccess;

/**
 * An immutable list of strings kept as one block of UTF-8 and decoded on access: a vocabulary of 260,000 tokens costs
 * its bytes and four more each, not 260,000 objects. Malformed UTF-8 decodes to U+FFFD.
 */
final class PackedStrings extends AbstractList<String> implements RandomAccess {

    private final byte[] utf8;
    private final int[] ends;

    /** Takes both arrays over; {@code ends[i]} is where string i ends in {@code utf8}. */
    PackedStrings(byte[] utf8, int[] ends) {
        this.utf8 = utf8;
        this.ends = ends;
    }

    @Override
    public String get(int index) {
        Objects.checkIndex(index, ends.length);
        int start = index == 0 ? 0 : ends[index - 1];
        return new String(utf8, start, ends[index] - start, StandardCharsets.UTF_8);
    }

    @Override
    public int size() {
        return ends.length;
    }
}
