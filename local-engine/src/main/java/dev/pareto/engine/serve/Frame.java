package dev.pareto.engine.serve;

import org.jspecify.annotations.Nullable;

/** A page of the pool and who needs it. Confined to the compute thread. */
final class Frame {

    final BatchModel.Page page;
    /** Sequences that have it in their tables. */
    int users;
    /** What it is kept for, or null. */
    @Nullable
    PrefixKey key;
    /** Names what it is kept for, together with all pages before; never used again. */
    long id;

    Frame(BatchModel.Page page) {
        this.page = page;
    }
}
