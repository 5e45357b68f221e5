package dev.pareto.engine.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

import dev.pareto.engine.machine.ByteProducts;
import dev.pareto.engine.machine.RoundedTile;
import dev.pareto.engine.tensor.ComputePool;
import dev.pareto.engine.tensor.Quads;

/**
 * A batch of vectors rounded to bytes and its products with weights in {@link Quads}. Holds scratch space: one batch at a
 * time, whose products several threads may compute.
 */
final class ByteTiles {

    /** Elements from which rounding is shared among the threads. */
    private static final int SHARED = 1 << 15;
    private static final int ALIGNMENT = 64;

    private final ByteProducts products;
    private final ComputePool pool;
    private final MemorySegment[] sums;
    private MemorySegment rounded = MemorySegment.NULL;
    private Tiles tiles = Tiles.NONE;

    ByteTiles(ByteProducts products, ComputePool pool) {
        this.products = products;
        this.pool = pool;
        this.sums = new MemorySegment[pool.threads()];
        Arrays.fill(sums, MemorySegment.NULL);
    }

    private RoundedTile tile(int tile) {
        return new RoundedTile(tiles.size(tile));
    }

    private static long offset(int vector, int columns) {
        return new RoundedTile(1).bytes(columns) * vector;
    }

    /** Rounds the batch that is multiplied from now on: row-major {@code [vectors][columns]}. */
    void round(float[] x, int vectors, int columns) {
        tiles = new Tiles(vectors, RoundedTile.MOST);
        rounded = atLeast(rounded, offset(vectors, columns));
        if (vectors > 1 && vectors * columns >= SHARED) {
            pool.run(tiles.count(), (tile, _) -> roundTile(x, tile, columns));
        } else {
            for (int tile = 0; tile < tiles.count(); tile++) {
                roundTile(x, tile, columns);
            }
        }
    }

    private void roundTile(float[] x, int tile, int columns) {
        int from = tiles.start(tile);
        var shape = tile(tile);
        for (int token = 0; token < shape.tokens(); token++) {
            Rounding.round(x, (from + token) * columns, columns, rounded, offset(from, columns), shape, token);
        }
    }

    /**
     * Groups of rows times all vectors; the first row's product with the first vector goes to {@code y[yAt]}, those of the
     * next vector {@code yStride} further on. All tiles meet a group while its weights are in the cache.
     */
    void multiply(Quads weights, int fromGroup, int toGroup, float[] y, int yAt, int yStride, int worker) {
        int atOnce = tiles.count() == 1 ? toGroup - fromGroup : 1;
        int columns = weights.matrix().columns();
        for (int group = fromGroup; group < toGroup; group += atOnce) {
            for (int tile = 0; tile < tiles.count(); tile++) {
                multiply(weights, group, group + atOnce, tile, columns, y,
                        yAt + (group - fromGroup) * Quads.ROWS + tiles.start(tile) * yStride, yStride, worker);
            }
        }
    }

    private void multiply(Quads weights, int fromGroup, int toGroup, int tile, int columns, float[] y, int yAt,
            int yStride, int worker) {
        var shape = tile(tile);
        int rows = (toGroup - fromGroup) * Quads.ROWS;
        long stride = (long) Float.BYTES * rows;
        var sum = atLeast(sums[worker], stride * shape.tokens());
        sums[worker] = sum;
        products.multiply(weights, fromGroup, toGroup,
                rounded.asSlice(offset(tiles.start(tile), columns), shape.bytes(columns)), shape, sum, stride);
        for (int token = 0; token < shape.tokens(); token++) {
            MemorySegment.copy(sum, ValueLayout.JAVA_FLOAT, stride * token, y, yAt + token * yStride, rows);
        }
    }

    private static MemorySegment atLeast(MemorySegment present, long bytes) {
        return present.byteSize() >= bytes ? present : Arena.ofAuto().allocate(bytes, ALIGNMENT);
    }
}
