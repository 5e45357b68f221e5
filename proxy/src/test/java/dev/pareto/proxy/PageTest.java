package dev.pareto.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.pareto.proxy.testing.Browser;
import dev.pareto.proxy.testing.Payloads;
import dev.pareto.proxy.testing.World;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The page in a real browser: what a person reads there is what the ledger's rows add up to. */
@ExtendWith(World.Extension.class)
final class PageTest {

    /** The card shows a rounded amount and beneath it the exact one. */
    private static final Pattern SPEND = Pattern.compile("data-figure=\"spend\".*?data-exact=\"([0-9.]+)\"");

    private final World world;

    @TempDir
    private Path profile;

    PageTest(World world) {
        this.world = world;
    }

    @Test
    void spendOnThePageIsTheSumOfTheRowsToTheLastDigit() throws Exception {
        Optional<Browser> browser = Browser.start(profile);
        assumeThat(browser).as("no Chromium on the PATH; on Debian: apt-get install chromium").isPresent();
        for (int i = 0; i < 7; i++) {
            assertThat(world.gateway.post("/v1/chat/completions", Payloads.CHAT).statusCode()).isEqualTo(200);
        }
        BigDecimal rows = world.gateway.attempts()
                .stream()
                .map(attempt -> attempt.get("cost_pico"))
                .map(pico -> pico == null ? BigDecimal.ZERO : new BigDecimal(pico.toString()).movePointLeft(12))
                .reduce(BigDecimal.ZERO, BigDecimal::add);

        String page;
        try (Browser opened = browser.orElseThrow()) {
            page = opened.show(world.gateway.adminUrl().resolve("/"), Browser.Theme.LIGHT).dom();
        }

        Matcher spend = SPEND.matcher(page);
        assertThat(spend.find()).as("the page shows its spend: %s", page).isTrue();
        assertThat(new BigDecimal(spend.group(1))).isEqualByComparingTo(rows);
        assertThat(rows).isPositive();
        assertThat(page).contains("openai/gpt-4o");
    }
}
