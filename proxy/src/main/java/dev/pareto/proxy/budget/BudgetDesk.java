package dev.pareto.proxy.budget;

import dev.pareto.dashboards.budget.Standing;
import dev.pareto.dashboards.budget.Taken;
import dev.pareto.dashboards.budget.TopUp;
import dev.pareto.policies.budget.BudgetPlan;
import dev.pareto.policies.budget.WhenUsedUp;
import dev.pareto.policies.price.Money;
import dev.pareto.proxy.dialect.openai.OpenAiError;
import dev.pareto.proxy.dialect.openai.RefusedException;
import dev.pareto.proxy.meter.Budgets;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What may be spent, in memory. A call's worst case is set aside in every budget concerned or in none, under one lock, so that no two
 * calls spend the same money; its true cost takes its place when it ends. What was spent before this gateway counted, and by others,
 * the ledger tells ({@link #look}). Thread-safe; only {@link #look} blocks.
 */
public final class BudgetDesk implements Budgets {

    private static final Logger LOG = LoggerFactory.getLogger(BudgetDesk.class);

    /** So long a budget that a reload brought is waited for before its {@code when-unknown} holds. */
    private static final Duration NEW = Duration.ofSeconds(5);
    /** Without an answer of the ledger for so long, what others spent is not known any more. */
    private static final Duration STALE = Duration.ofMinutes(1);
    private static final Duration AWAY = Duration.ofSeconds(5);

    private final Supplier<List<BudgetPlan>> stated;
    private final BudgetSums sums;
    private final Supplier<List<TopUp>> grants;
    private final InstantSource clock;
    private final boolean shared;
    private final Object lock = new Object();
    private final Map<String, Account> accounts = new LinkedHashMap<>();
    private List<BudgetPlan> inForce = List.of();
    private volatile List<TopUp> granted = List.of();

    /**
     * Reads what was spent at once; a ledger that does not answer is asked again by {@link #look}.
     *
     * @param stated the budgets of the configuration in force
     * @param grants what people granted, newest first; asked for by {@link #look}
     * @param shared whether other gateways write the same ledger
     */
    public BudgetDesk(Supplier<List<BudgetPlan>> stated, BudgetSums sums, Supplier<List<TopUp>> grants,
            InstantSource clock, boolean shared) {
        this.stated = stated;
        this.sums = sums;
        this.grants = grants;
        this.clock = clock;
        this.shared = shared;
        synchronized (lock) {
            current();
            accounts.values().forEach(account -> account.asked = Instant.EPOCH);
        }
        try {
            look();
        } catch (RuntimeException away) {
            LOG.error(
                    "The ledger does not tell what budgets have taken; until it does, each budget's when-unknown holds",
                    away);
        }
    }

    /** The accounts of the configuration in force. To be called under the lock. */
    @SuppressWarnings("ReferenceEquality") // a reload makes another list; comparing whole ones for each call takes long
    private Map<String, Account> current() {
        List<BudgetPlan> now = stated.get();
        if (now != inForce) {
            Instant since = clock.instant().truncatedTo(ChronoUnit.MICROS);
            Map<String, Account> before = new LinkedHashMap<>(accounts);
            accounts.clear();
            for (BudgetPlan plan : now) {
                Account account = before.get(plan.name());
                if (account == null || !account.plan.countsLike(plan)) {
                    account = new Account(plan, since);
                }
                account.plan = plan;
                accounts.put(plan.name(), account);
            }
            inForce = now;
        }
        return accounts;
    }

    /* -------------------------------------------- calls -------------------------------------------- */

    @Override
    public Hold reserve(Call call) {
        synchronized (lock) {
            if (current().isEmpty()) {
                return Hold.NONE;
            }
            Instant now = clock.instant();
            List<Share> shares = new ArrayList<>();
            Refusal refusal = null;
            for (Account account : accounts.values()) {
                if (!covers(account, call) || call.at().isBefore(account.since)) {
                    continue;
                }
                Share share = new Share(account, account.page(call.at()), charge(account.plan, call.worst()),
                        call.worst() == null);
                Refusal own = refusal(share, now);
                if (own != null) {
                    share.page.full = true;
                    if (own.counts()) {
                        share.page.refused++;
                    }
                }
                if (own != null && (account.plan.whenUsedUp() != WhenUsedUp.WARN || !own.counts())) {
                    refusal = refusal == null ? own : refusal;
                }
                shares.add(share);
            }
            if (refusal != null) {
                throw new RefusedException(refusal.error());
            }
            if (shares.isEmpty()) {
                return Hold.NONE;
            }
            shares.forEach(share -> share.page.reserved = share.page.reserved.add(share.charge));
            return new Reserved(shares);
        }
    }

    /**
     * Why not, for the caller.
     *
     * @param counts whether money is what is missing
     */
    private record Refusal(OpenAiError error, boolean counts) {}

    private @Nullable Refusal refusal(Share share, Instant now) {
        BudgetPlan plan = share.account.plan;
        if (share.unpriced && plan.unpriced() == null) {
            return plan.whenUsedUp() == WhenUsedUp.WARN
                    ? null
                    : new Refusal(OpenAiError.unaffordable("unpriced_model",
                            "Budget " + plan.name() + " (" + plan.scope().told()
                                    + ") counts money, and the price of this model is"
                                    + " not known. Give it a price, or say in the budget what such a call counts as."),
                            true);
        }
        if (share.charge.signum() == 0) {
            return null; // what costs nothing is not for budgets
        }
        if (unknown(share, now)) {
            return plan.refuseUnknown()
                    ? new Refusal(OpenAiError.later(503, "budget_unknown", "What budget " + plan.name()
                            + " has taken cannot be read at this moment, so the call was not made.", AWAY), false)
                    : null;
        }
        Standing standing = share.account.standing(share.page, granted, now);
        return standing.left().compareTo(share.charge) >= 0
                ? null
                : new Refusal(OpenAiError.unaffordable("budget_exceeded", words(standing, share.charge)), true);
    }

    private boolean unknown(Share share, Instant now) {
        Instant asked = share.account.asked;
        if (share.page.beside == null) {
            return asked != null || now.isAfter(share.account.since.plus(NEW));
        }
        return shared && asked != null && now.isAfter(asked.plus(STALE));
    }

    private static String words(Standing it, BigDecimal charge) {
        BudgetPlan plan = it.plan();
        Instant to = it.window().to();
        return "Budget " + plan.name() + " (" + plan.scope().told() + ") of " + Money.plain(it.limit()) + " USD "
                + plan.period().told() + " cannot bear this call: " + Money.plain(it.spent()) + " USD are spent, "
                + Money.plain(it.reserved()) + " USD set aside for calls under way, " + Money.plain(it.left())
                + " USD left, and this call may cost " + Money.plain(charge) + " USD. "
                + (plan.whenUsedUp() == WhenUsedUp.DOWNGRADE
                        ? "No model that it may be downgraded to can serve it. "
                        : "")
                + (to == null
                        ? "It is never renewed."
                        : "It begins anew at " + to.atZone(plan.period().zone()).toOffsetDateTime() + ".");
    }

    private static boolean covers(Account account, Call call) {
        return account.plan.scope().covers(call.tenant(), call.tags(), call.route(), call.model());
    }

    private static BigDecimal charge(BudgetPlan plan, @Nullable Money worst) {
        if (worst != null) {
            return worst.amount();
        }
        return plan.unpriced() == null ? BigDecimal.ZERO : plan.unpriced().amount();
    }

    /** One budget's part of a call. */
    private record Share(Account account, Account.Page page, BigDecimal charge, boolean unpriced) {}

    private final class Reserved implements Hold {

        private final List<Share> shares;
        private boolean ended;
        private @Nullable Money counted;
        private boolean settled;

        Reserved(List<Share> shares) {
            this.shares = shares;
        }

        @Override
        public void settle(@Nullable Money cost) {
            synchronized (lock) {
                if (end()) {
                    settled = true;
                    counted = cost;
                    shares.forEach(share -> count(share, cost, 1));
                }
            }
        }

        @Override
        public void release() {
            synchronized (lock) {
                end();
            }
        }

        @Override
        public void unsettled() {
            synchronized (lock) {
                if (settled) {
                    settled = false;
                    shares.forEach(share -> {
                        count(share, counted, -1);
                        count(share, share.unpriced ? null : new Money(share.charge, BudgetPlan.CURRENCY), 1);
                    });
                }
            }
        }

        private boolean end() {
            if (ended) {
                return false;
            }
            ended = true;
            shares.forEach(share -> share.page.reserved = share.page.reserved.subtract(share.charge));
            return true;
        }

        private static void count(Share share, @Nullable Money cost, int times) {
            if (cost == null || !cost.currency().equals(BudgetPlan.CURRENCY)) {
                share.page.unpriced += times;
            } else {
                share.page.spent = share.page.spent.add(cost.amount().multiply(BigDecimal.valueOf(times)));
            }
        }
    }

    /* ------------------------------------------- questions ------------------------------------------- */

    /** The first budget that could not bear a call now; null when all could. Sets nothing aside. */
    public @Nullable BudgetPlan missing(Call call) {
        synchronized (lock) {
            Instant now = clock.instant();
            for (Account account : current().values()) {
                if (covers(account, call) && !call.at().isBefore(account.since)
                        && account.plan.whenUsedUp() != WhenUsedUp.WARN
                        && refusal(new Share(account, account.page(call.at()), charge(account.plan, call.worst()),
                                call.worst() == null), now) != null) {
                    return account.plan;
                }
            }
            return null;
        }
    }

    /** Where the budgets of a call stand, the one with the least left of its limit first. */
    public List<Standing> standings(Call call) {
        synchronized (lock) {
            Instant now = clock.instant();
            return current().values()
                    .stream()
                    .filter(account -> covers(account, call))
                    .map(account -> account.standing(account.page(now), granted, now))
                    .sorted(Comparator.comparingDouble(BudgetDesk::share))
                    .toList();
        }
    }

    private static double share(Standing it) {
        return it.left().doubleValue() / it.limit().doubleValue();
    }

    /** Where all stand, as the configuration names them. */
    public List<Standing> standings() {
        synchronized (lock) {
            Instant now = clock.instant();
            return current().values()
                    .stream()
                    .map(account -> account.standing(account.page(now), granted, now))
                    .toList();
        }
    }

    /** The periods that may have reached a threshold, with whether calls did not fit any more. */
    List<Reached> reached() {
        synchronized (lock) {
            Instant now = clock.instant();
            List<Reached> all = new ArrayList<>();
            for (Account account : current().values()) {
                account.page(now);
                account.pages().forEach(page -> all.add(new Reached(account.standing(page, granted, now), page.full)));
            }
            return all;
        }
    }

    /** @param full whether a call did not fit */
    record Reached(Standing standing, boolean full) {}

    /* -------------------------------------------- ledger -------------------------------------------- */

    /** Asks the ledger what it alone knows: what was spent before this gateway counted, what others spend, what people granted. Blocks. */
    public void look() {
        List<TopUp> grantedNow = grants.get();
        granted = grantedNow;
        record Asked(Account account, Account.Page page, BudgetPlan plan) {}
        List<Asked> open = new ArrayList<>();
        Instant now = clock.instant();
        synchronized (lock) {
            for (Account account : current().values()) {
                account.page(now);
                account.forget(now);
                account.pages()
                        .stream()
                        .filter(page -> isOpen(account, page))
                        .forEach(page -> open.add(new Asked(account, page, account.plan)));
            }
        }
        for (Asked one : open) {
            Taken beside;
            try {
                beside = sums.beside(one.plan(), one.page().window, now, one.account().since);
            } catch (RuntimeException away) {
                synchronized (lock) {
                    one.account().asked = one.account().asked == null ? Instant.EPOCH : one.account().asked;
                }
                throw away;
            }
            synchronized (lock) {
                one.page().beside = beside;
                one.account().asked = now;
            }
        }
    }

    /** Whether what the ledger told can still change: rows of before that are open, or other gateways. */
    private boolean isOpen(Account account, Account.Page page) {
        Taken beside = page.beside;
        Instant asked = account.asked;
        return beside == null || beside.open() > 0 || shared
                || (page.window.from().isBefore(account.since)
                        && (asked == null || asked.isBefore(account.since.plus(NEW))));
    }
}
