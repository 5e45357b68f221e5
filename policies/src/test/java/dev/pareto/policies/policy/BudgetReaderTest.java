package dev.pareto.policies.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pareto.policies.budget.BudgetPeriod.Every;
import dev.pareto.policies.budget.BudgetPlan;
import dev.pareto.policies.budget.WhenUsedUp;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.check.PolicyCheck;
import dev.pareto.policies.price.Money;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What may be spent, as it is written down. */
final class BudgetReaderTest {

    private static final String VENDORS = """
                                          vendors:
                                            openai: {dialect: openai, url: http://o, models: {m: {prices: [{from: 2020-01-01, input: 1, output: 1}]}, free: {}}}
                                          routes:
                                            support: {candidates: [openai/m]}
                                          """;

    @TempDir
    private Path folder;

    @Test
    void everyKeyIsRead() throws Exception {
        BudgetPlan it = read("""
                               team-search:
                                 scope: {team: [search, ads], route: support}
                                 amount: 500 USD
                                 per: month
                                 starts: 15
                                 zone: Europe/Berlin
                                 at: [25 %, 100 %, 90 %]
                                 when-used-up: downgrade
                                 downgrade-to: [support, openai/free]
                                 unpriced: 0.05 USD
                                 when-unknown: allow
                                 webhook: ${HOOK}
                             """).budgets().getFirst();

        assertThat(it.scope().any())
                .isEqualTo(Map.of("tag.team", List.of("search", "ads"), "route", List.of("support")));
        assertThat(it.scope().told()).isEqualTo("route support, team search or ads");
        assertThat(it.amount()).isEqualTo(Money.usd("500"));
        assertThat(it.period().monthDay()).isEqualTo(15);
        assertThat(it.period().zone().getId()).isEqualTo("Europe/Berlin");
        assertThat(it.thresholds()).containsExactly(new BigDecimal("0.25"), new BigDecimal("0.9"), BigDecimal.ONE);
        assertThat(it.whenUsedUp()).isEqualTo(WhenUsedUp.DOWNGRADE);
        assertThat(it.downgradeTo()).containsExactly(ModelId.parse("openai/m"), ModelId.parse("openai/free"));
        assertThat(it.unpriced()).isEqualTo(Money.usd("0.05"));
        assertThat(it.refuseUnknown()).isFalse();
        assertThat(it.webhookAddress()).hasToString("https://hooks.example/budget");
    }

    @Test
    void whatIsNotStatedIsStrict() throws Exception {
        BudgetPlan it = read("  all: {scope: all, amount: 10 USD}\n").budgets().getFirst();

        assertThat(it.scope().any()).isEmpty();
        assertThat(it.period().every()).isEqualTo(Every.MONTH);
        assertThat(it.period().zone().getId()).isEqualTo("UTC");
        assertThat(it.whenUsedUp()).isEqualTo(WhenUsedUp.REFUSE);
        assertThat(it.unpriced()).isNull();
        assertThat(it.refuseUnknown()).isTrue();
        assertThat(it.thresholds()).isEqualTo(BudgetPlan.USUAL_THRESHOLDS);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|',
            textBlock = """
                        {amount: 5 USD}                                     | says nothing of whose calls
                        {scope: {teem: a}, amount: 5 USD}                   | unknown key 'teem'
                        {scope: {team: a, key: b}, amount: 5 USD}           | state one of key, team, project and tag
                        {scope: all}                                        | has no amount
                        {scope: all, amount: 5}                             | write money with its currency
                        {scope: all, amount: 5 EUR}                         | in USD, the currency of the books
                        {scope: all, amount: 0 USD}                         | more than 0
                        {scope: all, amount: 5 USD, per: fortnight}         | write day, week, month, total
                        {scope: all, amount: 5 USD, per: week, starts: 3}   | a day such as monday
                        {scope: all, amount: 5 USD, starts: 31}             | day 1 to 28
                        {scope: all, amount: 5 USD, zone: Berlin}           | no time zone 'Berlin'
                        {scope: all, amount: 5 USD, when-used-up: downgrade} | needs downgrade-to
                        {scope: all, amount: 5 USD, downgrade-to: openai/m}  | means nothing without
                        {scope: all, amount: 5 USD, unpriced: 0 USD}        | costs more than nothing
                        {scope: all, amount: 5 USD, webhook: 'http://x'}    | in plain sight
                        {scope: {tag: team}, amount: 5 USD}                 | name=value
                        """)
    void whatCannotBeMeantIsRefusedWithItsPlace(String budget, String says) {
        assertThatThrownBy(() -> read("  b: " + budget + "\n")).isInstanceOf(ConfigException.class)
                .hasMessageContaining(says)
                .hasMessageContaining("pareto.yaml:");
    }

    @Test
    void theCheckTellsOfModelsThatABudgetCanNeitherPriceNorReach() throws Exception {
        ParetoConfig config = read(
                """
                  one: {scope: {route: support}, amount: 5 USD, when-used-up: downgrade, downgrade-to: openai/free}
                  two: {scope: {route: suport}, amount: 5 USD}
                """);

        assertThat(PolicyCheck.of(config, Instant.parse("2026-11-22T00:00:00Z"))).extracting(Object::toString)
                .anyMatch(it -> it.contains("budget one")
                        && it.contains("candidate of no route that the budget is about"))
                .anyMatch(it -> it.contains("budget two") && it.contains("no route is called 'suport'"));
    }

    private ParetoConfig read(String budgets) throws IOException, ConfigException {
        Path file = Files.writeString(folder.resolve("pareto.yaml"), VENDORS + "budgets:\n" + budgets);
        return new ConfigReader().read(file, Map.of("HOOK", "https://hooks.example/budget"));
    }
}
