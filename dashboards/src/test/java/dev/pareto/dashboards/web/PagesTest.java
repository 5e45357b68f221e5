package dev.pareto.dashboards.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PagesTest {

    private final Pages pages = new Pages();

    @Test
    void thePageAndEverythingItNamesAreThere() {
        assumeThat(pages.find("/")).as("the pages are built (not with -DskipUi)").isPresent();
        Pages.Page index = pages.find("/").orElseThrow();
        String html = new String(index.body(), UTF_8);

        assertThat(index.headers()).containsEntry("Cache-Control", "no-cache");
        assertThat(html).doesNotContain("<style").doesNotContain("style=").doesNotContain("//cdn");
        Matcher named = Pattern.compile("(?:src|href)=\"/([^\"]+)\"").matcher(html);
        int found = 0;
        while (named.find()) {
            assertThat(pages.find("/" + named.group(1))).as(named.group(1)).isPresent();
            found++;
        }
        assertThat(found).isGreaterThanOrEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/evals", "/evals/0199a3c2", "/swaps/support", "/verdicts/", "/experiments"})
    void addressesOfPagesAreKnown(String path) {
        assertThat(pages.known(path)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/nothing", "/assets/x.js", "/evalsx", "//evals"})
    void otherAddressesAreNot(String path) {
        assertThat(pages.known(path)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/../Pages.class", "/assets/../../web/Pages.class", "/Pages.class", "/nothing.js",
            "//etc/passwd",
            "/assets/", "/%2e%2e/x.js"})
    void nothingElseIsServed(String path) {
        assertThat(pages.find(path)).isEmpty();
    }
}
