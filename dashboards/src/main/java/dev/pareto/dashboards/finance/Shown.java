package dev.pareto.dashboards.finance;

import dev.pareto.dashboards.report.Amount;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Amounts as a table shows them: rounded so that the parts shown add up to the total shown. The total is rounded half to even;
 * each part is rounded down, and the units that are then missing go to the parts that lost most.
 */
final class Shown {

    private static final BigDecimal CENTS_FROM = BigDecimal.ONE;
    private static final int CENTS = 2;
    private static final int SMALL = 6;
    private static final int EXACT = 12;

    private Shown() {}

    /** Cents from one unit of the currency up; below it more, so that something is seen. */
    static int decimals(Amount total) {
        BigDecimal size = total.value().abs();
        if (size.compareTo(CENTS_FROM) >= 0) {
            return CENTS;
        }
        return size.compareTo(new BigDecimal("0.0001")) >= 0 ? SMALL : EXACT;
    }

    static String of(Amount amount, int decimals) {
        return amount.value().setScale(decimals, RoundingMode.HALF_EVEN).toPlainString();
    }

    /** The parts of a total at so many decimals. */
    static List<String> parts(List<Amount> parts, int decimals) {
        BigDecimal exact = parts.stream().map(Amount::value).reduce(BigDecimal.ZERO, BigDecimal::add);
        return parts(parts, exact.setScale(decimals, RoundingMode.HALF_EVEN), decimals);
    }

    /**
     * The parts of a total that is shown already.
     *
     * @param total what they add up to, rounded one way or the other
     */
    static List<String> parts(List<Amount> parts, BigDecimal total, int decimals) {
        BigDecimal unit = BigDecimal.ONE.movePointLeft(decimals);
        List<BigDecimal> floors = new ArrayList<>();
        BigDecimal sum = BigDecimal.ZERO;
        for (Amount part : parts) {
            BigDecimal floor = part.value().setScale(decimals, RoundingMode.FLOOR);
            floors.add(floor);
            sum = sum.add(floor);
        }
        int missing = total.subtract(sum).divide(unit).intValueExact();
        IntStream.range(0, parts.size())
                .boxed()
                .sorted(Comparator.comparing((Integer i) -> floors.get(i).subtract(parts.get(i).value()))
                        .thenComparing(Comparator.naturalOrder()))
                .limit(missing)
                .toList()
                .forEach(i -> floors.set(i, floors.get(i).add(unit)));
        return floors.stream().map(BigDecimal::toPlainString).toList();
    }
}
