package dev.pareto.engine.model;

import java.util.ArrayList;
import java.util.List;

import dev.pareto.engine.model.blueprint.Rope;

/** Cosines and sines of the batch's positions, once for each rope that differs, however many layers share it. */
final class Angles {

    private final List<Table> tables = new ArrayList<>();

    /** The angles of one rope, {@code [token][pair]}. */
    static final class Table {

        private final Rope rope;
        private float[] cosines = new float[0];
        private float[] sines = new float[0];

        private Table(Rope rope) {
            this.rope = rope;
        }

        /** Turns one head's vector of a token. */
        void turn(float[] vectors, int at, int token) {
            rope.turn(vectors, at, cosines, sines, token * rope.pairs());
        }
    }

    /** The table of a rope; layers with equal ropes get the same. */
    Table of(Rope rope) {
        for (var table : tables) {
            if (table.rope.equals(rope)) {
                return table;
            }
        }
        var table = new Table(rope);
        tables.add(table);
        return table;
    }

    /** Tells apart sequences whose capacity makes them turn by other frequencies. */
    int variant(int capacity) {
        int variant = 0;
        for (var table : tables) {
            variant = 31 * variant + (table.rope.far(capacity) ? 1 : 0);
        }
        return variant;
    }

    /** Makes room for so many tokens. */
    void reserve(int tokens) {
        for (var table : tables) {
            int size = Math.multiplyExact(tokens, table.rope.pairs());
            if (table.cosines.length < size) {
                table.cosines = new float[size];
                table.sines = new float[size];
            }
        }
    }

    /** Computes the angles of a token. */
    void prepare(Batch batch, int token) {
        for (var table : tables) {
            table.rope.angles(batch.position(token), batch.cache(token).capacity(), table.cosines, table.sines,
                    token * table.rope.pairs());
        }
    }
}
