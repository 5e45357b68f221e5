package dev.pareto.policies.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pareto.policies.budget.Commitment;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.check.PolicyCheck;
import dev.pareto.policies.check.Remark;
import dev.pareto.policies.price.Money;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What spend contracts commit to, as it is written down. */
final class CommitmentReaderTest {

    private static final String VENDORS = """
                                          vendors:
                                            openai: {dialect: openai, url: http://o, models: {m: {}, n: {}}}
                                            azure: {dialect: openai, url: http://a, models: {m: {}}}
                                          """;

    @TempDir
    private Path folder;

    @Test
    void everyKeyIsRead() throws Exception {
        Commitment it = read("""
                               azure-2026:
                                 models: [openai/m, azure/m]
                                 from: 2026-03-15
                                 to: 2027-03-14
                                 amount: 5000 USD
                                 per: month
                                 zone: Europe/Berlin
                             """).commitments().getFirst();

        assertThat(it.amount()).isEqualTo(Money.usd("5000"));
        assertThat(it.covered()).containsExactly("azure/m", "openai/m");
        assertThat(it.covers(ModelId.parse("openai/m"))).isTrue();
        assertThat(it.covers(ModelId.parse("openai/n"))).isFalse();
        assertThat(it.begins()).isEqualTo("2026-03-14T23:00:00Z");
        assertThat(it.ends()).isEqualTo("2027-03-14T23:00:00Z");
        assertThat(it.months().at(Instant.parse("2026-07-01T00:00:00Z")).from()).isEqualTo("2026-06-14T22:00:00Z");
        assertThat(it.told()).isEqualTo("from 2026-03-15 to 2027-03-14 the first 5000 USD a month of calls to azure/m"
                + " and openai/m are paid whether they are made or not, so in decisions such a call costs nothing"
                + " until they are used, and its price after that");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|',
            textBlock = """
                        {from: 2026-01-01, to: 2026-12-31, amount: 5 USD}                             | names its models
                        {models: openai/m, to: 2026-12-31, amount: 5 USD}                             | has no 'from'
                        {models: openai/m, from: 2026-01-01, amount: 5 USD}                           | has no 'to'
                        {models: openai/m, from: 2026-01-01, to: 2026-12-31}                          | has no 'amount'
                        {models: opnai/m, from: 2026-01-01, to: 2026-12-31, amount: 5 USD}            | unknown vendor 'opnai'; did you mean 'openai'?
                        {models: m, from: 2026-01-01, to: 2026-12-31, amount: 5 USD}                  | written vendor/name
                        {models: [openai/*, azure/m], from: 2026-01-01, to: 2026-12-31, amount: 5 USD} | write two commitments
                        {models: openai/m, from: 2026-01-31, to: 2026-12-30, amount: 5 USD}           | day 1 to 28
                        {models: openai/m, from: 1.1.2026, to: 2026-12-31, amount: 5 USD}             | write a day such as
                        {models: openai/m, from: 2026-01-01, to: 2026-12-30, amount: 5 USD}           | the last day may be 2026-12-31
                        {models: openai/m, from: 2026-01-15, to: 2026-03-03, amount: 5 USD}           | the last day may be 2026-03-14
                        {models: openai/m, from: 2026-01-01, to: 2025-12-31, amount: 5 USD}           | the last day may be 2026-01-31
                        {models: openai/m, from: 2026-01-01, to: 2026-12-31, amount: 0 USD}           | more than 0
                        {models: openai/m, from: 2026-01-01, to: 2026-12-31, amount: 5 EUR}           | in USD, the currency of the books
                        {models: openai/m, from: 2026-01-01, to: 2026-12-31, amount: 5 USD, per: year} | write per: month
                        {models: openai/m, from: 2026-01-01, to: 2026-12-31, amount: 5 USD, zone: X}  | no time zone 'X'
                        {models: openai/m, from: 2026-01-01, to: 2026-12-31, amount: 5 USD, zone: Asia/Kolkata} | whole hours from UTC
                        {models: openai/m, from: 2026-01-01, to: 2026-12-31, amount: 5 USD, tpm: 5}   | unknown key 'tpm'
                        """)
    void whatCannotBeMeantIsRefusedWithItsPlace(String commitment, String says) {
        assertThatThrownBy(() -> read("  c: " + commitment + "\n")).isInstanceOf(ConfigException.class)
                .hasMessageContaining(says)
                .hasMessageContaining("pareto.yaml:");
    }

    @ParameterizedTest
    @CsvSource({"openai/m, openai/m, 2026-12-01, true", "openai/*, openai/m, 2026-12-01, true",
            "openai/m, openai/*, 2026-12-01, true", "openai/*, openai/*, 2027-01-01, false",
            "openai/m, openai/n, 2026-12-01, false", "openai/*, azure/*, 2026-12-01, false"})
    void aCallUsesOneCommitmentAtMost(String one, String other, String from, boolean refused) throws Exception {
        String both = """
                        one: {models: '%s', from: 2026-01-01, to: 2026-12-31, amount: 5 USD}
                        other: {models: '%s', from: %s, to: 2027-12-31, amount: 5 USD}
                      """.formatted(one, other, from);
        if (refused) {
            assertThatThrownBy(() -> read(both)).isInstanceOf(ConfigException.class)
                    .hasMessageContaining("commitments 'one' and 'other' are about the same models at the same time");
        } else {
            assertThat(read(both).commitments()).hasSize(2);
        }
    }

    @Test
    void theCheckTellsOfModelsThatNobodyKnowsAndOfWhatIsOver() throws Exception {
        ParetoConfig config = read(
                """
                  now: {models: [openai/mm, azure/m], from: 2026-01-01, to: 2026-12-31, amount: 5 USD}
                  past: {models: openai/m, from: 2025-01-01, to: 2025-12-31, amount: 5 USD}
                """);

        assertThat(PolicyCheck.of(config, Instant.parse("2026-11-22T00:00:00Z"))).extracting(Remark::toString)
                .containsExactly(
                        "warning: commitment now: no model is called openai/mm, so no call uses it; did you mean 'openai/m'?",
                        "warning: commitment past: ended on 2025-12-31, so it changes nothing; leave it out");
    }

    private ParetoConfig read(String commitments) throws IOException, ConfigException {
        Path file = Files.writeString(folder.resolve("pareto.yaml"), VENDORS + "commitments:\n" + commitments);
        return new ConfigReader().read(file, Map.of());
    }
}
