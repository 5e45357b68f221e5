package dev.pareto.policies.sheet;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.price.Discount;
import dev.pareto.policies.price.PriceVersion;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One vendor's price file.
 *
 * @param file as people know it
 * @param vendor whose prices they are
 * @param checked the day on which somebody last compared it with its source
 * @param models what is sold
 * @param discounts what was agreed with the vendor
 */
public record PriceSheet(String file, String vendor, LocalDate checked, List<Entry> models, List<Discount> discounts) {

    public PriceSheet {
        requireNonNull(file, "file is null");
        requireNonNull(vendor, "vendor is null");
        requireNonNull(checked, "checked is null");
        models = List.copyOf(models);
        discounts = List.copyOf(discounts);
    }

    /** Every price version of the sheet; what discounts make of them is not among them. */
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
     * @param deprecated the day on which the vendor stops or stopped serving it; null when none is announced
     * @param versions its prices
     */
    public record Entry(String name, boolean open, @Nullable Integer contextLength, @Nullable Integer maxOutputTokens,
            List<String> capabilities, List<String> aliases, List<String> agreedBy, @Nullable LocalDate deprecated,
            List<PriceVersion> versions) {

        public Entry {
            capabilities = List.copyOf(capabilities);
            aliases = List.copyOf(aliases);
            agreedBy = List.copyOf(agreedBy);
            versions = List.copyOf(versions);
        }
    }
}
