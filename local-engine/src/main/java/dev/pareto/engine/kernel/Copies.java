package dev.pareto.engine.kernel;

import java.lang.foreign.Arena;
import java.util.IdentityHashMap;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.tensor.ComputePool;
import dev.pareto.engine.tensor.Interleaved;
import dev.pareto.engine.tensor.Quads;
import dev.pareto.engine.tensor.WeightMatrix;

/**
 * Copies of matrices in the layout that their products are fastest from, made when a matrix is first multiplied and kept until closed, as
 * many as fit into a number of bytes. Matrices are told apart by identity, so an expert's view must be made once. One
 * caller at a time.
 */
final class Copies implements AutoCloseable {

    /** Groups of rows that one chunk of work packs. */
    private static final int CHUNK_GROUPS = 2;
    private static final int ALIGNMENT = 64;

    private final Kernels kernels;
    private final ComputePool pool;
    private final IdentityHashMap<WeightMatrix, Interleaved> present = new IdentityHashMap<>();
    private final IdentityHashMap<WeightMatrix, Quads> quads = new IdentityHashMap<>();
    private long bytesLeft;
    private @Nullable Arena arena;

    Copies(Kernels kernels, ComputePool pool, long mostBytes) {
        this.kernels = kernels;
        this.pool = pool;
        this.bytesLeft = mostBytes;
    }

    /** The copy of a matrix, made now if it is worth one and fits. */
    void prepare(WeightMatrix matrix) {
        if (bytesLeft <= 0 || present.containsKey(matrix) || quads.containsKey(matrix)) {
            return;
        }
        long bytes = kernels.copyBytes(matrix.type(), matrix.rows(), matrix.columns());
        if (bytes == 0 || bytes > bytesLeft) {
            return;
        }
        var owner = arena;
        if (owner == null) {
            owner = Arena.ofShared();
            arena = owner;
        }
        var data = owner.allocate(bytes, ALIGNMENT);
        bytesLeft -= bytes;
        if (kernels.prefersQuads(matrix.type())) {
            var copy = new Quads(matrix, data);
            pack(copy.groups(), copy::pack);
            quads.put(matrix, copy);
        } else {
            var copy = new Interleaved(matrix, data);
            pack(copy.groups(), copy::pack);
            present.put(matrix, copy);
        }
    }

    @FunctionalInterface
    private interface Packing {
        void pack(int fromGroup, int toGroup);
    }

    private void pack(int groups, Packing packing) {
        pool.run(Math.ceilDiv(groups, CHUNK_GROUPS), (chunk, _) -> packing.pack(chunk * CHUNK_GROUPS,
                Math.min(groups, (chunk + 1) * CHUNK_GROUPS)));
    }

    /** The interleaved copy of a matrix, or null where there is none. */
    @Nullable
    Interleaved find(WeightMatrix matrix) {
        return present.get(matrix);
    }

    /** The copy of a matrix in quads, or null where there is none. */
    @Nullable
    Quads quads(WeightMatrix matrix) {
        return quads.get(matrix);
    }

    /** Frees the copies; matrices are read in the file's layout from then on. */
    @Override
    public void close() {
        present.clear();
        quads.clear();
        bytesLeft = 0;
        if (arena != null) {
            arena.close();
            arena = null;
        }
    }
}
