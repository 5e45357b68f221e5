package dev.pareto.policies.price.hosting;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.price.Money;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * What was paid for a machine and what keeps it running, as a rate per hour: (capital − salvage) ÷ hours of its life
 * + kW × PUE × price of a kWh + hosting + operations.
 *
 * @param capital what it was bought for
 * @param salvage what it will be sold for
 * @param lifeHours how long it serves, above zero; a month counts 730 hours
 * @param kilowatts drawn on average
 * @param pue what the building draws for each watt of the machine, at least 1
 * @param perKilowattHour the price of electricity
 * @param hostingPerHour rack, network, cooling that the PUE leaves out
 * @param operationsPerHour the people who keep it running
 */
public record MachineCost(Money capital, Money salvage, BigDecimal lifeHours, BigDecimal kilowatts, BigDecimal pue,
        Money perKilowattHour, Money hostingPerHour, Money operationsPerHour) {

    /** Hours of an average month: 8,760 a year by twelve. */
    public static final BigDecimal HOURS_A_MONTH = BigDecimal.valueOf(730);

    public MachineCost {
        requireNonNull(capital, "capital is null");
        if (lifeHours.signum() <= 0) {
            throw new IllegalArgumentException("a machine's life must be above zero hours, got " + lifeHours);
        }
        if (kilowatts.signum() < 0 || pue.compareTo(BigDecimal.ONE) < 0) {
            throw new IllegalArgumentException("power must not be negative and PUE not below 1, got " + kilowatts
                    + " kW and " + pue);
        }
        if (capital.minus(salvage).amount().signum() < 0) {
            throw new IllegalArgumentException("salvage " + salvage + " is more than the capital " + capital);
        }
    }

    /** What an hour costs in lost value, half-even at scale 12. */
    public Money amortisationPerHour() {
        return new Money(capital.minus(salvage).amount().divide(lifeHours, Money.SCALE, RoundingMode.HALF_EVEN),
                capital.currency());
    }

    /** What an hour costs in electricity. */
    public Money energyPerHour() {
        return Money.rounded(kilowatts.multiply(pue).multiply(perKilowattHour.amount()), perKilowattHour.currency());
    }

    /** All of it, whether the machine works or not. */
    public Money ratePerHour() {
        return amortisationPerHour().plus(energyPerHour()).plus(hostingPerHour).plus(operationsPerHour);
    }

    /**
     * What a million tokens cost at a throughput and a share of the time worked.
     *
     * @param tokensPerSecond sustained when it works
     * @param utilisation above 0, at most 1
     */
    public static Money perMillionTokens(Money ratePerHour, BigDecimal tokensPerSecond, BigDecimal utilisation) {
        if (tokensPerSecond.signum() <= 0 || utilisation.signum() <= 0 || utilisation.compareTo(BigDecimal.ONE) > 0) {
            throw new IllegalArgumentException(
                    "throughput must be above zero and utilisation above 0 and at most 1, got "
                            + tokensPerSecond + " and " + utilisation);
        }
        BigDecimal tokensPerHour = tokensPerSecond.multiply(BigDecimal.valueOf(3_600)).multiply(utilisation);
        return new Money(ratePerHour.amount()
                .movePointRight(6)
                .divide(tokensPerHour, Money.SCALE, RoundingMode.HALF_EVEN), ratePerHour.currency());
    }

    /**
     * The share of its time that a machine must work for a million tokens to cost no more than elsewhere; above 1 it never does.
     *
     * @param elsewhere the price of a million tokens of equal quality, above zero
     */
    public static BigDecimal breakEven(Money ratePerHour, BigDecimal tokensPerSecond, Money elsewhere) {
        return perMillionTokens(ratePerHour, tokensPerSecond, BigDecimal.ONE).amount()
                .divide(elsewhere.amount(), 6, RoundingMode.HALF_EVEN);
    }
}
