package dev.pareto.policies.price;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What some usage costs.
 *
 * @param lines one for each bucket with a quantity
 * @param total null exactly when a price is missing, never zero in its place
 * @param status whether every line has a price
 * @param priceVersion the id of the version used; null when there is none
 */
public record Cost(List<ChargeLine> lines, @Nullable Money total, PriceStatus status, @Nullable String priceVersion) {

    private static final BigDecimal PICO = BigDecimal.ONE.scaleByPowerOfTen(-Money.SCALE);

    public Cost {
        lines = List.copyOf(lines);
        requireNonNull(status, "status is null");
        if ((total == null) != (status == PriceStatus.MISSING)) {
            throw new IllegalArgumentException(
                    "a cost has a total exactly when it is priced, got " + total + " and " + status);
        }
    }

    /** The lines' sum at scale 12; the parts of a pico that its rounding moves go to the lines with the largest remainders. */
    static Cost of(List<ChargeLine> lines, PriceVersion price) {
        Money total = Money.rounded(exact(lines), price.currency());
        BigDecimal rounded = lines.stream().map(Cost::cost).reduce(BigDecimal.ZERO, BigDecimal::add);
        return new Cost(rounded.compareTo(total.amount()) == 0 ? lines : shared(lines, total), total,
                PriceStatus.PRICED, price.id());
    }

    /** The cost with every decimal, of which {@link #total} keeps twelve; null exactly when a price is missing. */
    public @Nullable BigDecimal exact() {
        return total == null ? null : lines.isEmpty() ? total.amount() : exact(lines);
    }

    private static BigDecimal exact(List<ChargeLine> lines) {
        return lines.stream().map(Cost::exact).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private static BigDecimal exact(ChargeLine line) {
        return requireNonNull(line.exact(), "a line has no price");
    }

    private static BigDecimal cost(ChargeLine line) {
        return requireNonNull(line.cost(), "a line has no price");
    }

    private static List<ChargeLine> shared(List<ChargeLine> lines, Money total) {
        List<BigDecimal> parts = new ArrayList<>(
                lines.stream().map(line -> exact(line).setScale(Money.SCALE, RoundingMode.DOWN)).toList());
        BigDecimal left = total.amount().subtract(parts.stream().reduce(BigDecimal.ZERO, BigDecimal::add));
        // A line that ends within twelve decimals has no remainder and keeps its cost.
        IntStream.range(0, parts.size())
                .boxed()
                .sorted(Comparator.comparing(index -> parts.get(index).subtract(exact(lines.get(index)))))
                .limit(left.unscaledValue().longValueExact())
                .toList()
                .forEach(index -> parts.set(index, parts.get(index).add(PICO)));
        return IntStream.range(0, parts.size())
                .mapToObj(index -> lines.get(index).costing(parts.get(index)))
                .toList();
    }

    /** Nothing was used and nothing is owed, e.g. a refusal before generation or a cache hit. */
    public static Cost nothing(String currency) {
        return new Cost(List.of(), Money.zero(currency), PriceStatus.PRICED, null);
    }
}
