package dev.pareto.proxy.swap;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiFunction;

import dev.pareto.policies.price.Money;

import org.jspecify.annotations.Nullable;

/**
 * What calls beside the callers' own may still cost today, from midnight to midnight UTC, by route. The worst case is set aside before a
 * call is made and its true cost put in its place afterwards, so the cap holds. Thread-safe; may wait for the store once a day and route.
 */
final class DailyBudget {

    private final BiFunction<String, Instant, BigDecimal> spentSince;
    private final Map<String, BigDecimal> spent = new HashMap<>();
    private LocalDate day = LocalDate.EPOCH;

    /** @param spentSince what the ledger says of a route since a moment; asked for at a day's first call, so a restart forgets nothing */
    DailyBudget(BiFunction<String, Instant, BigDecimal> spentSince) {
        this.spentSince = spentSince;
    }

    /**
     * Sets the worst case aside.
     *
     * @param worstCase null when the model has no price, which no cap can hold
     * @return whether the call may be made
     */
    synchronized boolean reserve(String route, @Nullable Money worstCase, @Nullable Money cap, Instant now) {
        if (cap == null) {
            return true;
        }
        if (worstCase == null || !worstCase.currency().equals(cap.currency())) {
            return false;
        }
        LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
        if (!today.equals(day)) {
            day = today;
            spent.clear();
        }
        BigDecimal before = spent.computeIfAbsent(route,
                name -> spentSince.apply(name, today.atStartOfDay(ZoneOffset.UTC).toInstant()));
        BigDecimal after = before.add(worstCase.amount());
        if (worstCase.amount().signum() > 0 && after.compareTo(cap.amount()) > 0) {
            return false;
        }
        spent.put(route, after);
        return true;
    }

    /**
     * Puts the true cost in the worst case's place.
     *
     * @param cost null when unknown, which leaves the worst case standing
     * @param reserved when it was set aside: what was of another day is none of this one's
     */
    synchronized void settle(String route, @Nullable Money worstCase, @Nullable Money cost, Instant reserved) {
        if (worstCase != null && cost != null && LocalDate.ofInstant(reserved, ZoneOffset.UTC).equals(day)) {
            spent.computeIfPresent(route,
                    (name, sum) -> sum.subtract(worstCase.amount()).add(cost.amount()).max(BigDecimal.ZERO));
        }
    }
}
