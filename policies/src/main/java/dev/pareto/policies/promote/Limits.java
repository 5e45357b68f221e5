package dev.pareto.policies.promote;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a new policy must keep.
 *
 * @param errors share of failed requests that is still good
 * @param p95Seconds that no more than one request in twenty may exceed
 * @param costPerRequest mean that is still good; null for any
 * @param spend of all requests together; null for any
 */
public record Limits(double errors, double p95Seconds, @Nullable BigDecimal costPerRequest,
        @Nullable BigDecimal spend) {

    private static final double LEAST_ERRORS = 0.02;
    private static final double SLACK = 1.5;
    private static final int ENOUGH = 20;
    private static final double UNKNOWN_SECONDS = 60;

    public Limits {
        if (!(errors > 0 && errors < 1) || !(p95Seconds > 0)) {
            throw new IllegalArgumentException("errors lie between 0 and 1, p95 above 0 s; got " + errors + ", "
                    + p95Seconds);
        }
    }

    /** A point more errors than before, half as much again of latency and cost; what was too little to tell gets wide limits. */
    public static Limits from(List<Ended> before) {
        int n = before.size();
        if (n < ENOUGH) {
            return new Limits(0.05, UNKNOWN_SECONDS, null, null);
        }
        double failed = before.stream().filter(Ended::failed).count() / (double) n;
        double[] seconds = before.stream().mapToDouble(Ended::seconds).sorted().toArray();
        List<BigDecimal> costs = new ArrayList<>();
        for (Ended one : before) {
            if (one.cost() != null) {
                costs.add(one.cost());
            }
        }
        BigDecimal sum = costs.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
        return new Limits(Math.clamp(failed + 0.01, LEAST_ERRORS, 0.9),
                Math.max(0.05, SLACK * seconds[(int) Math.ceil(0.95 * n) - 1]),
                costs.size() < ENOUGH || sum.signum() == 0
                        ? null
                        : sum.multiply(BigDecimal.valueOf(SLACK))
                                .divide(BigDecimal.valueOf(costs.size()), java.math.MathContext.DECIMAL64),
                null);
    }

    public Limits with(@Nullable Double newErrors, @Nullable Double newSeconds, @Nullable BigDecimal newCost,
            @Nullable BigDecimal newSpend) {
        return new Limits(newErrors == null ? errors : newErrors, newSeconds == null ? p95Seconds : newSeconds,
                newCost == null ? costPerRequest : newCost, newSpend == null ? spend : newSpend);
    }
}
