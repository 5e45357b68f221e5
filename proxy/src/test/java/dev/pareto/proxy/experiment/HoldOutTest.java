package dev.pareto.proxy.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

import dev.pareto.proxy.testing.Await;
import dev.pareto.proxy.testing.FakeVendor;
import dev.pareto.proxy.testing.Gateway;
import dev.pareto.proxy.testing.Payloads;
import dev.pareto.proxy.testing.Trials;
import dev.pareto.proxy.testing.Trials.Answer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A hold-out over the wire: some users stay with the baseline, and what the others save is measured against them. */
final class HoldOutTest {

    private static final String EXPERIMENT = "arms: {closed: {model: openai/gpt-4o}, open: {model: cluster/tiny}}, "
            + "primary: {metric: success, minimal-effect: 2 pp}";

    @TempDir
    private Path folder;

    private final FakeVendor openai = new FakeVendor().answers(Payloads::openAi);
    private final FakeVendor cluster = new FakeVendor().answers(Payloads::openAi);

    @AfterEach
    void close() {
        openai.close();
        cluster.close();
    }

    private Gateway start() {
        return Gateway.start(folder, Trials.config(openai, cluster, EXPERIMENT)
                .replace("cache: {ttl: 10 min}", "hold-out: 30 %"));
    }

    @Test
    void heldOutUsersStayWithTheBaselineAndTheSavingIsMeasuredAgainstThem() {
        try (Gateway gateway = start()) {
            Trials trials = new Trials(gateway.url(), gateway.adminUrl()).gateOpen();
            Set<String> sides = new HashSet<>();
            int held = 0;
            for (int user = 0; user < 120; user++) {
                Answer first = trials.ask("u" + user, "a");
                boolean out = first.part().equals("hold-out=held");
                assertThat(first.model()).isEqualTo(out ? "openai/gpt-4o" : "cluster/tiny");
                sides.add(first.part());
                held += out ? 1 : 0;
                if (user < 10) {
                    assertThat(trials.ask("u" + user, "b").part()).as("the same user").isEqualTo(first.part());
                }
            }
            assertThat(sides).containsExactlyInAnyOrder("hold-out=held", "hold-out=compared");
            assertThat(held).isBetween(20, 55);
            assertThat(trials.ask("u1", "c", "Pareto-Model", "openai/gpt-4o").part()).as("forced").isEqualTo("none");
            int expected = held;
            Await.until("the ledger has them all", () -> trials.get("/api/money/savings?period=today")
                    .path("routes")
                    .path(0)
                    .path("measured")
                    .path("heldUnits")
                    .asInt(0) == expected);
            JsonNode measured = trials.get("/api/money/savings?period=today").path("measured");
            assertThat(Double.parseDouble(measured.path("lower").asString("0"))).isPositive();
            assertThat(measured.path("delivered").asDouble(0)).isEqualTo(1);
        }
    }

    @Test
    void aRunningExperimentGoesFirst() {
        try (Gateway gateway = start()) {
            Trials trials = new Trials(gateway.url(), gateway.adminUrl()).gateOpen();
            trials.act("start", "");
            for (int user = 0; user < 10; user++) {
                assertThat(trials.ask("u" + user, "a").part()).startsWith("x=");
            }
        }
    }
}
