package dev.pareto.policies.price;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A price version as decisions read it: prices of tokens as fractions of whole pico-units, so that a forecast makes no object but its
 * result. Amounts that a {@code long} does not hold are worked out exactly all the same. Immutable, safe to share.
 */
public final class TokenPrices {

    private static final BigDecimal PICOS = BigDecimal.ONE.scaleByPowerOfTen(Money.SCALE);
    private static final long OVERFLOW = -1;

    private final PriceVersion version;
    private final List<Band> bands;

    /** @param fee for the request, and for the search that a ranking is where that is what its price counts */
    private record Band(@Nullable Rate input, @Nullable Rate output, @Nullable Rate read, @Nullable Rate fee,
            @Nullable Rate search) {

        static Band of(PriceBand band) {
            return new Band(Rate.of(band.prices().get(Buckets.INPUT)), Rate.of(band.prices().get(Buckets.OUTPUT)),
                    Rate.of(band.prices().get(Buckets.CACHE_READ)), Rate.of(band.prices().get(Buckets.REQUEST)),
                    Rate.of(band.prices().get(Buckets.SEARCH_UNIT)));
        }
    }

    /**
     * @param picos for so many units; {@link #OVERFLOW} where that is no {@code long}
     * @param per the units
     */
    private record Rate(UnitPrice unit, long picos, long per) {

        static @Nullable Rate of(@Nullable UnitPrice unit) {
            if (unit == null) {
                return null;
            }
            // both whole, and in lowest terms: 2.50 for a million tokens is 2,500,000 for one
            int decimals = Math.max(0, unit.per().scale());
            var top = unit.price().multiply(PICOS).scaleByPowerOfTen(decimals).stripTrailingZeros();
            int missing = Math.max(0, top.scale());
            var over = top.scaleByPowerOfTen(missing).toBigIntegerExact();
            var under = unit.per().scaleByPowerOfTen(decimals + missing).toBigIntegerExact();
            var common = over.gcd(under);
            over = over.divide(common);
            under = under.divide(common);
            return over.bitLength() < Long.SIZE && under.bitLength() < Long.SIZE
                    ? new Rate(unit, over.longValueExact(), under.longValueExact())
                    : new Rate(unit, OVERFLOW, 1);
        }

        /** Half-even; {@link #OVERFLOW} where it is no {@code long}. */
        long of(int quantity) {
            if (picos < 0 || (quantity > 0 && picos > Long.MAX_VALUE / quantity)) {
                return OVERFLOW;
            }
            long all = picos * quantity;
            if (per == 1) {
                return all;
            }
            long whole = all / per;
            long rest = all - whole * per;
            long missing = per - rest;
            return rest > missing || (rest == missing && (whole & 1) == 1) ? whole + 1 : whole;
        }

        BigDecimal exactly(int quantity) {
            return unit.price()
                    .multiply(BigDecimal.valueOf(quantity))
                    .divide(unit.per(), Money.SCALE, RoundingMode.HALF_EVEN);
        }
    }

    private TokenPrices(PriceVersion version) {
        this.version = requireNonNull(version, "version is null");
        this.bands = version.bands().stream().map(Band::of).toList();
    }

    public static TokenPrices of(PriceVersion version) {
        return new TokenPrices(version);
    }

    public PriceVersion version() {
        return version;
    }

    /**
     * What a request costs; the band is chosen by the whole prompt, cached or not. What generates nothing needs no price of generated
     * tokens; a ranking that is sold by the search is one of them.
     *
     * @param promptTokens all that are read
     * @param cachedShare of these, from a cache; from 0 to 1
     * @param outputTokens 0 for embeddings and rankings
     * @return null when this price does not say what tokens cost
     */
    public @Nullable Money cost(int promptTokens, double cachedShare, int outputTokens, Instant at) {
        Band band = bands.get(version.bandAt(promptTokens, at));
        Rate input = band.input;
        Rate output = band.output;
        if (input == null) {
            return outputTokens > 0 || band.search == null ? null : search(band, band.search);
        }
        if (output == null && outputTokens > 0) {
            return null;
        }
        Rate read = band.read;
        int cached = read == null ? 0 : (int) Math.floor(promptTokens * cachedShare);
        long picos = input.of(promptTokens - cached);
        picos = output == null ? picos : sum(picos, output.of(outputTokens));
        picos = read == null || cached == 0 ? picos : sum(picos, read.of(cached));
        picos = band.fee == null ? picos : sum(picos, band.fee.of(1));
        return picos >= 0
                ? new Money(BigDecimal.valueOf(picos, Money.SCALE), version.currency())
                : exactly(band, promptTokens - cached, cached, outputTokens);
    }

    private Money search(Band band, Rate search) {
        BigDecimal one = search.exactly(1);
        return new Money(band.fee == null ? one : one.add(band.fee.exactly(1)), version.currency());
    }

    private static long sum(long one, long other) {
        return one < 0 || other < 0 || one > Long.MAX_VALUE - other ? OVERFLOW : one + other;
    }

    private Money exactly(Band band, int fresh, int cached, int outputTokens) {
        BigDecimal sum = requireNonNull(band.input).exactly(fresh);
        sum = band.output == null ? sum : sum.add(band.output.exactly(outputTokens));
        sum = band.read == null || cached == 0 ? sum : sum.add(band.read.exactly(cached));
        sum = band.fee == null ? sum : sum.add(band.fee.exactly(1));
        return new Money(sum, version.currency());
    }
}
