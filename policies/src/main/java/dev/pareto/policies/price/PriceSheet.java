package dev.pareto.policies.price;

import java.util.List;

/**
 * One vendor's price file.
 *
 * @param vendor whose prices they are
 * @param models what is sold
 */
public record PriceSheet(String vendor, List<Entry> models) {

    public PriceSheet {
        models = List.copyOf(models);
    }

    /** Every price version of the sheet. */
    public List<PriceVersion> versions() {
        return models.stream().flatMap(entry -> entry.versions().stream()).toList();
    }

    /**
     * One model that is sold, and the facts about it that a caller meets.
     *
     * @param name the vendor's name of the model
     * @param open whether its weights are open
     * @param contextLength tokens of prompt and answer together; null when unknown
     * @param maxOutputTokens tokens of the longest answer; null when unknown
     * @param capabilities by their names in configuration files
     * @param aliases dated names that are billed alike
     * @param agreedBy the catalogues that report the price in force
     * @param versions its prices
     */
    public record Entry(String name, boolean open, @org.jspecify.annotations.Nullable Integer contextLength,
            @org.jspecify.annotations.Nullable Integer maxOutputTokens, List<String> capabilities,
            List<String> aliases, List<String> agreedBy, List<PriceVersion> versions) {

        public Entry {
            capabilities = List.copyOf(capabilities);
            aliases = List.copyOf(aliases);
            agreedBy = List.copyOf(agreedBy);
            versions = List.copyOf(versions);
        }
    }
}
