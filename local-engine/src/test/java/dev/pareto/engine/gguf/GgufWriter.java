package dev.pareto.engine.gguf;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes GGUF files for tests, right ones and, through the raw methods, wrong ones. The header's counts are given by
 * hand, so that they can lie.
 */
public final class GgufWriter {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** Starts with a right magic number. */
    public static GgufWriter version(int version) {
        return new GgufWriter().u32(0x46554747).u32(version);
    }

    /** Starts a file of version 3. */
    public static GgufWriter file(long tensors, long keys) {
        return version(3).u64(tensors).u64(keys);
    }

    public GgufWriter u8(int value) {
        out.write(value);
        return this;
    }

    public GgufWriter u32(int value) {
        out.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
        return this;
    }

    public GgufWriter u64(long value) {
        out.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
        return this;
    }

    public GgufWriter f32(float value) {
        return u32(Float.floatToRawIntBits(value));
    }

    public GgufWriter bytes(byte... bytes) {
        out.writeBytes(bytes);
        return this;
    }

    public GgufWriter text(String value) {
        var bytes = value.getBytes(StandardCharsets.UTF_8);
        return u64(bytes.length).bytes(bytes);
    }

    /** A key and the id of its type; the value must follow. */
    public GgufWriter key(String key, int type) {
        return text(key).u32(type);
    }

    public GgufWriter key(String key, String value) {
        return key(key, 8).text(value);
    }

    public GgufWriter uint32(String key, int value) {
        return key(key, 4).u32(value);
    }

    public GgufWriter float32(String key, float value) {
        return key(key, 6).f32(value);
    }

    public GgufWriter strings(String key, List<String> values) {
        key(key, 9).u32(8).u64(values.size());
        values.forEach(this::text);
        return this;
    }

    public GgufWriter bool(String key, boolean value) {
        return key(key, 7).u8(value ? 1 : 0);
    }

    public GgufWriter int32s(String key, int[] values) {
        key(key, 9).u32(5).u64(values.length);
        for (int value : values) {
            u32(value);
        }
        return this;
    }

    public GgufWriter tensor(String name, int type, long offset, long... shape) {
        text(name).u32(shape.length);
        for (long length : shape) {
            u64(length);
        }
        return u32(type).u64(offset);
    }

    /** Zeros up to a multiple of the alignment. */
    public GgufWriter pad(int alignment) {
        while (out.size() % alignment != 0) {
            u8(0);
        }
        return this;
    }

    public int size() {
        return out.size();
    }

    public byte[] toByteArray() {
        return out.toByteArray();
    }
}
