package dev.pareto.engine.gguf;

import org.jspecify.annotations.Nullable;

/** The types of metadata values; the ordinal is the id in the file. */
enum ValueType {
    UINT8(1), INT8(1), UINT16(2), INT16(2), UINT32(4), INT32(4), FLOAT32(4), BOOL(1), STRING(8), ARRAY(12), UINT64(
            8), INT64(8), FLOAT64(8);

    private static final ValueType[] VALUES = values();

    private final int leastBytes;

    ValueType(int leastBytes) {
        this.leastBytes = leastBytes;
    }

    static @Nullable ValueType find(int id) {
        return id < 0 || id >= VALUES.length ? null : VALUES[id];
    }

    /** Bytes of one value in the file: exact for scalars, the least for strings (a length) and arrays (type and count). */
    int leastBytes() {
        return leastBytes;
    }

    boolean isInteger() {
        return switch (this) {
            case UINT8, INT8, UINT16, INT16, UINT32, INT32, UINT64, INT64 -> true;
            case FLOAT32, BOOL, STRING, ARRAY, FLOAT64 -> false;
        };
    }
}
