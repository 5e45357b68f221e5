package dev.pareto.engine.model;

import java.util.List;

import dev.pareto.engine.CacheType;

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
    }

    static long floatsPerToken(List<Row> rows) {
        return rows.stream().mapToLong(row -> (long) row.keyFloats() + row.valueFloats()).sum();
    }

    long pageBytes(CacheType type) {
        return shape.cacheFloatsPerToken() * KvPage.TOKENS * type.bytes();
    }

    KvPage newPage(CacheType type) {
        return switch (type) {
            case F32 -> new KvPage.Floats(this);
            case F16 -> new KvPage.Halves(this);
        };
    }
}
