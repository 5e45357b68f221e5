package dev.pareto.engine.gguf;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** A position in the mapped file that moves only over bytes that are there. */
final class GgufCursor {

    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED
            .withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final MemorySegment file;
    private long position;

    GgufCursor(MemorySegment file) {
        this.file = file;
    }

    long position() {
        return position;
    }

    long remaining() {
        return file.byteSize() - position;
    }

    byte int8(String what) {
        return file.get(ValueLayout.JAVA_BYTE, take(Byte.BYTES, what));
    }

    short int16(String what) {
        return file.get(SHORT, take(Short.BYTES, what));
    }

    int int32(String what) {
        return file.get(INT, take(Integer.BYTES, what));
    }

    long int64(String what) {
        return file.get(LONG, take(Long.BYTES, what));
    }

    /** A count of things that take at least {@code leastBytes} each, so the rest of the file bounds it. */
    long count(int leastBytes, String what) {
        long at = position;
        long count = int64("the number of " + what);
        if (count < 0 || count > remaining() / leastBytes) {
            throw new GgufException(at, Long.toUnsignedString(count) + " " + what + " of at least " + leastBytes
                    + " bytes do not fit into the " + remaining() + " bytes that remain");
        }
        return count;
    }

    /** Reads a length and steps over so many bytes; afterwards they are the last ones before {@link #position()}. */
    long skipString(String what) {
        long at = position;
        long length = int64("the length of " + what);
        if (length < 0 || length > remaining()) {
            throw new GgufException(at, what + " has " + Long.toUnsignedString(length) + " bytes but only "
                    + remaining() + " remain");
        }
        position += length;
        return length;
    }

    /** A name: valid UTF-8 without NUL, one to {@code mostBytes} bytes. */
    String name(int mostBytes, String what) {
        long at = position;
        long length = skipString(what);
        if (length == 0 || length > mostBytes) {
            throw new GgufException(at, what + " has " + length + " bytes; 1 to " + mostBytes + " are allowed");
        }
        var bytes = bytes(position - length, Math.toIntExact(length));
        for (byte b : bytes) {
            if (b == 0) {
                throw new GgufException(at, what + " contains NUL");
            }
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw new GgufException(at, what + " is not valid UTF-8");
        }
    }

    /** A text; malformed UTF-8 in it becomes U+FFFD. */
    String text(int mostBytes, String what) {
        long at = position;
        long length = skipString(what);
        if (length > mostBytes) {
            throw new GgufException(at, what + " has " + length + " bytes; at most " + mostBytes + " are allowed");
        }
        return new String(bytes(position - length, Math.toIntExact(length)), StandardCharsets.UTF_8);
    }

    /** Copies bytes that were stepped over before. */
    void copy(long from, byte[] target, int start, int length) {
        MemorySegment.copy(file, ValueLayout.JAVA_BYTE, from, target, start, length);
    }

    byte[] bytes(long from, int length) {
        var out = new byte[length];
        copy(from, out, 0, length);
        return out;
    }

    /** Steps over bytes and gives the position before them. */
    long take(long bytes, String what) {
        if (bytes < 0 || bytes > remaining()) {
            throw new GgufException(position,
                    "the file ends inside " + what + ": " + bytes + " bytes wanted, " + remaining() + " remain");
        }
        long at = position;
        position += bytes;
        return at;
    }

    void seek(long target) {
        if (target < 0 || target > file.byteSize()) {
            throw new IllegalArgumentException("position " + target + " of " + file.byteSize());
        }
        position = target;
    }
}
