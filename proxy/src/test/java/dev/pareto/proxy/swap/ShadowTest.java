package dev.pareto.proxy.swap;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.pareto.dashboards.web.DashboardApi;
import dev.pareto.policies.swap.Outcome;
import dev.pareto.proxy.testing.Await;
import dev.pareto.proxy.testing.FakeVendor;
import dev.pareto.proxy.testing.Gateway;
import dev.pareto.proxy.testing.Payloads;
import dev.pareto.proxy.testing.Script;
import dev.pareto.proxy.testing.Swapping;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Live requests, copied to a candidate in shadow. */
final class ShadowTest {

    private static final String CHAT = Payloads.CHAT.replace("gpt-4o", "r");
    private static final String ALL = "approval: automatic, shadow: {sample: 100 %, at-once: 2, time-limit: 2 s}";

    @TempDir
    private Path folder;

    private final FakeVendor openai = new FakeVendor().answers(Payloads::openAi);
    private final FakeVendor cluster = new FakeVendor().answers(Payloads::openAi);

    @AfterEach
    void close() {
        openai.close();
        cluster.close();
    }

    @Test
    void afterAGoodVerdictCopiesGoOutAndAreOverheadInTheLedger() {
        try (Gateway gateway = start(ALL)) {
            var swapping = new Swapping(gateway.adminUrl());
            assertThat(swapping.state()).isEqualTo("CLOSED");
            assertThat(ask(gateway, CHAT).headers().firstValue("Pareto-Model")).contains("openai/gpt-4o");
            assertThat(cluster.seen()).isEmpty();

            swapping.verdict("v1", Outcome.NON_INFERIOR);
            assertThat(swapping.state()).as("by itself").isEqualTo("SHADOW");
            gateway.post("/v1/chat/completions", CHAT, "Pareto-Cache", "no-store", "Idempotency-Key", "order-7");
            Await.until("the copy has ended", () -> seen(swapping) == 1);
            assertThat(cluster.seen()).singleElement().satisfies(copy -> {
                assertThat(copy.body()).contains("Say hello");
                assertThat(copy.headers().get("Idempotency-Key")).as("names another call").isNull();
            });

            ask(gateway, Payloads.CHAT_STREAM.replace("gpt-4o", "r"));
            Await.until("the streamed copy has ended", () -> seen(swapping) == 2);
            List<Map<String, @Nullable Object>> rows = gateway.attempts();
            assertThat(rows).extracting(row -> row.get("role"))
                    .containsExactlyInAnyOrder("PRIMARY", "PRIMARY", "PRIMARY", "SHADOW", "SHADOW");
            assertThat(rows).filteredOn(row -> "SHADOW".equals(row.get("role"))).allSatisfy(row -> {
                assertThat(row).containsEntry("state", "SETTLED").containsEntry("model", "cluster/tiny");
                assertThat(row.get("cost_pico")).asString().isNotEqualTo("0");
                assertThat(row.get("baseline_pico")).asString().as("it spares nothing").isEqualTo("0");
            });
            assertThat(gateway.bean(DashboardApi.class).overview(null).figures().requests()).isEqualTo(3);
            assertThat(swapping.swap().path("candidateSeen").path("failed").asInt(-1)).isZero();
        }
    }

    @Test
    void theCallerFeelsNothingOfACopyThatHangs() {
        cluster.answers(Script.json(200, "{\"choices\":").ending(Script.End.HANG));
        try (Gateway gateway = start(ALL)) {
            var swapping = new Swapping(gateway.adminUrl());
            swapping.verdict("v1", Outcome.NON_INFERIOR);
            ask(gateway, CHAT);
            Await.until("a copy hangs", () -> cluster.running() == 1);
            for (int i = 0; i < 10; i++) {
                assertThat(ask(gateway, CHAT.replace("hello", "hello " + i)).statusCode()).isEqualTo(200);
                assertThat(cluster.running()).as("no more than may hang at once").isLessThanOrEqualTo(2);
            }
            Await.until("the copies have run out of time", () -> seen(swapping) >= 2);
            assertThat(swapping.swap().path("candidateSeen").path("failed").asInt(0)).isGreaterThanOrEqualTo(2);
            assertThat(gateway.attempts()).filteredOn(row -> "SHADOW".equals(row.get("role")))
                    .allSatisfy(row -> assertThat(row).containsEntry("state", "FAILED"));
            assertThat(ask(gateway, CHAT.replace("hello", "again")).statusCode()).isEqualTo(200);
            Await.until("a place is free again", () -> cluster.seen().size() >= 3);
        }
    }

    @Test
    void copiesThatFailRollTheSwapBackBeforeAnyCallerMetIt() {
        cluster.answers(Script.json(500, "{\"error\":{\"message\":\"broken\"}}"));
        try (Gateway gateway = start(ALL)) {
            var swapping = new Swapping(gateway.adminUrl());
            swapping.verdict("v1", Outcome.NON_INFERIOR);
            for (int i = 0; i < 60 && !swapping.state().equals("ROLLED_BACK"); i++) {
                long before = seen(swapping);
                ask(gateway, CHAT.replace("hello", "hello " + i));
                Await.until("the copy has ended",
                        () -> seen(swapping) > before || swapping.state().equals("ROLLED_BACK"));
            }
            assertThat(swapping.state()).isEqualTo("ROLLED_BACK");
            assertThat(swapping.swap().path("reason").asString("")).startsWith("guard errors");
            int copies = cluster.seen().size();
            ask(gateway, CHAT.replace("hello", "later"));
            assertThat(cluster.seen()).as("no copies any more").hasSize(copies);
        }
    }

    @Test
    void requestsWithToolsAreNeverCopied() {
        try (Gateway gateway = start(ALL)) {
            new Swapping(gateway.adminUrl()).verdict("v1", Outcome.NON_INFERIOR);
            String tools = CHAT.substring(0, CHAT.lastIndexOf('}'))
                    + ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"refund\"}}]}";
            assertThat(ask(gateway, tools).statusCode()).isEqualTo(200);
            ask(gateway, CHAT);
            Await.until("the other one is copied", () -> !cluster.seen().isEmpty());
            assertThat(cluster.seen()).hasSize(1).allSatisfy(copy -> assertThat(copy.body()).doesNotContain("refund"));
        }
    }

    @Test
    void aCopyThatMayCostMoreThanTheDayAllowsIsNotMade() {
        // 4,096 tokens at 2 USD a million are 0.008 USD at worst
        try (Gateway gateway = start(ALL.replace("at-once", "per-day: 0.008 USD, at-once"))) {
            var swapping = new Swapping(gateway.adminUrl());
            swapping.verdict("v1", Outcome.NON_INFERIOR);
            ask(gateway, CHAT);
            ask(gateway, CHAT.replace("hello", "and again"));
            assertThat(gateway.attempts()).extracting(row -> row.get("role")).containsOnly("PRIMARY");
            assertThat(cluster.seen()).isEmpty();
        }
    }

    /** At worst 0.0082 USD each. The one that hangs is waited for to its end three times. */
    @ParameterizedTest
    @EnumSource(Script.End.class)
    void aCopyThatFailedGivesBackWhatWasSetAsideForIt(Script.End end) {
        Script broken = end == Script.End.DONE
                ? Script.json(500, "{\"error\":{\"message\":\"broken\"}}")
                : Script.events("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hel\"}}]}\n\n").ending(end);
        cluster.answers(broken);
        String brief = ALL.replace("at-once", "per-day: 0.009 USD, at-once").replace("2 s", "500 ms");
        try (Gateway gateway = start(brief)) {
            var swapping = new Swapping(gateway.adminUrl());
            swapping.verdict("v1", Outcome.NON_INFERIOR);
            for (int copy = 1; copy <= 3; copy++) {
                int copies = copy;
                ask(gateway, Payloads.CHAT_STREAM.replace("gpt-4o", "r").replace("hello", "hello " + copy));
                Await.until("copy " + copy + " was made and is told", () -> seen(swapping) == copies);
            }
            assertThat(cluster.seen()).hasSize(3);
        }
    }

    private Gateway start(String swap) {
        return Gateway.start(folder, Swapping.config(openai, cluster, swap));
    }

    private static long seen(Swapping swapping) {
        return swapping.swap().path("candidateSeen").path("requests").asLong(0);
    }

    private static HttpResponse<byte[]> ask(Gateway gateway, String body) {
        return Objects.requireNonNull(gateway.post("/v1/chat/completions", body, "Pareto-Cache", "no-store"));
    }
}
