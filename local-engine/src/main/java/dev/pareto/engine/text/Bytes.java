package dev.pareto.engine.text;

import java.util.Arrays;

/** A growing run of bytes that also encodes UTF-8; unpaired surrogates become U+FFFD. */
final class Bytes {

    private byte[] values;
    private int size;

    Bytes(int capacity) {
        values = new byte[Math.max(16, capacity)];
    }

    void clear() {
        size = 0;
    }

    int size() {
        return size;
    }

    /** The array behind, valid up to {@link #size()} and until the next change. */
    byte[] array() {
        return values;
    }

    void add(int value) {
        room(1);
        values[size++] = (byte) value;
    }

    void add(byte[] more) {
        room(more.length);
        System.arraycopy(more, 0, values, size, more.length);
        size += more.length;
    }

    /** Adds the characters from {@code from} to {@code to} as UTF-8. */
    void addText(CharSequence text, int from, int to) {
        room(Math.multiplyExact(3, to - from));
        int at = size;
        byte[] out = values;
        for (int i = from; i < to; i++) {
            int c = text.charAt(i);
            if (c < 0x80) {
                out[at++] = (byte) c;
                continue;
            }
            if (c < 0x800) {
                out[at++] = (byte) (0xC0 | (c >> 6));
                out[at++] = (byte) (0x80 | (c & 0x3F));
                continue;
            }
            if (Character.isSurrogate((char) c)) {
                if (Character.isHighSurrogate((char) c) && i + 1 < to && Character.isLowSurrogate(text.charAt(i + 1))) {
                    int code = Character.toCodePoint((char) c, text.charAt(++i));
                    out[at++] = (byte) (0xF0 | (code >> 18));
                    out[at++] = (byte) (0x80 | ((code >> 12) & 0x3F));
                    out[at++] = (byte) (0x80 | ((code >> 6) & 0x3F));
                    out[at++] = (byte) (0x80 | (code & 0x3F));
                    continue;
                }
                c = 0xFFFD;
            }
            out[at++] = (byte) (0xE0 | (c >> 12));
            out[at++] = (byte) (0x80 | ((c >> 6) & 0x3F));
            out[at++] = (byte) (0x80 | (c & 0x3F));
        }
        size = at;
    }

    byte[] toArray() {
        return Arrays.copyOf(values, size);
    }

    private void room(int more) {
        int needed = Math.addExact(size, more);
        if (needed > values.length) {
            values = Arrays.copyOf(values,
                    (int) Math.min(Integer.MAX_VALUE - 8L, Math.max(needed, values.length * 2L)));
        }
    }
}
