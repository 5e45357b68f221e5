package dev.pareto.engine.kernel;

/**
 * A batch of vectors divided into tiles as equal as can be, because a tile of few costs nearly as many loads of weights as a
 * full one.
 *
 * @param vectors in the batch
 * @param most in a tile
 */
record Tiles(int vectors, int most) {

    static final Tiles NONE = new Tiles(0, 1);

    int count() {
        return Math.ceilDiv(vectors, most);
    }

    /** The first vector of a tile. */
    int start(int tile) {
        return tile * (vectors / count()) + Math.min(tile, vectors % count());
    }

    /** Vectors of a tile. */
    int size(int tile) {
        return start(tile + 1) - start(tile);
    }
}
