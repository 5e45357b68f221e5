package dev.pareto.engine.residency;

import java.io.IOException;

/**
 * A model that can be loaded: told apart by identity. All but {@link #name} and {@link #pinned} may block and is called on
 * threads that may.
 */
public interface Stored<M> {

    /** For people; never a path. */
    String name();

    /** Whether it stays once it is loaded, asked each time anew. */
    boolean pinned();

    /**
     * What it will take at most, known without loading it.
     *
     * @throws IOException if the file cannot be read
     */
    Footprint footprint() throws IOException;

    /**
     * Loads it; nothing of it stays if that fails.
     *
     * @throws IOException if the file cannot be read
     */
    M load() throws IOException;

    /** Frees all that it takes. Nobody uses it any more. */
    void unload(M model);
}
