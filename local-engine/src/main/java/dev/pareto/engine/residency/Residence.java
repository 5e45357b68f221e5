package dev.pareto.engine.residency;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/** Where a model is, at one moment. */
public sealed interface Residence {

    /** In one word, for programs. */
    default String word() {
        return switch (this) {
            case OnDisk _ -> "on_disk";
            case Loading _ -> "loading";
            case Ready _ -> "ready";
            case Unloading _ -> "unloading";
            case Failed _ -> "failed";
        };
    }

    /** Not in memory. */
    record OnDisk() implements Residence {}

    /**
     * Being loaded.
     *
     * @param needs null until its file was looked at
     */
    record Loading(@Nullable Footprint needs) implements Residence {}

    /**
     * In memory.
     *
     * @param takes at most
     * @param leases that hold it
     * @param unused since the last lease was given back; zero while there is one
     */
    record Ready(Footprint takes, int leases, Duration unused) implements Residence {}

    /** Being unloaded. */
    record Unloading(Footprint takes) implements Residence {}

    /**
     * Could not be loaded; is tried again by the next request once {@link Residency#HOLD} is over.
     *
     * @param reason a line without a path
     * @param ago since it failed
     */
    record Failed(String reason, Duration ago) implements Residence {}
}
