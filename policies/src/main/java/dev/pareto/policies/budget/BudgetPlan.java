package dev.pareto.policies.budget;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.catalog.Secret;
import dev.pareto.policies.price.Money;
import java.math.BigDecimal;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A budget as an operator states it.
 *
 * @param name in refusals, metrics and pages
 * @param amount what may be spent in a period, in the book's currency
 * @param thresholds shares of the amount of which somebody is told, each once a period, ascending; 1 is all of it
 * @param downgradeTo where calls go instead, the first that may serve; only with {@link WhenUsedUp#DOWNGRADE}
 * @param unpriced what a call whose price nobody knows counts as; null refuses it
 * @param refuseUnknown whether calls are refused while the ledger cannot tell what was spent
 * @param webhook where alerts go; null for the log alone
 */
public record BudgetPlan(String name, BudgetScope scope, Money amount, BudgetPeriod period,
        List<BigDecimal> thresholds, WhenUsedUp whenUsedUp, List<ModelId> downgradeTo, @Nullable Money unpriced,
        boolean refuseUnknown, @Nullable Secret webhook) {

    /** The currency in which all calls are booked. */
    public static final String CURRENCY = "USD";

    public static final List<BigDecimal> USUAL_THRESHOLDS = List.of(new BigDecimal("0.5"), new BigDecimal("0.8"),
            BigDecimal.ONE);

    private static final int MOST_THRESHOLDS = 10;
    private static final BigDecimal MOST = BigDecimal.valueOf(9_000_000);

    public BudgetPlan {
        requireNonNull(name, "name is null");
        requireNonNull(scope, "scope is null");
        requireNonNull(period, "period is null");
        requireNonNull(whenUsedUp, "whenUsedUp is null");
        requireBooked(amount, "amount");
        if (amount.amount().signum() <= 0 || amount.amount().compareTo(MOST) > 0) {
            throw new IllegalArgumentException("amount is more than 0 and at most 9000000 USD, not " + amount);
        }
        if (unpriced != null) {
            requireBooked(unpriced, "unpriced");
            if (unpriced.amount().signum() <= 0) {
                throw new IllegalArgumentException("a call without a price costs more than nothing: write refuse or an"
                        + " amount such as 0.05 USD, not " + unpriced);
            }
        }
        thresholds = thresholds.stream().map(BigDecimal::stripTrailingZeros).distinct().sorted().toList();
        if (thresholds.size() > MOST_THRESHOLDS || thresholds.stream().anyMatch(share -> share.signum() <= 0)) {
            throw new IllegalArgumentException("at has at most " + MOST_THRESHOLDS + " shares, each more than 0 %");
        }
        downgradeTo = List.copyOf(downgradeTo);
        if (downgradeTo.isEmpty() == (whenUsedUp == WhenUsedUp.DOWNGRADE)) {
            throw new IllegalArgumentException(downgradeTo.isEmpty()
                    ? "when-used-up: downgrade needs downgrade-to, e.g. downgrade-to: [local/qwen3-0.6b]"
                    : "downgrade-to means nothing without when-used-up: downgrade");
        }
        if (webhook != null) {
            address(webhook);
        }
    }

    private static void requireBooked(Money money, String key) {
        if (!money.currency().equals(CURRENCY)) {
            throw new IllegalArgumentException(
                    key + " is in " + CURRENCY + ", the currency of the books, not " + money);
        }
    }

    private static URI address(Secret webhook) {
        try {
            URI address = URI.create(webhook.reveal().strip());
            if (("https".equals(address.getScheme()) || "http".equals(address.getScheme()))
                    && address.getHost() != null) {
                return address;
            }
        } catch (IllegalArgumentException noAddress) {
            // its text is not repeated: it is a secret
        }
        throw new IllegalArgumentException("webhook is an address that begins with https:// or http://");
    }

    /** Where alerts go; null for the log alone. */
    public @Nullable URI webhookAddress() {
        return webhook == null ? null : address(webhook);
    }

    /** Whether what was counted under the other counts the same under this one: only limit and manners differ. */
    public boolean countsLike(BudgetPlan other) {
        return scope.equals(other.scope) && period.equals(other.period)
                && Objects.equals(unpriced, other.unpriced);
    }
}
