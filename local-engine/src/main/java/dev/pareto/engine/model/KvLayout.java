package dev.pareto.engine.model;

import java.util.List;

import dev.pareto.engine.CacheType;
import dev.pareto.engine.kernel.Kernels;

/** What a model keeps of each token, layer by layer. One for each decoder: its caches and pages are told by it. */
record KvLayout(ModelShape shape, List<Row> rows) {

    KvLayout {
        rows = List.copyOf(rows);
    }

    /** The heads of one layer; where values are a part of the keys, their size is 0. */
    record Row(int heads, int keySize, int valueSize) {

        int keyFloats() {
            return heads * keySize;
        }

        int valueFloats() {
            return heads * valueSize;
        }

        /** Scales of a token's keys, if they are bytes. */
        int keyScales() {
            return heads * scales(keySize);
        }

        /** Scales of a token's values, if they are bytes. */
        int valueScales() {
            return heads * scales(valueSize);
        }
    }

    /** Scales of one head's vector of bytes. */
    static int scales(int size) {
        return Math.ceilDiv(size, Kernels.SHARE_A_SCALE);
    }

    static long floatsPerToken(List<Row> rows) {
        return rows.stream().mapToLong(row -> (long) row.keyFloats() + row.valueFloats()).sum();
    }

    /** Bytes of the numbers in a page. */
    long pageBytes(CacheType type) {
        long numbers = shape.cacheFloatsPerToken();
        return KvPage.TOKENS * switch (type) {
            case F32 -> numbers * Float.BYTES;
            case F16 -> numbers * Short.BYTES;
            case Q8_0 -> numbers
                    + Float.BYTES * rows.stream().mapToLong(row -> (long) row.keyScales() + row.valueScales()).sum();
        };
    }

    KvPage newPage(CacheType type) {
        return switch (type) {
            case F32 -> new FloatPage(this);
            case F16 -> new HalfPage(this);
            case Q8_0 -> new BytePage(this);
        };
    }
}
