package dev.pareto.policies.price;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Rates by day: what was spent on a day is converted at that day's rate for ever. A day without rates (a weekend) has those of the
 * last day before it; rates older than {@link #HOLDS} hold no more. Immutable.
 */
public final class ExchangeRates {

    /** How long a rate may be used when no newer one came. */
    public static final Duration HOLDS = Duration.ofDays(31);

    private final String base;
    private final NavigableMap<LocalDate, Map<String, BigDecimal>> days = new TreeMap<>();
    private final String source;

    /**
     * @param base the currency of which one unit is priced
     * @param days for each day, how much of a currency one unit of the base buys
     * @param source who published them
     */
    public ExchangeRates(String base, Map<LocalDate, Map<String, BigDecimal>> days, String source) {
        this.base = Money.zero(base).currency();
        this.source = requireNonNull(source, "source is null");
        days.forEach((day, rates) -> {
            rates.forEach((currency, rate) -> {
                Money.zero(currency);
                if (rate.signum() <= 0) {
                    throw new IllegalArgumentException("the rate of " + currency + " on " + day + " is not above zero");
                }
            });
            this.days.put(day, Map.copyOf(rates));
        });
    }

    /** Knows no rate. */
    public static ExchangeRates none() {
        return new ExchangeRates("USD", Map.of(), "none");
    }

    /**
     * An amount in another currency.
     *
     * @param from as it was
     * @param to as it is, half-even at scale 12
     * @param day whose rate was used; null when nothing had to be converted
     * @param source who published the rate
     */
    public record Conversion(Money from, Money to, @Nullable LocalDate day, String source) {}

    /** The amount at the rate of a day; empty when there is none. */
    public Optional<Conversion> convert(Money amount, String currency, LocalDate day) {
        if (amount.currency().equals(currency)) {
            return Optional.of(new Conversion(amount, amount, null, source));
        }
        Map.Entry<LocalDate, Map<String, BigDecimal>> entry = days.floorEntry(day);
        if (entry == null || entry.getKey().plusDays(HOLDS.toDays()).isBefore(day)) {
            return Optional.empty();
        }
        BigDecimal mine = rate(entry.getValue(), amount.currency());
        BigDecimal theirs = rate(entry.getValue(), currency);
        if (mine == null || theirs == null) {
            return Optional.empty();
        }
        BigDecimal converted = amount.amount().multiply(theirs).divide(mine, Money.SCALE, RoundingMode.HALF_EVEN);
        return Optional.of(new Conversion(amount, new Money(converted, currency), entry.getKey(), source));
    }

    /**
     * A price in another currency, as one version for each rate that holds while it does: the prices in force before the first
     * rate and after the last one ran out stay unknown.
     */
    public List<PriceVersion> convert(PriceVersion version, String currency) {
        if (version.currency().equals(currency)) {
            return List.of(version);
        }
        List<PriceVersion> converted = new ArrayList<>();
        days.forEach((day, rates) -> {
            BigDecimal mine = rate(rates, version.currency());
            BigDecimal theirs = rate(rates, currency);
            LocalDate next = days.higherKey(day);
            Instant from = later(version.validFrom(), start(day));
            LocalDate runsOut = day.plusDays(HOLDS.toDays());
            Instant to = start(next == null || next.isAfter(runsOut) ? runsOut : next);
            to = version.validTo() != null && version.validTo().isBefore(to) ? version.validTo() : to;
            if (mine != null && theirs != null && from.isBefore(to)) {
                converted.add(at(version, currency, day, theirs, mine, from, to));
            }
        });
        return converted;
    }

    private PriceVersion at(PriceVersion version, String currency, LocalDate day, BigDecimal theirs, BigDecimal mine,
            Instant from, Instant to) {
        List<PriceBand> bands = version.bands().stream().map(band -> {
            SortedMap<String, UnitPrice> prices = new TreeMap<>();
            band.prices()
                    .forEach((bucket, price) -> prices.put(bucket,
                            new UnitPrice(price.price()
                                    .multiply(theirs)
                                    .divide(mine, Money.SCALE, RoundingMode.HALF_EVEN)
                                    .stripTrailingZeros(), price.per())));
            return new PriceBand(band.fromPromptTokens(), band.hours(), prices);
        }).toList();
        return new PriceVersion(version.id() + ":" + currency + "@" + day, version.sku(), version.serviceTier(), from,
                to,
                currency, bands, version.minimums(), version.basis(), version.source() + "; from " + version.currency()
                        + " at the rate of " + day + " (" + source + ")");
    }

    private @Nullable BigDecimal rate(Map<String, BigDecimal> rates, String currency) {
        return currency.equals(base) ? BigDecimal.ONE : rates.get(currency);
    }

    private static Instant start(LocalDate day) {
        return day.atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
