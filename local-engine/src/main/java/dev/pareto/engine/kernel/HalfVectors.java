package dev.pareto.engine.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

import dev.pareto.engine.machine.HalfProducts;
import dev.pareto.engine.tensor.ComputePool;
import dev.pareto.engine.tensor.Interleaved;

/**
 * A batch of vectors laid out for {@link HalfProducts}, and its products with interleaved weights of F16. All tiles meet a
 * group of rows while its weights are in the cache. Holds scratch space: one batch at a time, whose products several threads
 * may compute.
 */
final class HalfVectors {

    private static final int ALIGNMENT = 64;

    private final HalfProducts products;
    private final ComputePool pool;
    private final MemorySegment[] sums;
    private MemorySegment packed = MemorySegment.NULL;
    private Tiles tiles = Tiles.NONE;

    HalfVectors(HalfProducts products, ComputePool pool) {
        this.products = products;
        this.pool = pool;
        this.sums = new MemorySegment[pool.threads()];
        Arrays.fill(sums, MemorySegment.NULL);
    }

    /** Whether a batch is multiplied with a copy here. */
    boolean takes(Interleaved copy) {
        return products.supports(copy.matrix());
    }

    private MemorySegment tile(int tile, int columns) {
        long vector = (long) Float.BYTES * columns;
        return packed.asSlice(tiles.start(tile) * vector, tiles.size(tile) * vector);
    }

    /** Lays out the batch that is multiplied from now on: row-major {@code [vectors][columns]}. */
    void pack(float[] x, int vectors, int columns) {
        tiles = new Tiles(vectors, HalfProducts.MOST);
        packed = atLeast(packed, (long) Float.BYTES * vectors * columns);
        if (tiles.count() > 1) {
            pool.run(tiles.count(), (tile, _) -> packTile(x, tile, columns));
        } else {
            packTile(x, 0, columns);
        }
    }

    private void packTile(float[] x, int tile, int columns) {
        var target = tile(tile, columns);
        int from = tiles.start(tile);
        int tokens = tiles.size(tile);
        if (tokens == 1) {
            MemorySegment.copy(x, from * columns, target, ValueLayout.JAVA_FLOAT, 0, columns);
            return;
        }
        for (int token = 0; token < tokens; token++) {
            int row = (from + token) * columns;
            for (int column = 0; column < columns; column++) {
                target.setAtIndex(ValueLayout.JAVA_FLOAT, (long) column * tokens + token, x[row + column]);
            }
        }
    }

    /**
     * Groups of rows times all vectors; the first row's product with the first vector goes to {@code y[yAt]}, those of the
     * next vector {@code yStride} further on.
     */
    void multiply(Interleaved weights, int fromGroup, int toGroup, float[] y, int yAt, int yStride, int worker) {
        int atOnce = tiles.count() == 1 ? toGroup - fromGroup : 1;
        int columns = weights.matrix().columns();
        sums[worker] = atLeast(sums[worker], (long) Float.BYTES * HalfProducts.MOST * atOnce * Interleaved.ROWS);
        for (int group = fromGroup; group < toGroup; group += atOnce) {
            for (int tile = 0; tile < tiles.count(); tile++) {
                products.multiply(weights, group, group + atOnce, tile(tile, columns), tiles.size(tile),
                        sums[worker], y, yAt + (group - fromGroup) * Interleaved.ROWS + tiles.start(tile) * yStride,
                        yStride);
            }
        }
    }

    private static MemorySegment atLeast(MemorySegment present, long bytes) {
        return present.byteSize() >= bytes ? present : Arena.ofAuto().allocate(bytes, ALIGNMENT);
    }
}
