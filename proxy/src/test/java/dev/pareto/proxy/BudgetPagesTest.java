package dev.pareto.proxy;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.pareto.proxy.testing.Browser;
import dev.pareto.proxy.testing.Browser.Theme;
import dev.pareto.proxy.testing.FakeVendor;
import dev.pareto.proxy.testing.Gateway;
import dev.pareto.proxy.testing.Payloads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The pages of budgets in a real browser: what they say, that they fit, and that nobody is kept out. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class BudgetPagesTest {

    private static final Path AXE = Path.of("../dashboards/src/main/ui/node_modules/axe-core/axe.min.js");
    private static final String BODY = "{\"model\":\"r\",\"messages\":[{\"role\":\"user\",\"content\":\"Say hello\"}]}";

    private final FakeVendor vendor = new FakeVendor().answers(Payloads::openAi);
    private @Nullable Gateway gateway;
    private @Nullable Browser browser;

    @BeforeAll
    void spend(@TempDir Path folder) throws IOException {
        browser = Browser.start(Files.createDirectories(folder.resolve("browser"))).orElse(null);
        Gateway started = Gateway.start(folder,
                """
                vendors:
                  vendor: {dialect: openai, url: '%s', retries: 0, models: {cent: {prices: [{from: 2020-01-01, input: 0, output: 0, request: {price: 1, per: 100}}]}}}
                routes:
                  r: {candidates: [vendor/cent]}
                budgets:
                  team-search: {scope: {team: search}, amount: 0.02 USD}
                  everything: {scope: all, amount: 1 USD, per: day}
                commitments:
                  vendor-contract: {models: ['vendor/*'], from: 2020-01-01, to: 2099-12-31, amount: 5 USD}
                """.formatted(
                        vendor.url()));
        gateway = started;
        for (int call = 0; call < 3; call++) {
            started.post("/v1/chat/completions", BODY, "Pareto-Tags", "team=search");
        }
        started.attempts();
    }

    @AfterAll
    void stop() {
        if (browser != null) {
            browser.close();
        }
        requireNonNull(gateway).close();
        vendor.close();
    }

    @ParameterizedTest
    @CsvSource({"/budgets, LIGHT, 1440, used up", "/budgets, DARK, 375, everything",
            "/budgets, LIGHT, 1440, vendor-contract", "/budgets, DARK, 768, Unused at this pace",
            "/budgets/team-search, DARK, 1440, vendor/cent",
            "/budgets/team-search, LIGHT, 768, calls are refused with 402", "/budgets/everything, LIGHT, 375, on pace",
            "/budgets/nobodys, LIGHT, 1440, There is no budget nobodys"})
    void aPageSaysWhatIsSpentAndKeepsNobodyOut(String path, Theme theme, int width, String says) throws IOException {
        assumeThat(browser).as("a chromium").isNotNull();
        Browser tab = requireNonNull(browser);
        Browser.Shown page = tab.show(requireNonNull(gateway).adminUrl().resolve(path), theme, width);

        assertThat(page.dom()).contains(says);
        assertThat(page.overflow()).isZero();
        if (Files.exists(AXE)) {
            assertThat(tab.barriers(Files.readString(AXE))).isEmpty();
        }
    }
}
