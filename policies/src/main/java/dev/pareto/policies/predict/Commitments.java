package dev.pareto.policies.predict;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.price.Money;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What of committed spend is not used yet. Called for every candidate of every request: answers from memory, and makes no object. */
@FunctionalInterface
public interface Commitments {

    /** Nothing is committed. */
    Commitments NONE = (model, at) -> null;

    /** Null where no commitment is about the model then, or nobody knows what it has taken. */
    @Nullable
    Room of(ModelId model, Instant at);

    /**
     * A commitment in one of its months. Immutable.
     *
     * @param left what calls may cost before they cost anything, those under way counted at their worst; 0 where it is used up
     */
    record Room(String commitment, Money left) {

        private static final Money NOTHING = Money.zero("USD");

        public Room {
            requireNonNull(commitment, "commitment is null");
            if (left.amount().signum() < 0) {
                throw new IllegalArgumentException("less than nothing is left of " + commitment + ": " + left);
            }
        }

        /** What one more call costs: the part of its price that what is left does not bear. */
        public Money beyond(Money price) {
            if (left.amount().signum() == 0 || !left.currency().equals(price.currency())) {
                return price;
            }
            return left.compareTo(price) < 0
                    ? price.minus(left)
                    : price.currency().equals(NOTHING.currency()) ? NOTHING : Money.zero(price.currency());
        }
    }
}
