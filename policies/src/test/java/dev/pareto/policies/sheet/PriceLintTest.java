package dev.pareto.policies.sheet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pareto.policies.sheet.Finding.Severity;
import dev.pareto.policies.yaml.YamlParser;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each rule finds the fault that it is for, and our own files have none. */
final class PriceLintTest {

    private static final LocalDate TODAY = LocalDate.parse("2026-11-22");

    @ParameterizedTest
    @CsvSource(delimiter = '|',
            textBlock = """
                        free            | [{from: 2026-01-01, input: 0, output: 0}]
                        one-sided       | [{from: 2026-01-01, input: 1}]
                        cache-read-dear | [{from: 2026-01-01, input: 1, output: 2, cache_read: 1.5}]
                        cache-write-cheap | [{from: 2026-01-01, input: 1, output: 2, cache_write_5m: 0.5}]
                        cache-hour-cheap | [{from: 2026-01-01, input: 1, output: 2, cache_write_5m: 3, cache_write_1h: 2}]
                        band-gap        | [{from: 2026-01-01, input: 1, output: 2, cache_read: 0.1, bands: [{above: 200000, input: 2, output: 3}]}]
                        band-cheaper    | [{from: 2026-01-01, input: 1, output: 2, bands: [{above: 200000, input: 0.5, output: 3}]}]
                        tier-ratio      | [{from: 2026-01-01, input: 1, output: 2}, {from: 2026-01-01, tier: priority, input: 50, output: 100}]
                        tier-ratio      | [{from: 2026-01-01, input: 1, output: 2}, {from: 2026-01-01, tier: batch, input: 0.1, output: 0.2}]
                        tier-equal      | [{from: 2026-01-01, input: 1, output: 2}, {from: 2026-01-01, tier: priority, input: 1, output: 2}]
                        tier-one-sided  | [{from: 2026-01-01, input: 1, output: 2}, {from: 2026-01-01, tier: priority, input: 2}]
                        tier-alone      | [{from: 2026-01-01, tier: priority, input: 2, output: 3}]
                        tier-cache      | [{from: 2026-01-01, input: 1, output: 2, cache_read: 0.1}, {from: 2026-01-01, tier: batch, input: 0.5, output: 1}]
                        gap             | [{from: 2026-01-01, to: 2026-02-01, input: 1, output: 2}, {from: 2026-03-01, input: 1, output: 2}]
                        ended           | [{from: 2026-01-01, to: 2026-02-01, input: 1, output: 2}]
                        upcoming        | [{from: 2026-01-01, input: 1, output: 2}, {from: 2027-01-01, input: 2, output: 4}]
                        """)
    void aFaultInTheRowsIsFound(String rule, String rows) {
        assertThat(check("{m: {can: [chat], agreed-by: [a, b], prices: " + rows + "}}")).extracting(Finding::rule)
                .contains(rule);
    }

    @Test
    void whatIsMeantIsNotFound() {
        assertThat(
                check("""
                      {m: {can: [chat], agreed-by: [a, b], prices: [{from: 2026-01-01, input: 0, output: 0, basis: zero_rated}]},
                       n: {can: [chat], agreed-by: [a, b], prices: [{from: 2026-01-01, input: 1, output: 2, cache_read: 0.1,
                        bands: [{above: 200000, unpriced: true}]}]},
                       e: {can: [embedding], agreed-by: [a, b], prices: [{from: 2026-01-01, input: 1}]}}"""))
                .isEmpty();
    }

    @Test
    void modelsAndFilesAreLookedAtToo() {
        assertThat(
                check("""
                      {m: {deprecated: 2026-11-22, agreed-by: [a], also: [x], prices: [{from: 2026-01-01, input: 1, output: 2}]},
                       n: {agreed-by: [a, b], also: [x], prices: [{from: 2026-01-01, input: 1, output: 2}]}}"""))
                .extracting(Finding::rule)
                .containsExactlyInAnyOrder("deprecated", "one-source", "name-twice");
        assertThat(PriceLint.check(List.of(sheet("{}")), LocalDate.parse("2027-02-20"))).extracting(Finding::rule)
                .containsExactly("stale");
    }

    @Test
    void ourOwnFilesHaveNoFault() {
        List<Finding> findings = PriceLint.check(new PriceSheetReader().shipped(), TODAY);

        assertThat(findings).filteredOn(finding -> finding.severity() != Severity.NOTE).isEmpty();
        assertThat(findings).filteredOn(finding -> finding.rule().equals("upcoming")).hasSize(2);
    }

    private static List<Finding> check(String models) {
        return PriceLint.check(List.of(sheet(models)), TODAY);
    }

    private static PriceSheet sheet(String models) {
        return new PriceSheetReader().read(YamlParser.parse("acme.yaml",
                "{vendor: acme, currency: USD, checked: 2026-11-21, source: test, models: " + models + "}",
                name -> null));
    }
}
