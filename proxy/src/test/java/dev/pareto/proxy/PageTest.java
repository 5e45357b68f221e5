package dev.pareto.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.pareto.proxy.testing.Payloads;
import dev.pareto.proxy.testing.World;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
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
        Optional<Path> browser = browser();
        assumeThat(browser).as("no Chromium on the PATH; on Debian: apt-get install chromium").isPresent();
        for (int i = 0; i < 7; i++) {
            assertThat(world.gateway.post("/v1/chat/completions", Payloads.CHAT).statusCode()).isEqualTo(200);
        }
        BigDecimal rows = world.gateway.attempts()
                .stream()
                .map(attempt -> attempt.get("cost_pico"))
                .map(pico -> pico == null ? BigDecimal.ZERO : new BigDecimal(pico.toString()).movePointLeft(12))
                .reduce(BigDecimal.ZERO, BigDecimal::add);

        String page = dom(browser.orElseThrow());

        Matcher spend = SPEND.matcher(page);
        assertThat(spend.find()).as("the page shows its spend: %s", page).isTrue();
        assertThat(new BigDecimal(spend.group(1))).isEqualByComparingTo(rows);
        assertThat(rows).isPositive();
        assertThat(page).contains("openai/gpt-4o");
    }

    /** The document after its scripts have run. */
    private String dom(Path browser) throws IOException, InterruptedException {
        Path out = profile.resolve("page.html");
        Process process = new ProcessBuilder(List.of(browser.toString(), "--headless", "--no-sandbox", "--disable-gpu",
                "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
                "--disable-sync", "--user-data-dir=" + profile.resolve("profile"), "--virtual-time-budget=8000",
                "--dump-dom", world.gateway.adminUrl().resolve("/").toString()))
                .redirectOutput(out.toFile())
                .redirectError(profile.resolve("browser.log").toFile())
                .start();
        assertThat(process.waitFor(90, TimeUnit.SECONDS)).as("the browser ends by itself").isTrue();
        return Files.readString(out, UTF_8);
    }

    private static Optional<Path> browser() {
        return Stream.of(System.getenv("PATH").split(java.io.File.pathSeparator))
                .flatMap(folder -> Stream.of("chromium", "chromium-browser", "google-chrome")
                        .map(Path.of(folder)::resolve))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
