package dev.pareto.proxy.swap;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;

import dev.pareto.policies.swap.Outcome;
import dev.pareto.proxy.testing.Await;
import dev.pareto.proxy.testing.FakeVendor;
import dev.pareto.proxy.testing.Gateway;
import dev.pareto.proxy.testing.Payloads;
import dev.pareto.proxy.testing.Script;
import dev.pareto.proxy.testing.Swapping;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Nothing reaches a candidate that its swap forbids; what it allows is watched, and taken back within the same second. */
final class OneGateTest {

    private static final String CHAT = Payloads.CHAT.replace("gpt-4o", "r");
    private static final String COMPLETIONS = "/v1/chat/completions";

    @TempDir
    private Path folder;

    private final FakeVendor openai = new FakeVendor().answers(Payloads::openAi);
    private final FakeVendor cluster = new FakeVendor().answers(Payloads::openAi);

    @AfterEach
    void close() {
        openai.close();
        cluster.close();
    }

    /** The state is OFFLINE: the verdict is good, a person has not agreed. */
    @ParameterizedTest
    @CsvSource({"Pareto-Tags, team=x, false", "Pareto-Model, cluster/tiny, false", "Pareto-Model, cluster/also, false",
            "Pareto-Policy, cheap, false", "Pareto-Max-Cost-Usd, 0.000001, false",
            "Pareto-Data-Class, local-only, false",
            "Pareto-Tags, team=x, true", "Pareto-Policy, cheap, true", "Pareto-Model, cluster/tiny, true",
            "Pareto-Unit, ann, true"})
    void noHeaderAliasOrFallbackReachesACandidateThatIsNotLetIn(String header, String value, boolean down) {
        if (down) {
            openai.answers(Script.json(503, "{\"error\":{\"message\":\"down\"}}"));
        }
        try (Gateway gateway = start("approval: manual")) {
            var swapping = new Swapping(gateway.adminUrl());
            swapping.verdict("v1", Outcome.NON_INFERIOR);
            assertThat(swapping.state()).isEqualTo("OFFLINE");
            for (String body : new String[]{CHAT, CHAT.replace("\"r\"", "\"alias\""),
                    Payloads.CHAT_STREAM.replace("gpt-4o", "r")}) {
                assertThat(gateway.post(COMPLETIONS, body, header, value).statusCode()).isIn(200, 422, 503);
            }
            assertThat(cluster.seen()).isEmpty();
        }
    }

    @Test
    void whatIsServedIsWatchedAndARollBackHoldsForKeptAnswersToo() {
        try (Gateway gateway = start("approval: manual")) {
            var swapping = new Swapping(gateway.adminUrl());
            swapping.act("override", ",\"share\":\"100 %\",\"for\":\"1 h\"");
            assertThat(model(gateway, CHAT)).isEqualTo("cluster/tiny");
            assertThat(model(gateway, CHAT)).as("from the cache").isEqualTo("cluster/tiny");
            assertThat(cluster.seen()).hasSize(1);
            Await.until("the answer was seen",
                    () -> swapping.swap().path("candidateSeen").path("requests").asInt(0) == 1);

            cluster.answers(Script.json(500, "{\"error\":{\"message\":\"broken\"}}"));
            int asked = 0;
            while (swapping.state().equals("CLOSED") && asked < 60) {
                assertThat(model(gateway, CHAT.replace("hello", "hello " + asked++))).isEqualTo("openai/gpt-4o");
            }
            assertThat(swapping.state()).isEqualTo("ROLLED_BACK");
            assertThat(asked).as("failures until the roll-back").isLessThan(20);
            int before = cluster.seen().size();
            assertThat(model(gateway, CHAT)).as("its kept answer is not given any more").isEqualTo("openai/gpt-4o");
            assertThat(cluster.seen()).hasSize(before);
            // Moves are written down behind the requests' back.
            Await.until("the roll-back is on record", () -> swapping.get("/api/swaps/moves?route=r")
                    .path("moves")
                    .path(0)
                    .path("guard")
                    .asString("")
                    .equals("errors"));
            assertThat(swapping.act("override", ",\"share\":\"100 %\",\"for\":\"1 h\"")
                    .path("error")
                    .path("code")
                    .asString("")).isEqualTo("illegal_move");
        }
    }

    @Test
    void answersThatLackTheirFormTakeItBack() {
        String json = CHAT.substring(0, CHAT.lastIndexOf('}')) + ",\"response_format\":{\"type\":\"json_object\"}}";
        try (Gateway gateway = start("approval: manual, guards: {errors: off, truncated: off}")) {
            var swapping = new Swapping(gateway.adminUrl());
            swapping.act("override", ",\"share\":\"100 %\",\"for\":\"1 h\"");
            int asked = 0;
            while (swapping.state().equals("CLOSED") && asked < 60) {
                String body = json.replace("hello", "hello " + asked++);
                gateway.post(COMPLETIONS, asked % 2 == 0 ? body : body.replaceFirst("\\{", "{\"stream\":true,"));
            }
            assertThat(swapping.swap().path("reason").asString("")).startsWith("guard format");
        }
    }

    @Test
    void aCallerIsAssignedOnceAndForAll() {
        try (Gateway gateway = start("approval: manual")) {
            var swapping = new Swapping(gateway.adminUrl());
            swapping.act("override", ",\"share\":\"50 %\",\"for\":\"1 h\"");
            int candidate = 0;
            for (int user = 0; user < 40; user++) {
                String body = CHAT.substring(0, CHAT.lastIndexOf('}')) + ",\"user\":\"u" + user + "\"}";
                String first = model(gateway, body.replace("hello", "a"));
                assertThat(model(gateway, body.replace("hello", "b"))).isEqualTo(first);
                candidate += first.equals("cluster/tiny") ? 1 : 0;
            }
            assertThat(candidate).isBetween(8, 32);
            Await.until("each unit was counted once", () -> swapping.swap().path("candidateSeen").path("units").asInt(0)
                    + swapping.swap().path("incumbentSeen").path("units").asInt(0) == 40);
        }
    }

    private Gateway start(String swap) {
        return Gateway.start(folder, Swapping.config(openai, cluster, swap));
    }

    private static String model(Gateway gateway, String body) {
        return gateway.post(COMPLETIONS, body).headers().firstValue("Pareto-Model").orElse("none");
    }
}
