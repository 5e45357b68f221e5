package dev.pareto.dashboards.parquet;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Thrift's compact protocol, as far as the headers of Parquet need it. Fields must be written in the order of their numbers. Source: the
 * Apache Thrift compact protocol specification.
 */
final class CompactThrift {

    private static final int TRUE = 1;
    private static final int I32 = 5;
    private static final int I64 = 6;
    private static final int BINARY = 8;
    private static final int LIST = 9;
    private static final int STRUCT = 12;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final Deque<Integer> outer = new ArrayDeque<>();
    private int last;

    CompactThrift i32(int field, int value) {
        header(field, I32);
        varint(zigzag(value));
        return this;
    }

    CompactThrift i64(int field, long value) {
        header(field, I64);
        varint(zigzag(value));
        return this;
    }

    CompactThrift yes(int field) {
        header(field, TRUE);
        return this;
    }

    CompactThrift text(int field, String value) {
        header(field, BINARY);
        bytes(value);
        return this;
    }

    CompactThrift begin(int field) {
        header(field, STRUCT);
        return begin();
    }

    /** A structure that is an element of a list, or the outermost. */
    CompactThrift begin() {
        outer.push(last);
        last = 0;
        return this;
    }

    CompactThrift end() {
        out.write(0);
        last = outer.pop();
        return this;
    }

    CompactThrift structs(int field, int size) {
        return list(field, size, STRUCT);
    }

    CompactThrift enums(int field, int... values) {
        list(field, values.length, I32);
        for (int value : values) {
            varint(zigzag(value));
        }
        return this;
    }

    CompactThrift texts(int field, String value) {
        list(field, 1, BINARY);
        bytes(value);
        return this;
    }

    byte[] toBytes() {
        return out.toByteArray();
    }

    private CompactThrift list(int field, int size, int type) {
        header(field, LIST);
        if (size < 15) {
            out.write((size << 4) | type);
        } else {
            out.write(0xF0 | type);
            varint(size);
        }
        return this;
    }

    private void header(int field, int type) {
        int step = field - last;
        if (step < 1 || step > 15) {
            throw new IllegalStateException("field " + field + " after " + last);
        }
        out.write((step << 4) | type);
        last = field;
    }

    private void bytes(String value) {
        byte[] utf8 = value.getBytes(UTF_8);
        varint(utf8.length);
        out.writeBytes(utf8);
    }

    private void varint(long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            out.write((int) ((rest & 0x7F) | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    private static long zigzag(long value) {
        return (value << 1) ^ (value >> 63);
    }
}
