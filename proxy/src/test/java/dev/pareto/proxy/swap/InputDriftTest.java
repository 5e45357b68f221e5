package dev.pareto.proxy.swap;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.pareto.evals.CanonicalJson;
import dev.pareto.evals.suite.InputFeatures;
import dev.pareto.evals.verdict.Verdict;
import dev.pareto.evals.verdict.VerdictJson;
import dev.pareto.policies.detect.InputMix;
import dev.pareto.policies.swap.Outcome;
import dev.pareto.proxy.testing.Await;
import dev.pareto.proxy.testing.FakeVendor;
import dev.pareto.proxy.testing.Gateway;
import dev.pareto.proxy.testing.Payloads;
import dev.pareto.proxy.testing.Swapping;
import dev.pareto.proxy.testing.Verdicts;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Requests that are not those of the evidence, through a whole gateway. */
final class InputDriftTest {

    private static final String ENGLISH = "Please tell me where my order is and when it will finally be here with me";
    private static final String GERMAN = "Bitte sage mir, wo meine Bestellung ist und wann sie bei mir sein wird";

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
    void trafficInAnotherLanguageMakesTheVerdictStaleAndASentenceSaysWhy() {
        try (Gateway gateway = Gateway.start(folder, Swapping.config(openai, cluster,
                "approval: manual, drift: {bound: 0.2, least: 100, window: 200}"))) {
            var swapping = new Swapping(gateway.adminUrl());
            swapping.file(verdict("v1"));
            swapping.act("approve", "");
            assertThat(swapping.state()).isEqualTo("OPEN");
            assertThat(swapping.swap().at("/inputs/known").asBoolean(false)).isTrue();

            ask(gateway, ENGLISH, 120);
            Await.until("all were looked at", () -> swapping.swap().at("/inputs/seen").asInt(0) == 120);
            assertThat(swapping.state()).isEqualTo("OPEN");

            ask(gateway, GERMAN, 60);
            Await.until("the gateway has noticed", () -> swapping.state().equals("STALE"));
            assertThat(swapping.swap().path("reason").asString("")).startsWith("input drift: language de is ")
                    .contains("0 % of the evidence")
                    .endsWith("verdict v1 speaks of other requests");
            assertThat(model(gateway, ENGLISH)).isEqualTo("openai/gpt-4o");

            swapping.file(verdict("v2"));
            assertThat(swapping.state()).as("newer evidence brings it back").isEqualTo("OFFLINE");
        }
    }

    @Test
    void aVerdictThatDoesNotTellItsRequestsIsNotHeldAgainstAny() {
        try (Gateway gateway = Gateway.start(folder, Swapping.config(openai, cluster,
                "approval: manual, drift: {least: 100}"))) {
            var swapping = new Swapping(gateway.adminUrl());
            swapping.verdict("v1", Outcome.NON_INFERIOR);
            swapping.act("approve", "");
            assertThat(swapping.swap().at("/inputs/known").asBoolean(true)).isFalse();
            ask(gateway, GERMAN, 3);
            assertThat(swapping.state()).isEqualTo("OPEN");
        }
    }

    /** On 300 requests like the English one. */
    private static Verdict verdict(String id) {
        InputMix mix = InputMix.NONE;
        Map<String, String> features = InputFeatures.of(List.of(Map.of("role", "user", "content", ENGLISH)), false);
        for (int i = 0; i < 300; i++) {
            mix = mix.with(features, 1);
        }
        ObjectNode tree = VerdictJson
                .tree(Verdicts.of(id, Swapping.TINY, null, Instant.now(), Outcome.NON_INFERIOR));
        var inputs = new HashMap<String, InputMix>();
        inputs.put("", mix);
        tree.set("inputs", JsonMapper.shared().valueToTree(inputs));
        tree.remove("sha256");
        tree.put("sha256", CanonicalJson.sha256(tree));
        return VerdictJson.read(tree.toString());
    }

    private static void ask(Gateway gateway, String words, int times) {
        for (int i = 0; i < times; i++) {
            model(gateway, words);
        }
    }

    private static String model(Gateway gateway, String words) {
        return gateway.post("/v1/chat/completions",
                Payloads.CHAT.replace("gpt-4o", "r").replace("Say hello", words), "Pareto-Cache", "no-store")
                .headers()
                .firstValue("Pareto-Model")
                .orElse("none");
    }
}
