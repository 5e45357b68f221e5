package dev.pareto.proxy.swap;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
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

    /** What was set aside for one call. */
    interface Hold {

        /** Nothing was, for nothing is capped. */
        Hold NONE = cost -> {};

        /**
         * Puts the true cost in the worst case's place, once.
         *
         * @param cost null when unknown, which leaves the worst case standing
         */
        void settle(@Nullable Money cost);
    }

    /**
     * Sets the worst case aside.
     *
     * @param worstCase null when the model has no price, which no cap can hold
     * @return to be settled however the call ends; null when it may not be made
     */
    synchronized @Nullable Hold reserve(String route, @Nullable Money worstCase, @Nullable Money cap, Instant now) {
        if (cap == null) {
            return Hold.NONE;
        }
        if (worstCase == null || !worstCase.currency().equals(cap.currency())) {
            return null;
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
            return null;
        }
        spent.put(route, after);
        var settled = new AtomicBoolean();
        return cost -> {
            if (cost != null && cost.currency().equals(worstCase.currency()) && settled.compareAndSet(false, true)) {
                replace(route, today, worstCase.amount(), cost.amount());
            }
        };
    }

    /** What was of another day is none of this one's. */
    private synchronized void replace(String route, LocalDate reserved, BigDecimal worst, BigDecimal cost) {
        if (reserved.equals(day)) {
            spent.computeIfPresent(route, (name, sum) -> sum.subtract(worst).add(cost).max(BigDecimal.ZERO));
        }
    }
}
