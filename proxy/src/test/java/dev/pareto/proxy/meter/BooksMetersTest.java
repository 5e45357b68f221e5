package dev.pareto.proxy.meter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pareto.dashboards.reconcile.Reconciliation;
import dev.pareto.dashboards.reconcile.VendorCost;
import dev.pareto.dashboards.reconcile.VendorCostRepository;
import dev.pareto.dashboards.store.SqliteStore;
import dev.pareto.policies.price.Money;
import dev.pareto.proxy.cli.Ran;
import dev.pareto.proxy.prices.PriceDesk;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Prometheus is told of vendors' accounts and of the age of prices. */
final class BooksMetersTest {

    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

    @TempDir
    private Path folder;

    private final AtomicReference<Instant> now = new AtomicReference<>(NOW);
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @Test
    void differencesAreSummedWhateverTheirSignAndAgesGrow() {
        try (SqliteStore store = SqliteStore.open(folder.resolve("pareto.db")); BooksMeters meters = meters(store)) {
            LocalDate day = LocalDate.of(2026, 11, 20);
            new VendorCostRepository(store).replace("openai", day, day.plusDays(1),
                    List.of(cost(day, "3.25"), cost(day.plusDays(1), "-1.25")), NOW.minus(Duration.ofHours(2)));
            meters.lookNow(registry);

            assertThat(value("pareto.reconcile.difference.usd", "openai")).isEqualTo(4.5);
            assertThat(value("pareto.reconcile.ledger.usd", "openai")).isZero();
            assertThat(value("pareto.reconcile.age.seconds", "openai")).isEqualTo(7_200);
            now.set(NOW.plusSeconds(60));
            assertThat(value("pareto.reconcile.age.seconds", "openai")).isEqualTo(7_260);
        }
    }

    @Test
    void theAgeOfPricesIsThatOfTheNewestFileOfVendorsInUse() throws Exception {
        Files.createDirectories(folder.resolve("prices"));
        Files.writeString(folder.resolve("prices/openai-own.yaml"),
                """
                {vendor: openai, currency: USD, checked: 2026-11-22, source: test,
                 models: {own-model: {prices: [{from: 2026-01-01, input: 1, output: 2}]}}}""");
        Path catalogue = Files.writeString(folder.resolve("litellm.json"),
                """
                {"gpt-4o": {"litellm_provider": "openai", "input_cost_per_token": 2e-06, "output_cost_per_token": 1e-05}}""");
        Ran.of(List.of("prices", "import", "litellm", catalogue.toString(), "--as-of", "2026-11-20", "--config",
                folder.resolve("pareto.yaml").toString()));
        try (SqliteStore store = SqliteStore.open(folder.resolve("pareto.db")); BooksMeters meters = meters(store)) {
            meters.lookNow(registry);

            assertThat(value("pareto.prices.age.seconds", "openai")).isCloseTo(36 * 3_600.0, within(0.1));
            assertThat(registry.find("pareto.prices.age.seconds").tag("vendor", "mistral").gauge())
                    .as("a vendor that is not in use")
                    .isNull();
            assertThat(registry.get("pareto.prices.proposals").gauge().value()).isEqualTo(1);
        }
    }

    private double value(String name, String vendor) {
        return registry.get(name).tag("vendor", vendor).gauge().value();
    }

    private static VendorCost cost(LocalDate day, String amount) {
        return new VendorCost(day, null, "gpt-4o, input", "gpt-4o", null, null, Money.usd(amount));
    }

    private BooksMeters meters(SqliteStore store) {
        return new BooksMeters(new Reconciliation(store),
                () -> new PriceDesk(folder.resolve("pareto.yaml"), Map.of(), now::get), () -> Set.of("openai"), "USD",
                now::get, Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().factory()));
    }
}
