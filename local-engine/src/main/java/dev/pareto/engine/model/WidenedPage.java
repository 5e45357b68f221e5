package dev.pareto.engine.model;

import dev.pareto.engine.kernel.Kernels;

/** A page of numbers that are smaller than floats: what is wanted of it is widened into the caller's room before each use. */
abstract sealed class WidenedPage extends KvPage permits HalfPage, BytePage {

    WidenedPage(KvLayout layout) {
        super(layout);
    }

    /** Writes what {@link #keys} returns to the front of the room. */
    abstract void widenKeys(int layer, int head, int size, int tokens, Kernels kernels, float[] room);

    /** Writes what {@link #values} returns to the front of the room. */
    abstract void widenValues(int layer, int head, int column, int tokens, Kernels kernels, float[] room);

    @Override
    final float[] keys(int layer, int head, int size, int tokens, Kernels kernels, float[] room) {
        widenKeys(layer, head, size, tokens, kernels, room);
        return room;
    }

    @Override
    final int keysAt(int layer, int head) {
        return 0;
    }

    @Override
    final float[] values(int layer, int head, int column, int tokens, Kernels kernels, float[] room) {
        widenValues(layer, head, column, tokens, kernels, room);
        return room;
    }

    @Override
    final int valuesAt(int layer, int head, int column) {
        return 0;
    }
}
