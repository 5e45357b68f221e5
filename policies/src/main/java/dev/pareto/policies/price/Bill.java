package dev.pareto.policies.price;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * What an attempt costs in each sense that finance asks for.
 *
 * @param list at the vendor's published prices
 * @param contracted at the prices of the organisation's own agreement; the same as {@code list} where there is none
 * @param reported what the vendor itself says it will bill; null when it does not say
 * @param basis why the contracted price is what it is; null when there is none
 */
public record Bill(Cost list, Cost contracted, @Nullable Money reported, @Nullable CostSource basis) {

    public Bill {
        requireNonNull(list, "list is null");
        requireNonNull(contracted, "contracted is null");
    }

    /** What will be paid as far as is known: the vendor's own word, else the contracted cost; null when unpriced. */
    public @Nullable Money billed() {
        return reported != null ? reported : contracted.total();
    }

    /** {@code vendor}, a {@link CostSource#id}, or {@code unpriced}. */
    public String source() {
        if (reported != null) {
            return "vendor";
        }
        return contracted.total() == null || basis == null ? "unpriced" : basis.id();
    }

    /** The vendor's word less our list cost; null where either is missing or they are of two currencies. */
    public @Nullable Money drift() {
        Money ours = list.total();
        return reported == null || ours == null || !ours.currency().equals(reported.currency())
                ? null
                : reported.minus(ours);
    }
}
