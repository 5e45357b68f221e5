package dev.pareto.proxy.dialect.openai;

import java.util.Arrays;

/**
 * Cuts an event stream into whole events at blank lines, however the network cut it: LF, CRLF and CR, chunks of one byte. Holds
 * at most one event. Not thread-safe: one stream, one instance.
 */
public final class SseFrames {

    /** Takes one whole event, its blank line included; the bytes are only good during the call. */
    @FunctionalInterface
    public interface Sink {
        void frame(byte[] bytes, int from, int to);
    }

    /** No vendor's event comes near; a stream that never ends a line must not fill the memory. */
    public static final int MAX_EVENT_BYTES = 1 << 20;

    private static final int FIRST_HOLD = 2_048;

    private byte[] held = new byte[FIRST_HOLD];
    private int heldLength;
    private boolean lineEmpty = true;
    private boolean afterCarriageReturn;
    private boolean carriageReturnEnds;

    /** @throws RefusedException when one event is larger than {@link #MAX_EVENT_BYTES} */
    public void feed(byte[] chunk, Sink sink) {
        int start = 0;
        for (int i = 0; i < chunk.length; i++) {
            byte next = chunk[i];
            if (carriageReturnEnds) {
                carriageReturnEnds = false;
                boolean pair = next == '\n';
                emit(chunk, start, pair ? i + 1 : i, sink);
                start = pair ? i + 1 : i;
                if (pair) {
                    afterCarriageReturn = false;
                    continue;
                }
            }
            if (next == '\n') {
                boolean pair = afterCarriageReturn;
                afterCarriageReturn = false;
                if (!pair) {
                    if (lineEmpty) {
                        emit(chunk, start, i + 1, sink);
                        start = i + 1;
                    }
                    lineEmpty = true;
                }
            } else if (next == '\r') {
                carriageReturnEnds = lineEmpty;
                lineEmpty = true;
                afterCarriageReturn = true;
            } else {
                lineEmpty = false;
                afterCarriageReturn = false;
            }
        }
        hold(chunk, start, chunk.length);
    }

    /** Bytes of an event that is not whole yet. */
    int held() {
        return heldLength;
    }

    /** What is left when the stream ends without a last blank line. */
    public void end(Sink sink) {
        if (heldLength > 0) {
            sink.frame(held, 0, heldLength);
            heldLength = 0;
        }
    }

    private void emit(byte[] chunk, int from, int to, Sink sink) {
        if (heldLength == 0) {
            sink.frame(chunk, from, to);
            return;
        }
        hold(chunk, from, to);
        sink.frame(held, 0, heldLength);
        heldLength = 0;
    }

    private void hold(byte[] chunk, int from, int to) {
        int length = to - from;
        if (length == 0) {
            return;
        }
        if (heldLength + length > MAX_EVENT_BYTES) {
            throw new RefusedException(OpenAiError.upstream(502, "upstream_invalid",
                    "The vendor sent an event of more than " + MAX_EVENT_BYTES + " bytes."));
        }
        if (heldLength + length > held.length) {
            held = Arrays.copyOf(held, Math.max(held.length * 2, heldLength + length));
        }
        System.arraycopy(chunk, from, held, heldLength, length);
        heldLength += length;
    }
}
