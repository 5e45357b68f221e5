package dev.pareto.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.pareto.proxy.testing.Payloads;
import dev.pareto.proxy.testing.Script;
import dev.pareto.proxy.testing.World;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What callers and the ledger see when a vendor fails, in every phase. */
@ExtendWith(World.Extension.class)
final class UpstreamFaultsTest {

    private static final String CHAT = "/v1/chat/completions";

    private final World world;
    private int before;

    UpstreamFaultsTest(World world) {
        this.world = world;
    }

    @BeforeEach
    void count() {
        before = world.gateway.attempts().size();
    }

    private List<Map<String, @Nullable Object>> attempts() {
        List<Map<String, @Nullable Object>> all = world.gateway.attempts();
        return all.subList(before, all.size());
    }

    private HttpResponse<byte[]> ask(String model, boolean stream) {
        return world.gateway.post(CHAT, (stream ? Payloads.CHAT_STREAM : Payloads.CHAT).replace("gpt-4o", model));
    }

    private static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    @Test
    void aStreamThatBreaksOffEndsWithAnErrorAndNeverAsWhole() {
        world.openai.answers(Script.events(Payloads.chunk("{\"content\":\"Hel\"}", "null", true), "data: {\"half")
                .ending(Script.End.CUT));

        HttpResponse<byte[]> answer = ask("gpt-4o", true);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(text(answer))
                .startsWith(Payloads.chunk("{\"content\":\"Hel\"}", "null", false) + "data: {\"error\":{")
                .contains("\"code\":\"upstream_incomplete\"")
                .endsWith("\n\n")
                .doesNotContain("[DONE]")
                .doesNotContain("half");
        assertThat(attempts()).singleElement()
                .satisfies(attempt -> assertThat(attempt).containsEntry("state", "FAILED")
                        .containsEntry("error_code", "upstream_incomplete")
                        .containsEntry("usage_source", "ESTIMATED"));
    }

    @Test
    void aStreamThatEndsInOrderButWithoutItsEndIsIncompleteToo() {
        world.openai.answers(Script.events(Payloads.chunk("{\"content\":\"Hel\"}", "null", true)));

        assertThat(text(ask("gpt-4o", true))).contains("upstream_incomplete").doesNotContain("[DONE]");
        assertThat(attempts().getFirst()).containsEntry("state", "FAILED");
    }

    @Test
    void aStreamThatStallsIsEndedByTheIdleLimit() throws InterruptedException {
        world.hasty
                .answers(Script.events(Payloads.chunk("{\"content\":\"Hel\"}", "null", true)).ending(Script.End.HANG));

        assertThat(text(ask("hasty/slow", true))).contains("Hel").contains("upstream_idle_timeout");
        assertThat(world.hasty.left().poll(5, TimeUnit.SECONDS)).isNotNull();
    }

    @Test
    void anAnswerThatDoesNotBeginIsEndedByTheFirstTokenLimitWithAStatus() throws InterruptedException {
        world.hasty.answers(Script.events().ending(Script.End.HANG));

        HttpResponse<byte[]> answer = ask("hasty/slow", true);

        assertThat(answer.statusCode()).isEqualTo(504);
        assertThat(text(answer)).contains("upstream_first_token_timeout");
        assertThat(world.hasty.left().poll(5, TimeUnit.SECONDS)).isNotNull();
        assertThat(attempts()).singleElement()
                .satisfies(attempt -> assertThat(attempt).containsEntry("state", "FAILED"));
    }

    @Test
    void aStreamThatDribblesForeverIsEndedByTheTotalLimit() {
        Script dribble = Script.events(Payloads.chunk("{\"content\":\"x\"}", "null", true));
        for (int i = 0; i < 30; i++) {
            dribble = dribble.then(Duration.ofMillis(100), Payloads.chunk("{\"content\":\"x\"}", "null", true));
        }
        world.hasty.answers(dribble);

        assertThat(text(ask("hasty/slow", true))).contains("upstream_total_timeout");
    }

    @Test
    void aPlainAnswerThatTakesTooLongIsEndedByTheTotalLimit() {
        world.hasty.answers(Script.json(200, "{").ending(Script.End.HANG));

        HttpResponse<byte[]> answer = ask("hasty/slow", false);

        assertThat(answer.statusCode()).isEqualTo(504);
    }

    @Test
    void whatMayEndBetterIsTriedAgainThenTheFallBackServes() {
        world.flaky.answers(Script.json(503, "{\"error\":{\"message\":\"busy\"}}").with("Retry-After", "0"));

        HttpResponse<byte[]> answer = ask("helpdesk", false);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Pareto-Model")).contains("backup/spare");
        assertThat(world.flaky.seen()).hasSize(2);
        assertThat(world.backup.seen()).singleElement().satisfies(seen -> {
            assertThat(seen.body()).isEqualTo(Payloads.CHAT.replace("gpt-4o", "spare-2026"));
            assertThat(seen.headers().get("Authorization")).isEqualTo("Bearer sk-backup");
        });
        assertThat(attempts()).extracting(attempt -> attempt.get("role") + " " + attempt.get("state"))
                .containsExactly("PRIMARY FAILED", "RETRY FAILED", "FALLBACK SETTLED");
        assertThat(attempts()).extracting(attempt -> attempt.get("request_id"))
                .containsOnly(attempts().getFirst().get("request_id"));
        assertThat(attempts().getLast()).containsEntry("cost_pico", (19 * 3 + 10 * 4) * 1_000_000);
    }

    @Test
    void aConnectionThatBreaksBeforeTheFirstByteIsTriedAgain() {
        AtomicInteger calls = new AtomicInteger();
        world.flaky.answers(request -> calls.incrementAndGet() == 1
                ? Script.events().ending(Script.End.CUT)
                : Payloads.openAi(request));

        HttpResponse<byte[]> answer = ask("helpdesk", true);

        assertThat(text(answer)).endsWith("data: [DONE]\n\n");
        assertThat(attempts()).extracting(attempt -> attempt.get("role")).containsExactly("PRIMARY", "RETRY");
    }

    @Test
    void whatTheCallerDidWrongIsNeverTriedAgain() {
        for (int status : new int[]{400, 401, 403, 404, 422}) {
            world.flaky.forget();
            world.flaky.answers(Script.json(status, "{\"error\":{}}"));

            assertThat(ask("helpdesk", false).statusCode()).isEqualTo(status);
            assertThat(world.flaky.seen()).hasSize(1);
        }
        assertThat(world.backup.seen()).isEmpty();
    }

    @Test
    void aVendorOutOfQuotaIsLeftForTheFallBackAtOnceHoweverOften() {
        world.flaky.answers(Script.json(429, "{\"error\":{}}"));
        for (int i = 0; i < 30; i++) {
            HttpResponse<byte[]> answer = ask("quota", false);
            assertThat(answer.statusCode()).as("call " + i).isEqualTo(200);
            assertThat(answer.headers().firstValue("Pareto-Model")).contains("backup/spare");
        }
        assertThat(world.flaky.seen()).as("its breaker opens").hasSizeLessThan(30);
        assertThat(attempts()).extracting(attempt -> attempt.get("role")).doesNotContain("RETRY");
    }

    @Test
    void thatTheGatewaysOwnKeyIsNotLetInIsNoFaultOfTheCallers() {
        world.backup.answers(Script.json(401, "{\"error\":{\"message\":\"Incorrect API key provided: sk-backup\"}}"));

        HttpResponse<byte[]> answer = ask("spare", false);

        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(text(answer)).contains("upstream_rejected_gateway_key")
                .contains("backup")
                .doesNotContain("sk-backup");
        assertThat(ask("keyed", false).headers().firstValue("Pareto-Model")).contains("openai/gpt-4o");
    }

    @Test
    void aBreakerThatIsOpenSparesTheVendor() {
        world.fragile.answers(Script.json(500, "{}"));
        for (int i = 0; i < 4; i++) {
            ask("fragile/glass", false);
        }
        world.fragile.forget();

        HttpResponse<byte[]> answer = ask("fragile/glass", false);

        assertThat(answer.statusCode()).isBetween(422, 503);
        assertThat(world.fragile.seen()).isEmpty();
    }

    @Test
    void bodiesAreBoundedByTheBytesThatCome() {
        String large = "x".repeat(11_000_000);
        HttpResponse<byte[]> chunked = world.gateway.send(HttpRequest.newBuilder(world.gateway.url().resolve(CHAT))
                .POST(HttpRequest.BodyPublishers.ofInputStream(
                        () -> new ByteArrayInputStream(large.getBytes(StandardCharsets.US_ASCII))))
                .build());

        assertThat(chunked.statusCode()).isEqualTo(413);
        assertThat(text(chunked)).contains("request_too_large");
        assertThat(world.openai.seen()).isEmpty();
    }

    @Test
    void answersOfARouteThatRemembersComeFromTheCacheForTheSameTenantOnly() {
        String body = Payloads.CHAT.replace("gpt-4o", "remembered").replace("hello", "hello cache");
        String spelled = body.replace(":", " : ");
        String stream = Payloads.CHAT_STREAM.replace("gpt-4o", "remembered");

        HttpResponse<byte[]> first = world.gateway.post(CHAT, body, "Authorization", "Bearer sk-1");
        HttpResponse<byte[]> again = world.gateway.post(CHAT, spelled, "Authorization", "Bearer sk-1");
        HttpResponse<byte[]> other = world.gateway.post(CHAT, body, "Authorization", "Bearer sk-2");
        HttpResponse<byte[]> firstStream = world.gateway.post(CHAT, stream, "Authorization", "Bearer sk-1");
        HttpResponse<byte[]> secondStream = world.gateway.post(CHAT, stream, "Authorization", "Bearer sk-1");

        assertThat(List.of(first, again, other, firstStream, secondStream))
                .extracting(answer -> answer.headers().firstValue("Pareto-Cache").orElse("-"))
                .containsExactly("miss", "hit", "miss", "miss", "hit");
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(secondStream.body()).isEqualTo(firstStream.body());
        assertThat(world.openai.seen()).hasSize(3);
        assertThat(attempts()).extracting(attempt -> attempt.get("role") + " " + attempt.get("cost_pico"))
                .containsExactly("PRIMARY 147500000", "CACHE_HIT 0", "PRIMARY 147500000", "PRIMARY 142500000",
                        "CACHE_HIT 0");
    }
}
