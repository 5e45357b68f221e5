package dev.pareto.dashboards.report;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.pareto.dashboards.store.Picos;
import dev.pareto.policies.price.Money;
import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/** An exact amount of the book's currency; in JSON a plain decimal string without trailing zeros, so that no digit is lost. */
public record Amount(BigDecimal value) {

    public static final Amount ZERO = new Amount(BigDecimal.ZERO);

    @JsonCreator
    public static Amount of(String text) {
        return new Amount(new BigDecimal(text));
    }

    static Amount ofPicos(long picos) {
        return new Amount(Picos.toAmount(picos));
    }

    public Amount plus(Amount other) {
        return new Amount(value.add(other.value));
    }

    public Amount minus(Amount other) {
        return new Amount(value.subtract(other.value));
    }

    /** This amount for each of {@code count}, at scale 12; null when there are none. */
    public @Nullable Amount each(long count) {
        return count == 0
                ? null
                : new Amount(value.divide(BigDecimal.valueOf(count), Money.SCALE, RoundingMode.HALF_EVEN));
    }

    /** This amount as a fraction of another, at four decimals; null when the other is zero. */
    public @Nullable BigDecimal shareOf(Amount whole) {
        return whole.value.signum() == 0 ? null : value.divide(whole.value, 4, RoundingMode.HALF_EVEN);
    }

    @JsonValue
    public String plain() {
        return Money.plain(value);
    }
}
