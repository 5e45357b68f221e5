package dev.pareto.engine.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.tensor.ComputePool;
import dev.pareto.engine.tensor.Interleaved;
import dev.pareto.engine.tensor.Quads;
import dev.pareto.engine.tensor.WeightMatrix;

/**
 * Products of weight matrices with a batch of vectors, shared among the threads of a pool. Up to four vectors are
 * multiplied one after the other, or all at once, with pieces of an interleaved copy of the weights where there is one; else one is streamed
 * against the file's layout and up to twelve share each widened row. More go through tiles of registers that use each widened
 * weight for all of them. Holds scratch space: one caller at a time.
 */
public final class MatMul implements AutoCloseable {

    /** Weights that one chunk of work should have at least, so that handing it out costs nothing beside. */
    private static final int CHUNK_WEIGHTS = 1 << 16;
    /** Columns of a row that are widened at a time. */
    private static final int ROW_COLUMNS = 512;
    /** Columns of a panel, unless blocks are longer: with 32 rows it is 16 KiB, half of the first-level cache. */
    private static final int PANEL_COLUMNS = 128;
    private static final int LONGEST_BLOCK = 256;
    /** From so many vectors on the tiles win where there is a copy to fill panels from. */
    private static final int LEAST_FROM_COPY = 5;
    /** From so many on four at once, where the kernels can, beat one after the other. */
    private static final int LEAST_AT_ONCE = 3;
    /** The same as {@link #LEAST_FROM_COPY} without a copy: rows have to be turned into columns first. */
    private static final int LEAST_FROM_FILE = 13;

    private final Kernels kernels;
    private final ComputePool pool;
    private final Copies copies;
    private final @Nullable ByteTiles bytes;
    private final @Nullable HalfVectors halves;
    private final Scratch[] scratch;
    private final Activations[] rounded = new Activations[LEAST_FROM_COPY - 1];
    private float[] packed = new float[0];

    /** Without copies of weights. */
    public MatMul(Kernels kernels, ComputePool pool) {
        this(kernels, pool, 0);
    }

    /**
     * With interleaved copies of weights, made as matrices are first multiplied.
     *
     * @param mostCopyBytes that the copies may take together, outside the heap; 0 for none
     */
    public MatMul(Kernels kernels, ComputePool pool, long mostCopyBytes) {
        this.kernels = kernels;
        this.pool = pool;
        this.copies = new Copies(kernels, pool, mostCopyBytes);
        var code = kernels.machineCode();
        this.bytes = code == null ? null : new ByteTiles(code.bytes(), pool);
        this.halves = code == null ? null : new HalfVectors(code.halves(), pool);
        this.scratch = new Scratch[pool.threads()];
        Arrays.setAll(scratch, _ -> new Scratch());
        Arrays.setAll(rounded, _ -> new Activations());
    }

    /**
     * One matrix and where its results go.
     *
     * @param matrix the weights
     * @param y row-major {@code [vectors][matrix.rows()]}, overwritten
     */
    @SuppressWarnings("ArrayRecordComponent") // a pair of arguments, never compared
    public record Product(WeightMatrix matrix, float[] y) {}

    private static final class Scratch {

        /** Beyond the heap, because an array's elements lie across cache lines. */
        private final MemorySegment panel = Arena.ofAuto()
                .allocate((long) Float.BYTES * LONGEST_BLOCK * Interleaved.ROWS, 64);
        private final float[] row = new float[ROW_COLUMNS];
        private float[] sums = new float[0];
        private final float[] four = new float[4];

        float[] sums(int size) {
            if (sums.length < size) {
                sums = new float[size];
            }
            return sums;
        }
    }

    /**
     * Multiplies all matrices with the same vectors.
     *
     * @param x row-major {@code [vectors][columns]}, where columns is that of every matrix
     * @param vectors at least 1
     */
    public void multiply(float[] x, int vectors, List<Product> products) {
        int columns = products.getFirst().matrix().columns();
        boolean pack = false;
        boolean round = false;
        boolean roundAll = false;
        boolean packHalves = false;
        for (var product : products) {
            copies.prepare(product.matrix);
            if (copies.quads(product.matrix) != null) {
                roundAll = true;
                continue;
            }
            var copy = copies.find(product.matrix);
            if (takesHalves(copy)) {
                packHalves = true;
                continue;
            }
            boolean tiles = tiles(copy, vectors);
            pack |= tiles;
            round |= !tiles && copy != null && copy.takesBytes();
        }
        if (pack) {
            pack(x, vectors, columns);
        }
        if (round) {
            for (int t = 0; t < vectors; t++) {
                rounded[t].round(x, t * columns, columns);
            }
        }
        if (roundAll && bytes != null) {
            bytes.round(x, vectors, columns);
        }
        if (packHalves && halves != null) {
            halves.pack(x, vectors, columns);
        }
        spread(products, (product, from, to, worker) -> {
            var quads = copies.quads(product.matrix);
            if (quads != null && bytes != null) {
                fromQuads(quads, bytes, product, from, to, x, vectors, worker);
                return;
            }
            var copy = copies.find(product.matrix);
            if (copy != null && halves != null && halves.takes(copy)) {
                fromHalves(copy, halves, product, from, to, x, vectors, worker);
            } else if (tiles(copy, vectors)) {
                many(product, copy, from, to, vectors, scratch[worker]);
            } else {
                some(product, copy, from, to, x, vectors, scratch[worker]);
            }
        });
    }

    private static boolean tiles(@Nullable Interleaved copy, int vectors) {
        return vectors >= (copy == null ? LEAST_FROM_FILE : LEAST_FROM_COPY);
    }

    private boolean takesHalves(@Nullable Interleaved copy) {
        return halves != null && copy != null && halves.takes(copy);
    }

    @FunctionalInterface
    private interface Piece {
        void run(Product product, int fromRow, int toRow, int worker);
    }

    /** Hands out runs of rows of all products together; they start at multiples of thirty-two rows. */
    private void spread(List<Product> products, Piece piece) {
        var firstChunk = new int[products.size() + 1];
        var chunkRows = new int[products.size()];
        for (int i = 0; i < products.size(); i++) {
            var matrix = products.get(i).matrix;
            chunkRows[i] = Math.ceilDiv(Math.ceilDiv(CHUNK_WEIGHTS, matrix.columns()), Interleaved.ROWS)
                    * Interleaved.ROWS;
            firstChunk[i + 1] = firstChunk[i] + Math.ceilDiv(matrix.rows(), chunkRows[i]);
        }
        pool.run(firstChunk[products.size()], (chunk, worker) -> {
            int i = 0;
            while (chunk >= firstChunk[i + 1]) {
                i++;
            }
            int from = (chunk - firstChunk[i]) * chunkRows[i];
            var product = products.get(i);
            piece.run(product, from, Math.min(product.matrix.rows(), from + chunkRows[i]), worker);
        });
    }

    private void fromQuads(Quads copy, ByteTiles tiles, Product product, int fromRow, int toRow, float[] x, int vectors,
            int worker) {
        tiles.multiply(copy, fromRow / Quads.ROWS, toRow / Quads.ROWS, product.y, fromRow, product.matrix.rows(),
                worker);
        some(product, null, toRow / Quads.ROWS * Quads.ROWS, toRow, x, vectors, scratch[worker]);
    }

    private void fromHalves(Interleaved copy, HalfVectors batch, Product product, int fromRow, int toRow, float[] x,
            int vectors, int worker) {
        batch.multiply(copy, fromRow / Interleaved.ROWS, toRow / Interleaved.ROWS, product.y, fromRow,
                product.matrix.rows(), worker);
        some(product, null, toRow / Interleaved.ROWS * Interleaved.ROWS, toRow, x, vectors, scratch[worker]);
    }

    private void some(Product product, @Nullable Interleaved copy, int fromRow, int toRow, float[] x, int vectors,
            Scratch scratch) {
        int from = fromRow;
        if (copy != null) {
            from = toRow / Interleaved.ROWS * Interleaved.ROWS;
            fromCopy(copy, product, fromRow, from, x, vectors);
        }
        if (from < toRow && vectors == 1) {
            kernels.matVec(product.matrix, from, toRow, x, 0, product.y, from);
        } else if (from < toRow) {
            few(product, from, toRow, x, vectors, scratch);
        }
    }

    private void fromCopy(Interleaved copy, Product product, int fromRow, int toRow, float[] x, int vectors) {
        if (vectors >= LEAST_AT_ONCE && kernels.multipliesFour(product.matrix.type())) {
            kernels.matVecs(copy, fromRow / Interleaved.ROWS, toRow / Interleaved.ROWS, x, vectors, product.y, fromRow,
                    product.matrix.rows());
            return;
        }
        for (int t = 0; t < vectors; t++) {
            kernels.matVec(copy, fromRow / Interleaved.ROWS, toRow / Interleaved.ROWS, x, t * product.matrix.columns(),
                    rounded[t], product.y, t * product.matrix.rows() + fromRow);
        }
    }

    private void few(Product product, int fromRow, int toRow, float[] x, int vectors, Scratch scratch) {
        var matrix = product.matrix;
        int columns = matrix.columns();
        var row = scratch.row;
        for (int r = fromRow; r < toRow; r++) {
            for (int from = 0; from < columns; from += ROW_COLUMNS) {
                int count = Math.min(ROW_COLUMNS, columns - from);
                kernels.dequantise(matrix.type(), matrix.data(), matrix.blockOffset(r, from), count, row, 0);
                int t = 0;
                for (; t <= vectors - 4; t += 4) {
                    kernels.dot4(row, 0, x, t * columns + from, columns, count, scratch.four);
                    for (int i = 0; i < 4; i++) {
                        store(product, t + i, r, from, scratch.four[i]);
                    }
                }
                for (; t < vectors; t++) {
                    store(product, t, r, from, kernels.dot(row, 0, x, t * columns + from, count));
                }
            }
        }
    }

    private static void store(Product product, int vector, int row, int from, float sum) {
        int at = vector * product.matrix.rows() + row;
        product.y[at] = from == 0 ? sum : product.y[at] + sum;
    }

    /** Brings the vectors into tiles {@code [tile][column][token]}; tokens beyond the last vector are zero. */
    private void pack(float[] x, int vectors, int columns) {
        int tokens = Kernels.TILE_TOKENS;
        int tiles = Math.ceilDiv(vectors, tokens);
        int size = Math.multiplyExact(tiles * tokens, columns);
        if (packed.length < size) {
            packed = new float[size];
        }
        var target = packed;
        pool.run(tiles, (tile, _) -> {
            int to = tile * tokens * columns;
            int full = Math.min(tokens, vectors - tile * tokens);
            for (int token = 0; token < tokens; token++) {
                int from = (tile * tokens + token) * columns;
                for (int c = 0; c < columns; c++) {
                    target[to + c * tokens + token] = token < full ? x[from + c] : 0;
                }
            }
        });
    }

    private void many(Product product, @Nullable Interleaved copy, int fromRow, int toRow, int vectors,
            Scratch scratch) {
        for (int row = fromRow; row < toRow; row += Interleaved.ROWS) {
            panel(product, copy, row, Math.min(Interleaved.ROWS, toRow - row), vectors, scratch);
        }
    }

    /** At most thirty-two rows times all vectors. */
    private void panel(Product product, @Nullable Interleaved copy, int fromRow, int rows, int vectors,
            Scratch scratch) {
        int columns = product.matrix.columns();
        int tiles = Math.ceilDiv(vectors, Kernels.TILE_TOKENS);
        int tileSums = Kernels.TILE_TOKENS * Interleaved.ROWS;
        var panel = scratch.panel;
        int most = Math.max(PANEL_COLUMNS, product.matrix.type().blockElements());
        var sums = scratch.sums(tiles * tileSums);
        Arrays.fill(sums, 0, tiles * tileSums, 0);
        for (int from = 0; from < columns; from += most) {
            int count = Math.min(most, columns - from);
            if (copy != null && rows == Interleaved.ROWS) {
                kernels.widen(copy, fromRow / Interleaved.ROWS, from, count, panel);
            } else {
                turn(product.matrix, fromRow, rows, from, count, panel, scratch.row);
            }
            for (int tile = 0; tile < tiles; tile++) {
                kernels.tile(panel, count, packed, (tile * columns + from) * Kernels.TILE_TOKENS, sums,
                        tile * tileSums);
            }
        }
        for (int t = 0; t < vectors; t++) {
            System.arraycopy(sums, t * Interleaved.ROWS, product.y, t * product.matrix.rows() + fromRow, rows);
        }
    }

    /** Widens rows in the file's layout and stores them as columns; what lies beside them in the panel is left there. */
    private void turn(WeightMatrix matrix, int fromRow, int rows, int from, int count, MemorySegment panel,
            float[] row) {
        for (int r = 0; r < rows; r++) {
            kernels.dequantise(matrix.type(), matrix.data(), matrix.blockOffset(fromRow + r, from), count, row, 0);
            for (int c = 0; c < count; c++) {
                panel.setAtIndex(ValueLayout.JAVA_FLOAT, c * Interleaved.ROWS + r, row[c]);
            }
        }
    }

    /** Frees the copies of weights. */
    @Override
    public void close() {
        copies.close();
    }
}
