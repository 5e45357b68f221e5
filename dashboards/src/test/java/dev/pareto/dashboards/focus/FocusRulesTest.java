package dev.pareto.dashboards.focus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pareto.dashboards.report.Amount;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each rule finds what breaks it. */
final class FocusRulesTest {

    private static final Map<String, String> SOUND = FocusRows
            .of(new Charge(Instant.parse("2026-11-20T12:00:00Z"), null,
                    null, "acme", "support", "openai/gpt-4o", "openai", "PRIMARY", false, "USD", "input",
                    "openai/gpt-4o:standard:2024-10-01", new BigDecimal("2.5"), new BigDecimal("1000000"), 3,
                    new BigDecimal("1234"), Amount.of("0.003085"), Amount.of("0.003085"), Amount.of("0.003085")));

    @Test
    void aSoundRowHasNoFindings() {
        assertThat(new FocusRules(FocusVersion.V1_3).row(SOUND)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-",
            value = {"BilledCost,-,BilledCost-C-003-M", "BilledCost,+1,BilledCost-C-001-M",
                    "BilledCost,1e5,BilledCost-C-001-M",
                    "BilledCost,'1,5',BilledCost-C-001-M", "ChargeCategory,Fee,ChargeCategory-C-003-M",
                    "ChargeClass,Fixed,ChargeClass-C-003-M", "ListCost,0.003086,ListUnitPrice-C-010-C",
                    "ContractedCost,0.003085000001,ContractedUnitPrice-C-010-C",
                    "ListUnitPrice,-,ListUnitPrice-C-005-C",
                    "SkuPriceId,-,SkuPriceId-C-005-C", "ConsumedUnit,-,ConsumedUnit-C-005-C",
                    "PricingUnit,-,PricingUnit-C-005-C", "ChargeCategory,Credit,ConsumedQuantity-C-004-C",
                    "BillingCurrency,usd,BillingCurrency-C-006-M", "ResourceType,-,ResourceType-C-004-C",
                    "ChargePeriodStart,2026-11-20 12:00:00,ChargePeriodStart-C-001-M",
                    "ChargePeriodStart,2026-11-20T13:00:00Z,ChargePeriodEnd-C-004-M",
                    "BillingPeriodStart,2026-11-21T00:00:00Z,ChargeClass-C-004-C",
                    "SkuPriceDetails,'{\"a\":[1]}',SkuPriceDetails-C-001-M",
                    "SkuPriceDetails,'{\"ModelId\":\"gpt-4o\"}',SkuPriceDetails-C-017-C",
                    "Tags,'{\"a\":1,\"a\":2}',Tags-C-001-M", "InvoiceId,' ',NullHandling-A-002-M",
                    "CapacityReservationId,cluster,CapacityReservationStatus-C-005-C",
                    "EffectiveCost,0.0000000000001,NumericFormat-A-013-O"})
    void findsWhatBreaksARule(String column, @Nullable String value, String rule) {
        Map<String, String> broken = new HashMap<>(SOUND);
        if (value == null) {
            broken.remove(column);
        } else {
            broken.put(column, value);
        }

        assertThat(new FocusRules(FocusVersion.V1_2).row(broken)).extracting(FocusRules.Finding::rule).contains(rule);
    }

    @Test
    void aPriceBelongsToOneThingSold() {
        var rules = new FocusRules(FocusVersion.V1_2);
        Map<String, String> other = new HashMap<>(SOUND);
        other.put("SkuId", "another");
        assertThat(rules.row(SOUND)).isEmpty();

        assertThat(rules.row(other)).extracting(FocusRules.Finding::rule).containsExactly("SkuPriceId-C-008-M");
        assertThat(rules.row(other)).extracting(FocusRules.Finding::row).containsExactly(3L);
    }

    @Test
    void aHeaderHasEveryColumnInOrder() {
        List<String> names = new ArrayList<>(FocusVersion.V1_2.columns().stream().map(FocusColumn::name).toList());
        assertThat(new FocusRules(FocusVersion.V1_2).header(names)).isEmpty();
        assertThat(new FocusRules(FocusVersion.V1_3).header(names)).extracting(FocusRules.Finding::message)
                .containsExactly("the column HostProviderName is missing", "the column ServiceProviderName is missing");

        names.remove("BilledCost");
        names.add("BilledCost");
        names.add("x_lower");
        names.add("Vendor");
        assertThat(new FocusRules(FocusVersion.V1_2).header(names)).extracting(FocusRules.Finding::message)
                .containsExactly("BilledCost stands after columns of our own", "x_lower is no name of a column",
                        "Vendor stands after columns of our own", "Vendor is no column of FOCUS 1.2");
    }
}
