package dev.pareto.engine.kernel;

import java.lang.foreign.Arena;
import java.util.IdentityHashMap;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.tensor.ComputePool;
import dev.pareto.engine.tensor.Interleaved;
import dev.pareto.engine.tensor.WeightMatrix;

/**
 * Interleaved copies of matrices, made when a matrix is first multiplied and kept until closed, as
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
    private long bytesLeft;
    private @Nullable Arena arena;

    Copies(Kernels kernels, ComputePool pool, long mostBytes) {
        this.kernels = kernels;
        this.pool = pool;
        this.bytesLeft = mostBytes;
    }

    /** The copy of a matrix, made now if it is worth one and fits. */
    void prepare(WeightMatrix matrix) {
        if (bytesLeft <= 0 || !kernels.prefersInterleaved(matrix.type()) || matrix.rows() < Interleaved.ROWS
                || present.containsKey(matrix)) {
            return;
        }
        long bytes = Interleaved.bytes(matrix);
        if (bytes > bytesLeft) {
            return;
        }
        var owner = arena;
        if (owner == null) {
            owner = Arena.ofShared();
            arena = owner;
        }
        var copy = new Interleaved(matrix, owner.allocate(bytes, ALIGNMENT));
        bytesLeft -= bytes;
        pool.run(Math.ceilDiv(copy.groups(), CHUNK_GROUPS), (chunk, _) -> copy.pack(chunk * CHUNK_GROUPS,
                Math.min(copy.groups(), (chunk + 1) * CHUNK_GROUPS)));
        present.put(matrix, copy);
    }

    /** The copy of a matrix, or null where there is none. */
    @Nullable
    Interleaved find(WeightMatrix matrix) {
        return present.get(matrix);
    }

    /** Frees the copies; matrices are read in the file's layout from then on. */
    @Override
    public void close() {
        present.clear();
        bytesLeft = 0;
        if (arena != null) {
            arena.close();
            arena = null;
        }
    }
}
