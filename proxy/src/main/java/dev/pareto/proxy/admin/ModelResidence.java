package dev.pareto.proxy.admin;

import dev.pareto.engine.residency.Footprint;
import dev.pareto.engine.residency.Residence;
import org.jspecify.annotations.Nullable;

/**
 * Where a model of this process is, as {@code GET /api/models} tells it.
 *
 * @param state {@code on_disk}, {@code loading}, {@code ready}, {@code unloading} or {@code failed}
 * @param bytes that it takes at most; null when it is not in memory
 * @param memory the same in parts
 * @param requests that hold it; null when it is not ready
 * @param unusedSeconds since the last one; null when it is not ready
 * @param reason why it could not be loaded; null unless it failed
 */
record ModelResidence(String state, @Nullable Long bytes, @Nullable Footprint memory, @Nullable Integer requests,
        @Nullable Long unusedSeconds, @Nullable String reason) {

    static @Nullable ModelResidence of(@Nullable Residence residence) {
        return switch (residence) {
            case null -> null;
            case Residence.OnDisk here -> new ModelResidence(here.word(), null, null, null, null, null);
            case Residence.Loading here -> taking(here.word(), here.needs());
            case Residence.Unloading here -> taking(here.word(), here.takes());
            case Residence.Ready here -> new ModelResidence(here.word(), here.takes().total(), here.takes(),
                    here.leases(), here.unused().toSeconds(), null);
            case Residence.Failed here -> new ModelResidence(here.word(), null, null, null, null, here.reason());
        };
    }

    private static ModelResidence taking(String state, @Nullable Footprint memory) {
        return new ModelResidence(state, memory == null ? null : memory.total(), memory, null, null, null);
    }
}
