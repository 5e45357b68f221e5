package dev.pareto.policies.price;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pareto.policies.sheet.ExchangeRatesReader;
import dev.pareto.policies.sheet.PriceSheet;
import dev.pareto.policies.sheet.PriceSheetReader;
import dev.pareto.policies.yaml.YamlException;
import dev.pareto.policies.yaml.YamlParser;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Contracts, currencies and splits (vectors B09 to B13). */
final class MoneyMattersTest {

    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final LocalDate DAY = LocalDate.parse("2026-11-20");

    private final CostCalculator calculator = new CostCalculator();
    private final ExchangeRates rates = new ExchangeRatesReader()
            .read(YamlParser.parse("rates", """
                                            base: USD
                                            source: ECB
                                            rates:
                                              2026-11-19: {EUR: 0.9, GBP: 0.8}
                                              2026-11-20: {EUR: 0.9173, GBP: 0.8}
                                            """, name -> null));

    @Test
    void anInvoiceIsSplitToTheCent() {
        assertThat(Split.byWeight(Money.usd("100.00"), weights("1", "1", "1"))).extracting(Money::plain)
                .containsExactly("33.34", "33.33", "33.33");
        assertThat(Split.byWeight(Money.usd("20.37"), weights("12.3456", "7.6543", "0.0001"))).extracting(Money::plain)
                .containsExactly("12.57", "7.8", "0");
        assertThat(Split.exactly(Money.usd("0.000000000005"), weights("1", "1"))).extracting(Money::plain)
                .containsExactly("0.000000000003", "0.000000000002");
        assertThat(Split.byWeight(Money.usd("-0.05"), weights("1", "1"))).extracting(Money::plain)
                .containsExactly("-0.03", "-0.02");
        assertThat(Split.byWeight(new Money(new BigDecimal("100"), "JPY"), weights("1", "1", "1")))
                .extracting(Money::plain)
                .containsExactly("34", "33", "33");
        assertThatThrownBy(() -> Split.byWeight(Money.usd("0.001"), weights("1")))
                .hasMessageContaining("smallest coin");
        assertThatThrownBy(() -> Split.byWeight(Money.usd("1"), weights("0")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anAmountIsConvertedAtTheRateOfItsDay() {
        ExchangeRates.Conversion conversion = rates.convert(Money.usd("0.054399"), "EUR", DAY).orElseThrow();

        assertThat(conversion.to().plain()).isEqualTo("0.0499002027");
        assertThat(conversion.to().display()).isEqualTo("0.05 EUR");
        assertThat(conversion.day()).isEqualTo(DAY);
        assertThat(rates.convert(Money.usd("10"), "EUR", DAY.minusDays(1)).orElseThrow().to().plain()).isEqualTo("9");
        assertThat(rates.convert(new Money(new BigDecimal("9.173"), "EUR"), "GBP", DAY).orElseThrow().to().plain())
                .isEqualTo("8");
        assertThat(rates.convert(new Money(BigDecimal.ONE, "EUR"), "USD", DAY).orElseThrow().to().plain())
                .isEqualTo("1.090155892293");
    }

    @Test
    void aRateThatIsMissingOrOldConvertsNothing() {
        assertThat(rates.convert(Money.usd("1"), "CHF", DAY)).isEmpty();
        assertThat(rates.convert(Money.usd("1"), "EUR", DAY.minusDays(2))).isEmpty();
        assertThat(rates.convert(Money.usd("1"), "EUR", DAY.plusDays(31))).isPresent();
        assertThat(rates.convert(Money.usd("1"), "EUR", DAY.plusDays(32))).isEmpty();
        assertThat(rates.convert(Money.usd("1"), "USD", DAY.plusYears(9))).isPresent();
    }

    @Test
    void pricesInAnotherCurrencyFollowTheRatesDayByDay() {
        PriceBook book = new PriceBook(sheet("EUR", "{from: 2026-01-01, input: 0.9}").versions()).in("USD", rates);

        assertThat(input(book, "2026-11-19T12:00:00Z")).isEqualTo("1");
        assertThat(input(book, "2026-11-20T00:00:00Z")).isEqualTo("0.981140303");
        assertThat(book.at("acme/m", "standard", Instant.parse("2026-11-18T12:00:00Z"))).isEmpty();
        assertThat(book.at("acme/m", "standard", NOW).orElseThrow().source())
                .contains("EUR at the rate of 2026-11-20 (ECB)");
    }

    @Test
    void aChangeOfPriceBetweenTwoRatesIsKept() {
        PriceBook book = new PriceBook(
                sheet("EUR", "{from: 2026-01-01, input: 0.9}", "{from: 2026-11-19T12:00:00Z, input: 1.8}")
                        .versions())
                .in("USD", rates);

        assertThat(input(book, "2026-11-19T11:59:59Z")).isEqualTo("1");
        assertThat(input(book, "2026-11-19T12:00:00Z")).isEqualTo("2");
    }

    @Test
    void aDiscountIsSpeltOutAndTheListStays() {
        PriceSheet sheet = read(
                """
                vendor: acme
                currency: USD
                checked: 2026-11-21
                source: test
                models: {m: {prices: [{from: 2026-01-01, input: 2.5, output: 10, bands: [{above: 1000, input: 5, output: 20}]}]}}
                contracts:
                  frame-2026: {discount: 12 %, from: 2026-06-01, to: 2027-01-01}
                """);
        PriceBook book = PriceSheetReader.book(List.of(sheet));

        Bill bill = calculator.bill(Usage.ofTokens(1_000, 500), book, "acme/m", "standard", NOW, null);
        assertThat(plain(bill.list())).isEqualTo("0.0075");
        assertThat(plain(bill.contracted())).isEqualTo("0.0066");
        assertThat(bill.source()).isEqualTo("contract");
        assertThat(bill.contracted().priceVersion()).isEqualTo("acme/m:standard:2026-01-01:frame-2026");
        Bill before = calculator.bill(Usage.ofTokens(1_000, 500), book, "acme/m", "standard",
                Instant.parse("2026-05-31T23:59:59Z"),
                null);
        assertThat(plain(before.contracted())).isEqualTo("0.0075");
        assertThat(before.source()).isEqualTo("list");
        Bill longer = calculator.bill(Usage.ofTokens(1_001, 0), book, "acme/m", "standard", NOW, null);
        assertThat(plain(longer.contracted())).isEqualTo("0.0044044");
    }

    @Test
    void aContractFollowsTheListsChangesAndBeatsIt() {
        PriceSheet sheet = read(
                """
                vendor: acme
                currency: USD
                checked: 2026-11-21
                source: test
                models:
                  m: {prices: [{from: 2026-01-01, input: 2}, {from: 2026-10-01, input: 1}]}
                  n: {prices: [{from: 2026-01-01, input: 2}, {from: 2026-03-01, basis: contract, input: 1.5}]}
                contracts: {half: {discount: 50 %, from: 2026-02-01, models: [m]}}
                """);
        PriceBook book = PriceSheetReader.book(List.of(sheet));

        assertThat(price(book, "acme/m", "2026-01-15T00:00:00Z")).isEqualTo("2");
        assertThat(price(book, "acme/m", "2026-02-01T00:00:00Z")).isEqualTo("1");
        assertThat(price(book, "acme/m", "2026-10-01T00:00:00Z")).isEqualTo("0.5");
        assertThat(price(book, "acme/n", "2026-02-15T00:00:00Z")).isEqualTo("2");
        assertThat(price(book, "acme/n", "2026-03-01T00:00:00Z")).isEqualTo("1.5");
        assertThat(book.list("acme/n", "standard", NOW).orElseThrow().bands().getFirst().prices().get("input"))
                .isEqualTo(UnitPrice.perMillion("2"));
    }

    @Test
    void twoContractsForOneThingAreRefused() {
        PriceSheet sheet = read(
                """
                vendor: acme
                currency: USD
                checked: 2026-11-21
                source: test
                models: {m: {prices: [{from: 2026-01-01, input: 2}]}}
                contracts: {a: {discount: 10 %, from: 2026-02-01, to: 2026-09-01}, b: {discount: 20 %, from: 2026-03-01}}
                """);
        assertThatThrownBy(() -> PriceSheetReader.book(List.of(sheet))).hasMessageContaining("both hold at 2026-03-01");
    }

    @Test
    void aDiscountNeedsItsUnit() {
        assertThatThrownBy(() -> read("""
                                      vendor: acme
                                      currency: USD
                                      checked: 2026-11-21
                                      source: test
                                      contracts: {a: {discount: 0.12, from: 2026-02-01}}
                                      """)).isInstanceOf(YamlException.class).hasMessageContaining("12 %");
    }

    private static List<BigDecimal> weights(String... weights) {
        return List.of(weights).stream().map(BigDecimal::new).toList();
    }

    private static String input(PriceBook book, String at) {
        return price(book, "acme/m", at);
    }

    private static String price(PriceBook book, String sku, String at) {
        Map<String, UnitPrice> prices = book.at(sku, "standard", Instant.parse(at))
                .orElseThrow()
                .bands()
                .getFirst()
                .prices();
        return Money.plain(Objects.requireNonNull(prices.get("input")).price().round(new java.math.MathContext(9)));
    }

    private static String plain(Cost cost) {
        return Objects.requireNonNull(cost.total()).plain();
    }

    private static PriceSheet sheet(String currency, String... rows) {
        return read("""
                    vendor: acme
                    currency: %s
                    checked: 2026-11-21
                    source: test
                    models: {m: {prices: [%s]}}
                    """.formatted(currency, String.join(", ", rows)));
    }

    private static PriceSheet read(String text) {
        return new PriceSheetReader().read(YamlParser.parse("acme.yaml", text, name -> null));
    }
}
