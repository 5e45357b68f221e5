package dev.pareto.policies.predict;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.price.Buckets;
import dev.pareto.policies.price.Money;
import dev.pareto.policies.price.PriceBand;
import dev.pareto.policies.price.PriceVersion;
import dev.pareto.policies.price.UnitPrice;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What one more request will cost: the marginal price, so that tokens on an own machine, whose hours are paid anyway, cost nothing.
 *
 * @param mean expected, with what is usually read from a cache
 * @param worst with every token fresh and an answer that is longer than nine of ten
 */
public record CostForecast(Money mean, Money worst) {

    public CostForecast {
        requireNonNull(mean, "mean is null");
        requireNonNull(worst, "worst is null");
        if (worst.compareTo(mean) < 0) {
            throw new IllegalArgumentException("the worst case " + worst + " is cheaper than the mean " + mean);
        }
    }

    /**
     * What a request is taken to use.
     *
     * @param promptTokens all that are read
     * @param cachedShare of these, from a cache; from 0 to 1
     * @param outputTokens expected
     * @param mostOutputTokens in nine answers of ten; at least as many
     */
    public record Use(int promptTokens, double cachedShare, int outputTokens, int mostOutputTokens) {

        public Use {
            if (promptTokens < 0 || outputTokens < 0 || mostOutputTokens < outputTokens
                    || !(cachedShare >= 0 && cachedShare <= 1)) {
                throw new IllegalArgumentException("no use of a model: " + promptTokens + " tokens, " + cachedShare
                        + " cached, " + outputTokens + " to " + mostOutputTokens + " generated");
            }
        }
    }

    /** Null when this price does not say what tokens cost. The band is chosen by the whole prompt, cached or not. */
    public static @Nullable CostForecast of(PriceVersion price, Use use, Instant at) {
        PriceBand band = price.band(use.promptTokens, at);
        UnitPrice input = band.prices().get(Buckets.INPUT);
        UnitPrice output = band.prices().get(Buckets.OUTPUT);
        if (input == null || output == null) {
            return null;
        }
        UnitPrice fee = band.prices().get(Buckets.REQUEST);
        BigDecimal fixed = fee == null ? BigDecimal.ZERO : part(fee, 1);
        BigDecimal fresh = part(input, use.promptTokens);
        BigDecimal mean = prompt(band, input, fresh, use).add(part(output, use.outputTokens)).add(fixed);
        BigDecimal worst = fresh.add(part(output, use.mostOutputTokens)).add(fixed);
        return new CostForecast(Money.rounded(mean, price.currency()),
                Money.rounded(worst.max(mean), price.currency()));
    }

    private static BigDecimal prompt(PriceBand band, UnitPrice input, BigDecimal fresh, Use use) {
        UnitPrice read = band.prices().get(Buckets.CACHE_READ);
        int cached = read == null ? 0 : (int) Math.floor(use.promptTokens * use.cachedShare);
        return read == null || cached == 0 ? fresh : part(read, cached).add(part(input, use.promptTokens - cached));
    }

    private static BigDecimal part(UnitPrice unit, int quantity) {
        return unit.price()
                .multiply(BigDecimal.valueOf(quantity))
                .divide(unit.per(), Money.SCALE, RoundingMode.HALF_EVEN);
    }
}
