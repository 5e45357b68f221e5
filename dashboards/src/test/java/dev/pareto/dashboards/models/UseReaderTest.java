package dev.pareto.dashboards.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pareto.dashboards.report.Amount;
import org.junit.jupiter.api.Test;

/** What was paid beside the vendors' lists, where these are known in part or not at all. */
final class UseReaderTest {

    @Test
    void aDiscountIsThatOfTheCallsWhoseListCostIsKnown() {
        ModelPrices.Use use = use("3", "2", "1.5");
        assertThat(use.list()).isEqualTo(Amount.of("2"));
        assertThat(use.unlisted()).isEqualTo(Amount.of("1.5"));
        assertThat(use.discount()).isEqualByComparingTo("0.25");
    }

    @Test
    void whatNoListHasCostsNothingKnownThere() {
        ModelPrices.Use use = use("3", "0", "0");
        assertThat(use.list()).isNull();
        assertThat(use.unlisted()).isEqualTo(Amount.of("3"));
        assertThat(use.discount()).isNull();
    }

    @Test
    void nothingUsedIsNothingAtList() {
        assertThat(use("0", "0", "0").list()).isEqualTo(Amount.of("0"));
    }

    private static ModelPrices.Use use(String spend, String list, String listed) {
        return new UseReader.Calls(1, 1, 0, 1, 0, 0, 0, 0, Amount.of(spend), Amount.of(list), Amount.of(listed))
                .use(UseReader.Paid.NOTHING);
    }
}
