package dev.pareto.policies.catalog;

import static java.util.Objects.requireNonNull;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One entry of the catalogue.
 *
 * @param id {@code vendor/name}
 * @param open whether its weights are open; a property of the model, not of where it runs
 * @param contextLength tokens that prompt and answer may take together; null when unknown
 * @param maxOutputTokens tokens of the longest answer; null when unknown
 * @param capabilities what it can do; empty means that nothing is known and nothing is refused for it
 * @param upstreamName what the vendor calls it on the wire
 * @param priceSku the thing sold in the price book, usually the id; a simulated model is billed as the model it stands for
 * @param listed whether the catalogue holds it, as opposed to a name that is passed on to a vendor who may know it
 */
public record Model(ModelId id, boolean open, @Nullable Integer contextLength, @Nullable Integer maxOutputTokens,
        Set<Capability> capabilities, String upstreamName, String priceSku, boolean listed) {

    public Model {
        requireNonNull(id, "id is null");
        requireNonNull(upstreamName, "upstreamName is null");
        requireNonNull(priceSku, "priceSku is null");
        if (contextLength != null && contextLength <= 0) {
            throw new IllegalArgumentException(id + ": contextLength must be above zero, got " + contextLength);
        }
        if (maxOutputTokens != null && maxOutputTokens <= 0) {
            throw new IllegalArgumentException(id + ": maxOutputTokens must be above zero, got " + maxOutputTokens);
        }
        capabilities = Set.copyOf(capabilities);
    }

    /** A model of the catalogue. */
    public Model(ModelId id, boolean open, @Nullable Integer contextLength, @Nullable Integer maxOutputTokens,
            Set<Capability> capabilities, String upstreamName, String priceSku) {
        this(id, open, contextLength, maxOutputTokens, capabilities, upstreamName, priceSku, true);
    }

    /** A model known by its own name everywhere. */
    public Model(ModelId id, boolean open, @Nullable Integer contextLength, Set<Capability> capabilities) {
        this(id, open, contextLength, null, capabilities, id.name(), id.toString());
    }

    /** A name that nobody listed: nothing is known of it, its price least of all. */
    static Model unlisted(ModelId id, boolean open) {
        return new Model(id, open, null, null, Set.of(), id.name(), id.toString(), false);
    }

    /** Whether it may be asked for this; a model of unknown capabilities may. */
    public boolean can(Capability capability) {
        return capabilities.isEmpty() || capabilities.contains(capability);
    }
}
