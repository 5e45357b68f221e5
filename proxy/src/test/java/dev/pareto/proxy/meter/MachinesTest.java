package dev.pareto.proxy.meter;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.pareto.dashboards.store.SqliteStore;
import dev.pareto.policies.price.hosting.MachineBill;
import dev.pareto.proxy.testing.FakeVendor;
import dev.pareto.proxy.testing.Gateway;
import dev.pareto.proxy.testing.Payloads;
import dev.pareto.proxy.LiveConfig;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** An {@code hourly-cost} is charged by the second that a request holds the machine, and the rest is idle. */
final class MachinesTest {

    @TempDir
    private Path folder;

    @Test
    void aCallToAnOwnMachineIsChargedByItsSeconds() {
        try (var vendor = new FakeVendor();
                var gateway = Gateway.start(folder, "vendors: {cluster: {dialect: openai, url: '" + vendor.url()
                        + "', open: true, hourly-cost: 3600000 USD, models: [gpt-4o]}}")) {
            vendor.answers(Payloads::openAi);

            assertThat(gateway.post("/v1/chat/completions", Payloads.CHAT).statusCode()).isEqualTo(200);

            Map<String, @Nullable Object> attempt = gateway.attempts().getLast();
            assertThat(attempt).containsEntry("price_status", "PRICED")
                    .containsEntry("price_version", "cluster/gpt-4o:standard:hourly-3600000");
            long cost = ((Number) Objects.requireNonNull(attempt.get("cost_pico"))).longValue();
            assertThat(cost).isPositive();
            List<Map<String, @Nullable Object>> lines = JdbcClient.create(gateway.bean(SqliteStore.class).reads())
                    .sql("SELECT * FROM charge_line WHERE bucket = 'gpu_second'")
                    .query()
                    .listOfRows();
            assertThat(lines).singleElement().satisfies(line -> {
                assertThat(line).containsEntry("unit_price", "3600000").containsEntry("per", "3600");
                assertThat(line.get("cost_pico")).isEqualTo(attempt.get("cost_pico"));
            });
        }
    }

    @Test
    void chargedAndIdleAreTheWhole() throws Exception {
        try (var vendor = new FakeVendor();
                var gateway = Gateway.start(folder, "vendors: {cluster: {dialect: openai, url: '" + vendor.url()
                        + "', open: true, hourly-cost: 2.10 USD, models: [gpt-4o]}}")) {
            long[] nanos = {0};
            var registry = new SimpleMeterRegistry();
            Machines machines = new Machines(() -> gateway.bean(LiveConfig.class).get().catalogue().vendors(),
                    () -> nanos[0],
                    registry);
            var share = Objects.requireNonNull(machines.begin("cluster"));
            nanos[0] = 1_440_000_000_000L;
            share.end();
            nanos[0] = 3_600_000_000_000L;

            MachineBill bill = machines.bill("cluster").orElseThrow();
            assertThat(bill.whole().plain()).isEqualTo("2.1");
            assertThat(bill.charged().plain()).isEqualTo("0.84");
            assertThat(bill.idle().plain()).isEqualTo("1.26");
            assertThat(registry.get("pareto.machine.seconds").tag("use", "idle").functionCounter().count())
                    .isEqualTo(2_160);
            assertThat(registry.get("pareto.machine.cost").tag("use", "charged").functionCounter().count())
                    .isEqualTo(0.84);
            assertThat(machines.begin("stranger")).isNull();
        }
    }
}
