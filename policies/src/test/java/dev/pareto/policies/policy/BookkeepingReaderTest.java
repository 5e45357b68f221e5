package dev.pareto.policies.policy;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pareto.policies.sheet.market.AcceptanceRule;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code pareto.yaml} settles for the books. */
final class BookkeepingReaderTest {

    @TempDir
    private Path folder;

    @Test
    void aFileLedgerKeepsSoManyMonthsWithoutAServer() throws Exception {
        GatewaySettings settings = read("ledger: {keep-months: 13}\n", Map.of()).gateway();

        assertThat(settings.ledger()).isNull();
        assertThat(settings.books().keepMonths()).isEqualTo(13);
    }

    @Test
    void aServersLedgerKeepsSoManyMonthsToo() throws Exception {
        GatewaySettings settings = read("ledger: {url: 'jdbc:postgresql://db/pareto', keep-months: 24}\n", Map.of())
                .gateway();

        assertThat(requireNonNull(settings.ledger()).url()).isEqualTo("jdbc:postgresql://db/pareto");
        assertThat(settings.books().keepMonths()).isEqualTo(24);
    }

    @Test
    void nothingIsSettledWhereNothingIsSaid() throws Exception {
        assertThat(read("", Map.of()).gateway().books()).isEqualTo(Bookkeeping.NONE);
    }

    @Test
    void theMailServerIsReadWithItsSecretFromTheEnvironment() throws Exception {
        MailServer mail = requireNonNull(read(
                """
                mail: {host: smtp.example.com, user: pareto, password: '${SMTP_PASSWORD}', from: pareto@example.com, time-limit: 9 s}
                """,
                Map.of("SMTP_PASSWORD", "s3cret")).gateway().books().mail());

        assertThat(mail.security()).isEqualTo(MailServer.Security.STARTTLS);
        assertThat(mail.port()).isEqualTo(587);
        assertThat(requireNonNull(mail.password()).reveal()).isEqualTo("s3cret");
        assertThat(mail.toString()).doesNotContain("s3cret");
        assertThat(mail.timeLimit()).isEqualTo(Duration.ofSeconds(9));
        assertThat(requireNonNull(read("mail: {host: localhost, security: none, from: a@b.c}\n", Map.of()).gateway()
                .books()
                .mail()).port()).isEqualTo(25);
    }

    @Test
    void theRuleForProposedPricesIsExact() throws Exception {
        String yaml = "price-proposals: {accept: {at-most: 2.5 %, agreed-by: 1}}\n";

        assertThat(read(yaml, Map.of()).gateway().books().accepts())
                .isEqualTo(new AcceptanceRule(new BigDecimal("2.5"), 1));
        assertThat(ConfigReader.acceptance(folder.resolve("pareto.yaml"), Map.of()))
                .isEqualTo(new AcceptanceRule(new BigDecimal("2.5"), 1));
        assertThat(ConfigReader.acceptance(folder.resolve("none.yaml"), Map.of())).isNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"',
            textBlock = """
                        ledger: {keep-months: 0}                                             | keep-months must be 1 to 1200
                        ledger: {user: pareto, keep-months: 3}                                | url must begin with
                        mail: {host: smtp, from: nobody}                                      | 'from' is a mail address
                        mail: {from: a@b.c}                                                   | mail needs 'host'
                        mail: {host: smtp, from: a@b.c, user: me}                             | user and password go together
                        mail: {host: smtp, from: a@b.c, user: me, password: plain}            | in plain sight
                        mail: {host: smtp, from: a@b.c, user: me, password: '${P}', security: none} | that anybody can read
                        mail: {host: smtp, from: a@b.c, security: ssl}                        | write starttls, tls or none
                        mail: {host: smtp, from: a@b.c, time-limit: 1 h}                      | time-limit is 1 s to 2 min
                        price-proposals: {accept: {at-most: 5}}                               | write a share with its unit
                        price-proposals: {accept: {at-most: 60 %}}                            | at most 50 %
                        price-proposals: {accept: {agreed-by: 2}}                             | how large a change may be
                        price-proposals: {accept: {at-most: 5 %, agreed-by: 9}}               | agreed-by is 1 to
                        """)
    void whatIsWrongIsRefusedInWords(String yaml, String words) {
        assertThatThrownBy(() -> read(yaml + "\n", Map.of("P", "secret"))).isInstanceOf(ConfigException.class)
                .hasMessageContaining(words);
    }

    private ParetoConfig read(String yaml, Map<String, String> env) throws ConfigException {
        try {
            return new ConfigReader().read(Files.writeString(folder.resolve("pareto.yaml"), yaml), env);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
