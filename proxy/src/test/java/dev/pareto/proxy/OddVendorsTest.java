package dev.pareto.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import dev.pareto.proxy.testing.FakeVendor;
import dev.pareto.proxy.testing.Payloads;
import dev.pareto.proxy.testing.Script;
import dev.pareto.proxy.testing.World;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models that nobody listed, keys that are not for everybody, and answers that cannot be believed or read. */
@ExtendWith(World.Extension.class)
final class OddVendorsTest {

    private static final String CHAT = "/v1/chat/completions";
    private static final String TUNED = "ft:gpt-4o:org::id";

    private final World world;
    private int before;

    OddVendorsTest(World world) {
        this.world = world;
    }

    @BeforeEach
    void count() {
        before = world.gateway.attempts().size();
    }

    private Map<String, @Nullable Object> attempt() {
        List<Map<String, @Nullable Object>> all = world.gateway.attempts();
        assertThat(all).hasSize(before + 1);
        return all.getLast();
    }

    private static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    private static @Nullable String authorization(FakeVendor vendor) {
        assertThat(vendor.seen()).hasSize(1);
        return vendor.seen().getFirst().headers().get("Authorization");
    }

    @Test
    void aModelThatIsNotListedGoesToTheDefaultVendorUnchangedAndUnpriced() {
        String body = Payloads.CHAT.replace("gpt-4o", TUNED);

        HttpResponse<byte[]> answer = world.gateway.post(CHAT, body, "Authorization", "Bearer sk-1");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(text(answer)).isEqualTo(Payloads.ANSWER);
        assertThat(answer.headers().firstValue("Pareto-Model")).contains("openai/" + TUNED);
        assertThat(answer.headers().firstValue("Pareto-Reason"))
                .contains("not in the catalogue, unpriced: openai/" + TUNED + ": asked for by name");
        assertThat(answer.headers().firstValue("Pareto-Cost-Usd")).isEmpty();
        assertThat(world.openai.seen()).singleElement().satisfies(seen -> assertThat(seen.body()).isEqualTo(body));
        assertThat(authorization(world.openai)).isEqualTo("Bearer sk-1");
        assertThat(attempt()).containsEntry("model", "openai/" + TUNED)
                .containsEntry("state", "SETTLED")
                .containsEntry("price_status", "MISSING")
                .containsEntry("cost_pico", null)
                .containsEntry("reserved_pico", null)
                .containsEntry("input_tokens", 19);
    }

    @Test
    void whatTheVendorDoesNotKnowEitherIsItsOwnAnswer() {
        world.openai.answers(Script.json(404, "{\"error\":{\"code\":\"model_not_found\"}}"));

        assertThat(world.gateway.post(CHAT, Payloads.CHAT.replace("gpt-4o", "brand-new")).statusCode()).isEqualTo(404);
        assertThat(attempt()).containsEntry("http_status", 404).containsEntry("state", "FAILED");
        assertThat(world.gateway.get(world.gateway.url().resolve("/v1/models/brand-new")).statusCode()).isEqualTo(404);
        assertThat(world.openai.seen()).extracting(FakeVendor.Seen::path).containsExactly(CHAT, "/v1/models/brand-new");
    }

    @Test
    void aLocalNameThatDoesNotExistNeverLeaves() {
        HttpResponse<byte[]> answer = world.gateway.post(CHAT, Payloads.CHAT.replace("gpt-4o", "local/none"));

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(text(answer)).contains("model_not_found");
        assertThat(world.gateway.get(world.gateway.url().resolve("/v1/models/local%2Fnone")).statusCode())
                .isEqualTo(404);
        assertThat(world.openai.seen()).isEmpty();
    }

    @Test
    void aCallersKeyGoesOnlyWhereTheCallerSentIt() {
        HttpResponse<byte[]> answer = world.gateway.post(CHAT, Payloads.CHAT.replace("gpt-4o", "helpdesk"),
                "Authorization", "Bearer sk-for-openai");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Pareto-Reason").orElseThrow())
                .contains("vendor flaky has no key configured and the caller's key is not for it");
        assertThat(world.flaky.seen()).isEmpty();
        assertThat(authorization(world.backup)).isEqualTo("Bearer sk-backup");

        world.gateway.post(CHAT, Payloads.CHAT.replace("gpt-4o", "flaky/one"), "Authorization", "Bearer sk-for-flaky");
        assertThat(authorization(world.flaky)).isEqualTo("Bearer sk-for-flaky");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"prompt_tokens\":9000000000000000000,\"completion_tokens\":10}",
            "{\"prompt_tokens\":9e18,\"completion_tokens\":10}", "{\"prompt_tokens\":1e400,\"completion_tokens\":10}",
            "{\"prompt_tokens\":\"900000000000000000\",\"completion_tokens\":10}",
            "{\"prompt_tokens\":19,\"completion_tokens\":100000001}",
            "{\"prompt_tokens\":19,\"completion_tokens\":-10}", "{\"prompt_tokens\":19.5,\"completion_tokens\":10}",
            "{\"prompt_tokens\":19,\"completion_tokens\":1,\"prompt_tokens_details\":{\"cached_tokens\":-1}}"})
    void usageThatCannotBeIsEstimatedAndKeptForWhoeverAsks(String usage) {
        world.openai
                .answers(Script.json(200, """
                                          {"model":"gpt-4o","choices":[{"message":{"content":"Hello! How can I help?"},
                                          "finish_reason":"stop"}],"usage":%s}""".formatted(usage)));

        HttpResponse<byte[]> answer = world.gateway.post(CHAT, Payloads.CHAT);

        assertThat(answer.headers().firstValue("Pareto-Cost-Usd")).hasValueSatisfying(
                cost -> assertThat(Double.parseDouble(cost)).isBetween(0.000_01, 0.001));
        assertThat(attempt()).containsEntry("state", "SETTLED")
                .containsEntry("usage_source", "ESTIMATED")
                .containsEntry("estimated", 1)
                .containsEntry("usage_raw", usage)
                .containsEntry("output_tokens", 6);
    }

    @Test
    void ofUsageThatTellsAPartTheRestIsEstimated() {
        world.openai
                .answers(Script.json(200, """
                                          {"model":"gpt-4o","choices":[{"message":{"content":"Hello! How can I help?"},
                                          "finish_reason":"stop"}],"usage":{"completion_tokens":400}}"""));

        assertThat(world.gateway.post(CHAT, Payloads.CHAT).statusCode()).isEqualTo(200);
        assertThat(attempt()).containsEntry("state", "SETTLED")
                .containsEntry("usage_source", "ESTIMATED_PARTIAL")
                .containsEntry("estimated", 1)
                .containsEntry("price_status", "PRICED")
                .containsEntry("output_tokens", 400)
                .containsEntry("input_tokens", 2);
    }

    @Test
    void usageThatCannotBeIsUnknownWhereTheCallIsNotUnderstood() {
        world.openai.answers(Script.json(200,
                "{\"model\":\"gpt-4o\",\"usage\":{\"input_tokens\":9000000000000000000,\"output_tokens\":1}}"));

        assertThat(world.gateway.post("/v1/responses", "{}").statusCode()).isEqualTo(200);
        assertThat(attempt()).containsEntry("state", "SETTLED")
                .containsEntry("cost_pico", null)
                .containsEntry("price_status", "MISSING");
    }

    @ParameterizedTest
    @ValueSource(strings = {"<html>sign in</html>", "{\"model\":\"gpt-4o\",\"choi", "[]", ""})
    void aSuccessThatCannotBeReadIsPassedOnButNotCountedAsAnAnswer(String body) {
        world.openai.answers(Script.json(200, body));
        String remembered = Payloads.CHAT.replace("gpt-4o", "remembered")
                .replace("hello", "unreadable " + body.hashCode());

        HttpResponse<byte[]> answer = world.gateway.post(CHAT, remembered);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(text(answer)).isEqualTo(body);
        assertThat(answer.headers().firstValue("Pareto-Cost-Usd")).isEmpty();
        assertThat(attempt()).containsEntry("state", "FAILED")
                .containsEntry("http_status", 200)
                .containsEntry("error_code", "upstream_unreadable")
                .containsEntry("usage_source", "ESTIMATED");
        assertThat(world.gateway.post(CHAT, remembered).headers().firstValue("Pareto-Cache")).contains("miss");
    }
}
