package dev.pareto.proxy.budget;

import dev.pareto.dashboards.budget.Standing;
import dev.pareto.dashboards.budget.Taken;
import dev.pareto.dashboards.budget.TopUp;
import dev.pareto.policies.budget.BudgetPeriod.Window;
import dev.pareto.policies.budget.BudgetPlan;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One budget's periods: what the ledger told, and beside it what this gateway has counted since it took over. Guarded by the lock of
 * its {@link BudgetDesk}.
 */
final class Account {

    /** So long a period that has ended is remembered, for calls that began in it and for its last alerts. */
    private static final Duration REMEMBERED = Duration.ofHours(2);

    /** One period. Calls belong to the period in which they began, as in the books. */
    static final class Page {

        final Window window;
        /** Of everybody else and of before; null until the ledger has told. */
        @Nullable
        Taken beside;
        BigDecimal spent = BigDecimal.ZERO;
        BigDecimal reserved = BigDecimal.ZERO;
        long unpriced;
        long refused;
        /** Whether a call did not fit, be it that it was made all the same. */
        boolean full;

        Page(Window window, @Nullable Taken beside) {
            this.window = window;
            this.beside = beside;
        }
    }

    /** Its manners may change while what it has counted stays. */
    BudgetPlan plan;
    /** From which start on calls are counted here; earlier ones are the ledger's. */
    final Instant since;
    /** The last time that the ledger told or should have. */
    @Nullable
    Instant asked;
    private final TreeMap<Instant, Page> pages = new TreeMap<>();

    Account(BudgetPlan plan, Instant since) {
        this.plan = plan;
        this.since = since;
    }

    /** The period that an instant lies in; one that begins after the count did begins with nothing. */
    Page page(Instant at) {
        var last = pages.lastEntry();
        if (last != null && last.getValue().window.contains(at)) {
            return last.getValue();
        }
        Window window = plan.period().at(at);
        return pages.computeIfAbsent(window.from(),
                from -> new Page(window, from.isBefore(since) ? null : Taken.NOTHING));
    }

    List<Page> pages() {
        return List.copyOf(pages.values());
    }

    void forget(Instant now) {
        pages.values().removeIf(page -> {
            Instant to = page.window.to();
            return to != null && to.plus(REMEMBERED).isBefore(now);
        });
    }

    /** What a call without a known cost counts as. */
    private BigDecimal unpricedCalls(long calls) {
        return plan.unpriced() == null
                ? BigDecimal.ZERO
                : plan.unpriced().amount().multiply(BigDecimal.valueOf(calls));
    }

    BigDecimal spent(Page page) {
        Taken beside = page.beside == null ? Taken.NOTHING : page.beside;
        return page.spent.add(beside.spent()).add(unpricedCalls(page.unpriced + beside.unpriced()));
    }

    BigDecimal reserved(Page page) {
        Taken beside = page.beside == null ? Taken.NOTHING : page.beside;
        return page.reserved.add(beside.reserved()).add(unpricedCalls(beside.openUnpriced()));
    }

    Standing standing(Page page, List<TopUp> granted, Instant now) {
        List<TopUp> ofPeriod = granted.isEmpty() ? granted : Standing.of(plan, page.window, granted);
        return new Standing(plan, page.window, ofPeriod, Standing.limit(plan, ofPeriod, now), spent(page),
                reserved(page), page.unpriced + (page.beside == null ? 0 : page.beside.unpriced()), page.refused,
                page.beside != null);
    }
}
