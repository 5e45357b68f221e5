package dev.pareto.policies.predict;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.price.Money;
import dev.pareto.policies.price.PriceVersion;
import dev.pareto.policies.price.TokenPrices;
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
        TokenPrices tokens = TokenPrices.of(price);
        Money mean = tokens.cost(use.promptTokens, use.cachedShare, use.outputTokens, at);
        Money worst = mean == null
                ? null
                : worst(tokens, mean, use.promptTokens, use.cachedShare, use.outputTokens, use.mostOutputTokens, at);
        return mean == null || worst == null ? null : new CostForecast(mean, worst);
    }

    /**
     * With every token fresh and the longest answer; never less than the mean, and the mean itself where nothing is cached and no longer
     * answer is expected. The other arguments are those of {@link Use}.
     *
     * @param mean what this price makes of the same use
     */
    public static Money worst(TokenPrices price, Money mean, int promptTokens, double cachedShare, int outputTokens,
            int mostOutputTokens, Instant at) {
        if (cachedShare == 0 && outputTokens == mostOutputTokens) {
            return mean;
        }
        Money worst = requireNonNull(price.cost(promptTokens, 0, mostOutputTokens, at), "priced, then not");
        return worst.compareTo(mean) > 0 ? worst : mean;
    }
}
