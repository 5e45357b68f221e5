package dev.pareto.evals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * Reads lines of bounded length from a stream, as bytes: a JSON parser decides about the characters. Not thread-safe.
 */
public final class JsonLines {

    private final InputStream in;
    private final int maxBytes;
    private int number;
    private long consumed;
    private boolean terminated = true;

    /** Reads from a stream that should be buffered; closing it is the caller's. */
    public JsonLines(InputStream in, int maxBytes) {
        this.in = in;
        this.maxBytes = maxBytes;
    }

    /** The next line without its end (LF or CRLF), or null at the end of the stream. */
    public byte @Nullable [] next() throws IOException, BadLineException {
        int c = in.read();
        if (c < 0) {
            return null;
        }
        number++;
        ByteArrayOutputStream line = new ByteArrayOutputStream(512);
        while (c >= 0 && c != '\n') {
            if (line.size() == maxBytes) {
                throw new BadLineException(number, "longer than " + maxBytes + " bytes");
            }
            line.write(c);
            c = in.read();
        }
        terminated = c == '\n';
        byte[] bytes = line.toByteArray();
        consumed += bytes.length + (terminated ? 1 : 0);
        return bytes.length > 0 && bytes[bytes.length - 1] == '\r'
                ? Arrays.copyOf(bytes, bytes.length - 1)
                : bytes;
    }

    /** 1-based number of the line read last. */
    public int number() {
        return number;
    }

    /** Bytes of the lines read so far, their ends included: where the next line begins. */
    public long consumed() {
        return consumed;
    }

    /** Whether the line read last ended with a line feed; if not, its writer may have died half-way. */
    public boolean terminated() {
        return terminated;
    }

    /** A line that cannot be used. */
    public static final class BadLineException extends Exception {

        private final int line;
        private final String reason;

        /** @param line 1-based */
        public BadLineException(int line, String reason) {
            super("line " + line + ": " + reason, null, false, false);
            this.line = line;
            this.reason = reason;
        }

        /** 1-based number. */
        public int line() {
            return line;
        }

        /** What is wrong with it. */
        public String reason() {
            return reason;
        }
    }
}
