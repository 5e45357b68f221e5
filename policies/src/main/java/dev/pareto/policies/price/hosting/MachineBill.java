package dev.pareto.policies.price.hosting;

import dev.pareto.policies.price.Money;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * What a machine cost over some time: what was charged to requests and the idle rest, which together are always the whole.
 *
 * @param whole rate × time
 * @param charged to the requests that it worked on
 * @param idle unused capacity, booked to the platform and not to users; negative never
 */
public record MachineBill(Money whole, Money charged, Money idle) {

    private static final BigDecimal SECONDS_AN_HOUR = BigDecimal.valueOf(3_600);

    public MachineBill {
        if (!charged.plus(idle).equals(whole)) {
            throw new IllegalArgumentException(charged + " charged and " + idle + " idle are not " + whole);
        }
        if (idle.amount().signum() < 0) {
            throw new IllegalArgumentException("more was charged than the machine cost: " + charged + " of " + whole);
        }
    }

    /** What a request costs that held a machine for some seconds, half-even at scale 12. */
    public static Money of(Money ratePerHour, BigDecimal seconds) {
        return new Money(
                ratePerHour.amount().multiply(seconds).divide(SECONDS_AN_HOUR, Money.SCALE, RoundingMode.HALF_EVEN),
                ratePerHour.currency());
    }

    /**
     * The bill of a time: idle is the difference, so that nothing is lost to rounding.
     *
     * @param wall seconds that passed
     * @param used seconds charged to requests, at most {@code wall}
     */
    public static MachineBill of(Money ratePerHour, BigDecimal wall, BigDecimal used) {
        Money whole = of(ratePerHour, wall);
        Money charged = of(ratePerHour, used);
        return new MachineBill(whole, charged, whole.minus(charged));
    }
}
