package dev.pareto.proxy.cli.ledger;

import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import dev.pareto.dashboards.ledger.AttemptRole;
import dev.pareto.dashboards.ledger.AttemptState;
import dev.pareto.dashboards.ledger.JdbcLedger;
import dev.pareto.dashboards.ledger.LedgerSettings;
import dev.pareto.dashboards.ledger.OpenAttempt;
import dev.pareto.dashboards.ledger.Service;
import dev.pareto.dashboards.ledger.Settlement;
import dev.pareto.dashboards.ledger.UuidV7;
import dev.pareto.dashboards.store.SqliteStore;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.price.Bill;
import dev.pareto.policies.price.ChargeLine;
import dev.pareto.policies.price.Cost;
import dev.pareto.policies.price.CostSource;
import dev.pareto.policies.price.Money;
import dev.pareto.policies.price.PriceStatus;
import dev.pareto.policies.price.Usage;
import dev.pareto.policies.price.UsageSource;
import dev.pareto.proxy.cli.Ran;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A month from the vendor's word to its close, by the commands alone. */
final class LedgerCommandsTest {

    private static final Instant THEN = Instant.parse("2025-10-20T12:00:00Z");
    private static final BigDecimal MILLION = BigDecimal.valueOf(1_000_000);

    @RegisterExtension
    final WireMockExtension vendor = WireMockExtension.newInstance()
            .options(WireMockConfiguration.wireMockConfig().dynamicPort())
            .build();

    @TempDir
    private Path folder;

    @BeforeEach
    void bookTwoCalls() throws IOException {
        Files.createDirectories(folder.resolve("data"));
        try (var store = SqliteStore.open(folder.resolve("data/pareto.db")); var ledger = ledger(store)) {
            var ids = new UuidV7(() -> THEN, new SplittableRandom(1));
            book(ledger, ids.get(), priced());
            book(ledger, ids.get(), new Cost(List.of(new ChargeLine("input", BigDecimal.TEN, null, null, null)), null,
                    PriceStatus.MISSING, null));
        }
        vendor.stubFor(get(urlPathEqualTo("/v1/organization/costs")).willReturn(
                okJson("""
                       {"object": "page", "has_more": false, "next_page": null, "data": [
                         {"object": "bucket", "start_time": 1760918400, "end_time": 1761004800, "results": [
                           {"object": "organization.costs.result", "amount": {"value": 0.75, "currency": "usd"},
                            "line_item": "gpt-4o-2024-08-06, input", "project_id": "proj_abc"}]}]}""")));
        vendor.stubFor(get(urlPathEqualTo("/v1/organization/usage/completions"))
                .willReturn(okJson("""
                                   {"object": "page", "has_more": false, "next_page": null, "data": []}""")));
    }

    @Test
    void aMonthIsReconciledCorrectedClosedAndStillHolds() {
        Ran before = run("close", "2025-10");
        assertThat(before.status()).isEqualTo(1);
        assertThat(before.out()).contains("OPEN    unpriced  1 call has none", "OPEN    reconciled:openai",
                "2025-10 cannot be closed yet.");
        assertThat(run("close", "2025-10", "--freeze").err()).contains("2025-10 cannot be closed:");

        Ran compared = run("reconcile", "--vendor=openai", "--url=" + vendor.baseUrl(), "--key=sk-admin-1",
                "--from=2025-10-20", "--to=2025-10-20");
        assertThat(compared.err()).isEmpty();
        assertThat(compared.out()).contains("missing     ledger 0.25, vendor 0.75, difference 0.5 USD",
                "missing   gpt-4o input: ledger 0.25 for 100010, vendor 0.75", "1 days, 0 agree");
        assertThat(compared.status()).isEqualTo(1);
        Ran booked = run("reconcile", "--vendor=openai", "--stored", "--book", "--from=2025-10-20", "--to=2025-10-20",
                "--by=ada");
        assertThat(booked.out()).contains("TRUE_UP", "0.5 USD", "1 adjustments booked", "1 days, 1 agree");
        assertThat(booked.status()).isZero();

        Ran repriced = run("reprice", "--from=2025-10-01", "--to=2025-10-31");
        assertThat(repriced.out()).contains("REPRICED", "1 adjustments would be booked");
        assertThat(run("reprice", "--from=2025-10-01", "--to=2025-10-31", "--book").out()).contains(
                "1 adjustments booked");
        assertThat(run("close", "2025-10", "--freeze", "--by=ada").err())
                .contains("30 of 31 days do not agree or were not asked for (30 not asked), the first 2025-10-01");
        assertThat(run("reconcile", "--vendor=openai", "--url=" + vendor.baseUrl(), "--key=sk-admin-1",
                "--from=2025-10-01", "--to=2025-10-31").out()).contains("31 days, 31 agree");
        Ran closed = run("close", "2025-10", "--freeze", "--by=ada");
        assertThat(closed.out()).contains("done    unpriced", "2025-10 was closed by ada", "sealed as entry ");
        assertThat(closed.status()).isZero();

        Ran credit = run("adjust", "--kind=credit", "--amount=-0.1", "--concerns=2025-10-20", "--vendor=openai",
                "--reason=goodwill", "--by=ada");
        assertThat(credit.out()).contains("CREDIT", "-0.1 USD", "1 adjustments booked");
        assertThat(run("adjust", "--reverse=" + credit.out().substring(0, 36), "--reason=mistaken").out())
                .contains("REVERSAL", "0.1 USD");
        Ran verified = run("verify");
        assertThat(verified.out()).contains("The ledger holds.");
        assertThat(verified.status()).isZero();
    }

    @Test
    void theLedgerIsWrittenAsFocus() throws IOException {
        Path file = folder.resolve("focus.csv");
        Ran written = run("focus", "-o", file.toString(), "--focus-version=1.3", "--grain=call");

        assertThat(written.err()).contains("1 rows of FOCUS 1.3", "billed: 0.25 USD", "1 charge lines have no price",
                "Every row keeps the specification's rules.");
        assertThat(written.status()).isZero();
        assertThat(Files.readAllLines(file)).hasSize(2)
                .first()
                .asString()
                .startsWith("BilledCost,BillingAccountId,")
                .contains("ServiceProviderName");
        assertThat(run("focus", "-o", file.toString()).err()).contains("exists already");
        assertThat(run("focus", "--focus-version=9").err()).contains("use one of 1.2, 1.3");
    }

    @Test
    void aFileOfCallsThatAreNoLongerKeptIsRefusedAndSaysSo() {
        try (var store = SqliteStore.open(folder.resolve("data/pareto.db"))) {
            JdbcClient.create(store.writes()).sql("DROP TRIGGER IF EXISTS dropped_month_was_closed").update();
            JdbcClient.create(store.writes())
                    .sql("""
                         INSERT INTO dropped_month (month, from_id, to_id, from_us, to_us, dropped_us)
                         VALUES ('2025-09', '', '', 0, 0, 0)""")
                    .update();
        }
        Path file = folder.resolve("lines.csv");

        Ran partly = run("export", "--from=2025-09-30", "--to=2025-10-31", "-o", file.toString());
        assertThat(partly.err()).contains("the calls of 2025-09 are no longer kept", "ask from 2025-10-01 on");
        assertThat(partly.status()).isEqualTo(1);
        assertThat(file).doesNotExist();
        Ran focus = run("focus", "--grain=call", "--from=2025-09-01", "--to=2025-09-30", "-o", file.toString());
        assertThat(focus.err()).contains("the calls of 2025-09 are no longer kept");
        assertThat(focus.status()).isEqualTo(1);
        assertThat(file).doesNotExist();

        Ran all = run("export");
        assertThat(all.err()).contains("The calls of before 2025-10-01 are no longer kept");
        assertThat(all.out().lines()).hasSize(3);
        assertThat(all.status()).isZero();
        assertThat(run("focus", "--from=2025-09-01", "-o", file.toString()).status()).as("sums by hour stay").isZero();
    }

    @Test
    void booksThatAGatewayWritesAreChangedThroughIt() {
        try (var store = SqliteStore.open(folder.resolve("data/pareto.db")); var ledger = ledger(store)) {
            assertThat(ledger.orphans()).isZero();
            Ran refused = run("adjust", "--kind=credit", "--amount=-1", "--concerns=2025-10-20", "--reason=test",
                    "--admin=http://127.0.0.1:9");
            assertThat(refused.err()).contains("another process writes these books", "--admin");
            assertThat(refused.status()).isNotZero();
        }
    }

    private Ran run(String... arguments) {
        List<String> all = new ArrayList<>(List.of("ledger"));
        all.addAll(List.of(arguments));
        all.add("--data=" + folder.resolve("data"));
        all.add("--config=" + folder.resolve("pareto.yaml"));
        return Ran.of(all);
    }

    private static JdbcLedger ledger(SqliteStore store) {
        return new JdbcLedger(store, LedgerSettings.defaults(), () -> THEN, System::nanoTime);
    }

    private static void book(JdbcLedger ledger, UUID id, Cost cost) {
        var model = new ModelId("openai", "gpt-4o");
        ledger.open(new OpenAttempt(id, id, 1, AttemptRole.PRIMARY, THEN, THEN.plus(Duration.ofMinutes(10)), "acme",
                Map.of("team", "search"), "support", "support", model, "openai", false, Money.usd("0.05"), null))
                .join();
        ledger.settle(new Settlement(id, AttemptState.SETTLED, null, THEN.plusSeconds(1), 200, "stop", "gpt-4o",
                Service.PLAIN, Usage.ofTokens(100_000, 0), UsageSource.VENDOR, "{}",
                new Bill(cost, cost, null, cost.total() == null ? null : CostSource.LIST), null, null, null, null))
                .join();
    }

    private static Cost priced() {
        var line = new ChargeLine("input", BigDecimal.valueOf(100_000), new BigDecimal("2.5"), MILLION,
                new BigDecimal("0.25"));
        return new Cost(List.of(line), Money.usd("0.25"), PriceStatus.PRICED, "openai/gpt-4o:standard:2024-10-01");
    }
}
