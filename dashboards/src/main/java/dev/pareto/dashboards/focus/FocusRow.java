package dev.pareto.dashboards.focus;

import dev.pareto.policies.price.Money;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A row being filled, by the columns' names; what is not set is unknown. Values are text as CSV holds it. */
final class FocusRow {

    private final Map<String, String> values = new HashMap<>();

    FocusRow set(String column, @Nullable String value) {
        if (value != null && !value.isBlank()) {
            values.put(column, value);
        }
        return this;
    }

    FocusRow set(String column, @Nullable BigDecimal value) {
        return set(column, value == null ? null : Money.plain(value));
    }

    FocusRow set(String column, Instant moment) {
        return set(column, moment.truncatedTo(ChronoUnit.SECONDS).toString());
    }

    /** The UTC month in which it is billed. */
    FocusRow billedIn(Instant moment) {
        YearMonth month = YearMonth.from(moment.atOffset(ZoneOffset.UTC));
        return set("BillingPeriodStart", month.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant())
                .set("BillingPeriodEnd", month.plusMonths(1).atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant());
    }

    /** Who sells, who hosts and who bills: the vendor; the sub-account is the tenant. */
    FocusRow parties(String vendor, String tenant) {
        String provider = vendor.isEmpty() ? "Pareto" : vendor;
        for (String column : List.of("ProviderName", "PublisherName", "InvoiceIssuerName", "ServiceProviderName",
                "HostProviderName", "BillingAccountId", "BillingAccountName", "ServiceName")) {
            set(column, provider);
        }
        return set("SubAccountId", tenant).set("SubAccountName", tenant)
                .set("ServiceCategory", "AI and Machine Learning")
                .set("ServiceSubcategory", "Generative AI");
    }

    Map<String, String> values() {
        return Map.copyOf(values);
    }
}
