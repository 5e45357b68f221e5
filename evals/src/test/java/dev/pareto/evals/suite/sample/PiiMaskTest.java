package dev.pareto.evals.suite.sample;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PiiMaskTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "Write to ana.silva+x@mail.example.com now | Write to [EMAIL_1] now",
            "Card 4111 1111 1111 1111, please | Card [CARD_1], please",
            "5555-5555-5555-4444 | [CARD_1]",
            "IBAN DE89 3704 0044 0532 0130 00. | IBAN [IBAN_1].",
            "GB29NWBK60161331926819 | [IBAN_1]",
            "DE89370400440532013000 AND MORE | [IBAN_1] AND MORE",
            "4111 1111 1111 1111 12/27 | [CARD_1] 12/27",
            "from 192.168.10.254, port 80 | from [IP_1], port 80",
            "host 2001:db8::ff00:42:8329 is down | host [IP_1] is down",
            "call +49 30 1234567 or 030 7654321 | call [PHONE_1] or [PHONE_2]",
            "(555) 123-4567 | [PHONE_1]",
            "555-123-4567 | [PHONE_1]",
            "use sk-proj-abcdefghijklmnop1234567890 here | use [SECRET_1] here",
            "ghp_abcdefghijklmnopqrstuvwxyz0123456789 | [SECRET_1]",
            "AKIAIOSFODNN7EXAMPLE | [SECRET_1]",
            "Authorization: Bearer abcdef0123456789abcdef | Authorization: Bearer [SECRET_1]",
            "password: hunter2hunter2 | password: [SECRET_1]",
            "db at postgres://bob:geheim@db:5432/x | db at postgres://[SECRET_1]@db:5432/x",
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abcdefghijkl | [SECRET_1]"})
    void takesOut(String text, String masked) {
        assertThat(new PiiMask().mask(text)).isEqualTo(masked);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Order 4111111111111112 has no check digit", "It is 12:30:45 on 2026-11-22", "std::vector::size",
                    "Version 1.2.3 of 300.1.2.3", "Room 1024 costs 99.50", "DE00 1234 5678 9012 3456 78 is no IBAN",
                    "The password is never shown", "a ratio of 3:2, and 10:20:30", "0000000000000000",
                    "an e-mail @home", "1,234,567.89"})
    void leavesAlone(String text) {
        assertThat(new PiiMask().mask(text)).isEqualTo(text);
    }

    @Test
    void theSameValueKeepsItsMarkWithinAConversation() {
        PiiMask mask = new PiiMask();
        assertThat(mask.mask("From a@x.org to b@x.org")).isEqualTo("From [EMAIL_1] to [EMAIL_2]");
        assertThat(mask.mask("Reply to A@X.org")).isEqualTo("Reply to [EMAIL_1]");
        assertThat(mask.counts()).containsEntry(PiiMask.Kind.EMAIL, 2);
        assertThat(mask.summary()).isEqualTo("EMAIL 2");
    }

    @Test
    void privateKeysGoWhole() {
        String key = "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nabc=\n-----END RSA PRIVATE KEY-----";
        assertThat(new PiiMask().mask("x " + key + " y")).isEqualTo("x [PRIVATE_KEY_1] y");
    }

    @Test
    void longTextsTakeLinearTime() {
        for (String hostile : new String[]{"1 ".repeat(50_000), "a.".repeat(50_000) + "@", ":".repeat(50_000),
                "AB12 ".repeat(20_000),
                "password".repeat(10_000), "sk-" + "a-".repeat(50_000)}) {
            assertThat(new PiiMask().mask(hostile)).isNotEmpty();
        }
    }
}
