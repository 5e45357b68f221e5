package dev.pareto.proxy.cascade;

import java.time.Duration;
import java.util.List;

import dev.pareto.policies.price.Cost;
import dev.pareto.policies.price.Money;
import dev.pareto.policies.price.PriceStatus;
import dev.pareto.proxy.upstream.Answered;

import org.jspecify.annotations.Nullable;

/**
 * The one answer that the caller gets.
 *
 * @param reason one line on how it came about; null where the decision says it all
 * @param beside what the calls cost whose answers the caller does not get
 * @param before the time that was spent before the call that gave the answer
 */
public record Served(Answered answered, @Nullable String reason, List<Cost> beside, Duration before) {

    public Served {
        beside = List.copyOf(beside);
    }

    /** An answer that no cascade had a part in. */
    public static Served plain(Answered answered) {
        return new Served(answered, null, List.of(), Duration.ZERO);
    }

    /** What the whole request cost; null when a part of it is unpriced or in another currency. */
    public @Nullable Cost total(@Nullable Cost own) {
        if (beside.isEmpty() || own == null || own.total() == null) {
            return own;
        }
        Money sum = own.total();
        for (Cost cost : beside) {
            Money part = cost.total();
            if (part == null || !part.currency().equals(sum.currency())) {
                return null;
            }
            sum = sum.plus(part);
        }
        return new Cost(own.lines(), sum, PriceStatus.PRICED, own.priceVersion());
    }
}
