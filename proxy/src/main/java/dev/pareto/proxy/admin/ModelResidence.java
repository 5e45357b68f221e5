package dev.pareto.proxy.admin;

import dev.pareto.engine.EngineLoad;
import dev.pareto.engine.residency.Footprint;
import dev.pareto.engine.residency.Residence;
import dev.pareto.proxy.upstream.LocalModels;
import org.jspecify.annotations.Nullable;

/**
 * How a model of this process is, as {@code GET /api/models} tells it.
 *
 * @param state {@code on_disk}, {@code loading}, {@code ready}, {@code unloading} or {@code failed}
 * @param pinned whether it stays once it is loaded
 * @param bytes that it takes at most; null when it is not in memory
 * @param memory the same in parts
 * @param requests that hold it; null when it is not ready
 * @param running of these, being computed; null when it is not ready
 * @param waiting of these, in its queue; null when it is not ready
 * @param unusedSeconds since the last one; null when it is not ready
 * @param reason why it could not be loaded; null unless it failed
 */
record ModelResidence(String state, boolean pinned, @Nullable Long bytes, @Nullable Footprint memory,
        @Nullable Integer requests, @Nullable Integer running, @Nullable Integer waiting, @Nullable Long unusedSeconds,
        @Nullable String reason) {

    static @Nullable ModelResidence of(LocalModels.@Nullable Status status) {
        if (status == null) {
            return null;
        }
        String state = status.residence().word();
        return switch (status.residence()) {
            case Residence.OnDisk _ -> away(state, status.pinned(), null);
            case Residence.Loading here -> taking(state, status.pinned(), here.needs());
            case Residence.Unloading here -> taking(state, status.pinned(), here.takes());
            case Residence.Ready here -> ready(state, status.pinned(), here, status.load());
            case Residence.Failed here -> away(state, status.pinned(), here.reason());
        };
    }

    private static ModelResidence away(String state, boolean pinned, @Nullable String reason) {
        return new ModelResidence(state, pinned, null, null, null, null, null, null, reason);
    }

    private static ModelResidence taking(String state, boolean pinned, @Nullable Footprint memory) {
        return new ModelResidence(state, pinned, memory == null ? null : memory.total(), memory, null, null, null,
                null, null);
    }

    /** @param load null if the model has just gone */
    private static ModelResidence ready(String state, boolean pinned, Residence.Ready here,
            @Nullable EngineLoad load) {
        return new ModelResidence(state, pinned, here.takes().total(), here.takes(), here.leases(),
                load == null ? null : load.running(), load == null ? null : load.waiting(),
                here.unused().toSeconds(), null);
    }
}
