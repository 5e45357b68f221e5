package dev.pareto.proxy.dialect.openai;

import org.jspecify.annotations.Nullable;

/**
 * Finds model and usage in an answer of any shape that passes through, JSON or events: keeps its first and last bytes only, and
 * reads the last {@code "usage": {…}} in them. Not thread-safe.
 */
public final class UsageTail {

    private static final int HEAD_BYTES = 8 << 10;
    private static final int TAIL_BYTES = 32 << 10;
    private static final byte[] USAGE = {'"', 'u', 's', 'a', 'g', 'e', '"'};
    private static final byte[] MODEL = {'"', 'm', 'o', 'd', 'e', 'l', '"'};

    private final byte[] head = new byte[HEAD_BYTES];
    private final byte[] ring = new byte[TAIL_BYTES];
    private long length;

    /** Takes the next bytes of the answer. */
    public void add(byte[] bytes, int from, int count) {
        for (int i = 0; i < count; i++) {
            byte value = bytes[from + i];
            if (length < HEAD_BYTES) {
                head[(int) length] = value;
            }
            ring[(int) (length % TAIL_BYTES)] = value;
            length++;
        }
    }

    /** What the bytes so far tell. */
    public Observed observed() {
        int kept = (int) Math.min(length, TAIL_BYTES);
        byte[] tail = new byte[kept];
        for (int i = 0; i < kept; i++) {
            tail[i] = ring[(int) ((length - kept + i) % TAIL_BYTES)];
        }
        return new Observed(model(), null, usage(tail), null, true, false, 0, 0);
    }

    private @Nullable String model() {
        int end = (int) Math.min(length, HEAD_BYTES);
        int at = Bytes.indexOf(head, 0, end, MODEL);
        return at < 0 ? null : Bytes.string(head, at + MODEL.length, end);
    }

    private static @Nullable String usage(byte[] tail) {
        int found = -1;
        for (int at = Bytes.indexOf(tail, 0, tail.length, USAGE); at >= 0; at = Bytes.indexOf(tail, at + 1, tail.length,
                USAGE)) {
            if (Bytes.memberIs(tail, at + USAGE.length, tail.length, '{')) {
                found = at;
            }
        }
        return found < 0 ? null : Bytes.object(tail, found + USAGE.length);
    }
}
