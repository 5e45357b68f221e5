package dev.pareto.proxy.swap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.pareto.dashboards.web.DashboardApi;
import dev.pareto.evals.grade.judge.Calibration;
import dev.pareto.evals.grade.judge.CalibrationFile;
import dev.pareto.evals.grade.judge.Judge;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.swap.Outcome;
import dev.pareto.proxy.testing.Await;
import dev.pareto.proxy.testing.FakeVendor;
import dev.pareto.proxy.testing.Gateway;
import dev.pareto.proxy.testing.Payloads;
import dev.pareto.proxy.testing.Script;
import dev.pareto.proxy.testing.Swapping;
import dev.pareto.proxy.testing.Trials;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Live answers, judged in the background by a model of a third family. */
final class LiveJudgeTest {

    private static final String CHAT = Payloads.CHAT.replace("gpt-4o", "r");
    private static final String GOOD = reply("{\\\"pass\\\": true}");
    private static final String BAD = reply("{\\\"pass\\\": false}");

    @TempDir
    private Path folder;

    private final FakeVendor openai = new FakeVendor().answers(Payloads::openAi);
    private final FakeVendor cluster = new FakeVendor().answers(Payloads::openAi);
    private final FakeVendor oracle = new FakeVendor().answers(Script.json(200, GOOD));

    @AfterEach
    void close() {
        openai.close();
        cluster.close();
        oracle.close();
    }

    @Test
    void aSampleOfLiveAnswersIsJudgedAsOverheadAndFeedsTheGuard() {
        try (Gateway gateway = start("approval: manual", "judge_binary", 60, "per-day: 5 USD")) {
            Swapping swapping = open(gateway);
            ask(gateway, CHAT);
            ask(gateway, Payloads.CHAT_STREAM.replace("gpt-4o", "r"));
            Await.until("both were judged", () -> guard(swapping).path("seen").asInt(0) == 2);
            assertThat(guard(swapping).path("bad").asDouble(-1)).isZero();
            assertThat(oracle.seen()).hasSize(2).allSatisfy(call -> {
                assertThat(call.body()).contains("Say hello").contains("\"temperature\":0.0");
                assertThat(call.headers().get("Authorization")).as("nobody's key but its own").isNull();
            });
            List<Map<String, @Nullable Object>> rows = gateway.attempts();
            assertThat(rows).filteredOn(row -> "JUDGE".equals(row.get("role"))).hasSize(2).allSatisfy(row -> {
                assertThat(row).containsEntry("state", "SETTLED")
                        .containsEntry("model", "third/oracle")
                        .containsEntry("route", "r");
                assertThat(row.get("cost_pico")).asString().isNotEqualTo("0");
                assertThat(row.get("baseline_pico")).asString().as("it spares nothing").isEqualTo("0");
            });
            assertThat(gateway.bean(DashboardApi.class).overview(null).figures().requests()).isEqualTo(2);
            assertThat(swapping.swap().at("/judge/problems")).isEmpty();
        }
    }

    @Test
    void answersThatTheJudgeFindsBadTakeTheTrafficBack() {
        oracle.answers(call -> Script.json(200, call.body().contains("Bad") ? BAD : GOOD));
        cluster.answers(Script.json(200, Payloads.ANSWER.replace("Hello!", "Bad!")));
        try (Gateway gateway = start("approval: manual, holdback: 50 %", "judge_binary", 60,
                "per-day: 5 USD, at-once: 8")) {
            Swapping swapping = open(gateway);
            for (int i = 0; i < 200 && swapping.state().equals("OPEN"); i++) {
                int asked = i + 1;
                gateway.post("/v1/chat/completions", CHAT.replace("hello", "hello " + i), "Pareto-Unit", "u" + i,
                        "Pareto-Cache", "no-store");
                Await.until("it was judged", () -> {
                    JsonNode guard = guard(swapping);
                    return oracle.seen().size() >= asked && (swapping.state().equals("ROLLED_BACK")
                            || guard.isMissingNode()
                            || guard.path("seen").asInt(0) + guard.path("incumbentSeen").asInt(0) >= asked);
                });
            }
            Await.until("taken back", () -> swapping.state().equals("ROLLED_BACK"));
            assertThat(swapping.swap().path("reason").asString("")).startsWith("guard judged");
        }
    }

    @Test
    void whatTheJudgeSaysIsAMetricOfTheExperiment() {
        oracle.answers(call -> Script.json(200, call.body().contains("Bad") ? BAD : GOOD));
        cluster.answers(Script.json(200, Payloads.ANSWER.replace("Hello!", "Bad!")));
        try (Gateway gateway = start("approval: manual, guards: {judged: off}", "judge_binary", 60, "per-day: 5 USD",
                """
                experiments:
                  x: {hypothesis: tiny is as good, route: r, unit: user, primary: {metric: judged, minimal-effect: 0.05},
                      arms: {closed: {model: openai/gpt-4o}, open: {model: cluster/tiny}}}
                """)) {
            open(gateway);
            var trials = new Trials(gateway.url(), gateway.adminUrl());
            trials.act("start", "");
            Set<String> arms = new HashSet<>();
            for (int user = 0; arms.size() < 2; user++) {
                arms.add(trials.ask("u" + user, "hello", "Pareto-Cache", "no-store").part());
                int asked = user + 1;
                Await.until("it was judged", () -> oracle.seen().size() == asked);
            }
            Await.until("the experiment knows it", () -> {
                JsonNode found = trials.experiment().at("/experiment/look/findings/arms");
                return arm(found, "closed").at("/values/judged").asDouble(-1) == 1
                        && arm(found, "open").at("/values/judged").asDouble(-1) == 0;
            });
            assertThat(trials.outcome("1", "judged", 1).toString()).contains("cannot be posted");
        }
    }

    private static JsonNode arm(JsonNode arms, String name) {
        return arms.valueStream()
                .filter(arm -> arm.path("arm").asString("").equals(name))
                .findFirst()
                .orElse(arms.path("none"));
    }

    @Test
    void pairsOfShadowAreHeldAgainstEachOtherInBothOrders() {
        oracle.answers(call -> Script.json(200, reply("{\\\"winner\\\": \\\"tie\\\"}")));
        try (Gateway gateway = start("approval: automatic, shadow: {sample: 100 %, at-once: 8, time-limit: 5 s}",
                "judge_pairwise", 60, "per-day: 5 USD")) {
            var swapping = new Swapping(gateway.adminUrl());
            swapping.verdict("v1", Outcome.NON_INFERIOR);
            assertThat(swapping.state()).isEqualTo("SHADOW");
            ask(gateway, CHAT);
            Await.until("the pair was judged", () -> swapping.swap().at("/pairs/pairs").asInt(0) == 1);
            assertThat(swapping.swap().at("/pairs/difference").asDouble(-9)).isZero();
            assertThat(oracle.seen()).as("both orders").hasSize(2);
        }
    }

    @Test
    void theCallerFeelsNothingOfAJudgeThatHangs() {
        oracle.answers(Script.json(200, "{\"choices\":").ending(Script.End.HANG));
        try (Gateway gateway = start("approval: manual", "judge_binary", 60, "per-day: 5 USD, time-limit: 3 s")) {
            open(gateway);
            ask(gateway, CHAT);
            Await.until("a judge hangs", () -> oracle.running() == 1);
            for (int i = 0; i < 10; i++) {
                assertThat(ask(gateway, CHAT.replace("hello", "hello " + i)).statusCode()).isEqualTo(200);
                assertThat(oracle.running()).as("no more than may be under way").isLessThanOrEqualTo(2);
            }
            assertThat(gateway.attempts()).filteredOn(row -> "JUDGE".equals(row.get("role")))
                    .isNotEmpty()
                    .allSatisfy(row -> assertThat(row).containsEntry("state", "FAILED"));
        }
    }

    @Test
    void aJudgeUnderTheBarOrOfTheFamilyIsNeverAsked() {
        try (Gateway gateway = start("approval: manual", "judge_binary", 40, "per-day: 5 USD")) {
            Swapping swapping = open(gateway);
            ask(gateway, CHAT);
            assertThat(swapping.swap().at("/judge/problems/0").asString("")).contains("kappa is 0.333");
            ask(gateway, CHAT.replace("hello", "again"));
            assertThat(oracle.seen()).isEmpty();
            assertThat(gateway.attempts()).extracting(row -> row.get("role")).containsOnly("PRIMARY");
        }
    }

    @Test
    void aJudgeKinToTheIncumbentIsNamedAndNotAsked() {
        Path proof = proof("openai/gpt-4o-mini", "judge_binary", 60);
        String yaml = Swapping.config(openai, cluster,
                "approval: manual, judge: {model: openai/gpt-4o-mini, sample: 100 %"
                        + ", calibration: '" + proof + "'}");
        try (Gateway gateway = Gateway.start(folder, yaml)) {
            Swapping swapping = open(gateway);
            ask(gateway, CHAT);
            assertThat(swapping.swap().at("/judge/problems/0").asString(""))
                    .isEqualTo("judge openai/gpt-4o-mini is of one family with openai/gpt-4o");
            assertThat(openai.seen()).isEmpty();
        }
    }

    @Test
    void whatMustStayHereIsNotJudged() {
        try (Gateway gateway = start("approval: manual", "judge_binary", 60, "per-day: 5 USD")) {
            Swapping swapping = open(gateway);
            gateway.post("/v1/chat/completions", CHAT.replace("hello", "a secret"), "Pareto-Data-Class", "local-only");
            ask(gateway, CHAT);
            Await.until("the other was judged", () -> guard(swapping).path("seen").asInt(0) == 1);
            assertThat(oracle.seen()).singleElement()
                    .satisfies(call -> assertThat(call.body()).doesNotContain("secret"));
        }
    }

    @Test
    void aJudgementThatMayCostMoreThanTheDayAllowsIsNotMade() {
        // 1,024 tokens at 8 USD a million are 0.0082 USD at worst
        try (Gateway gateway = start("approval: manual", "judge_binary", 60, "per-day: 0.008 USD")) {
            Swapping swapping = open(gateway);
            ask(gateway, CHAT);
            Await.until("the judge was to be asked",
                    () -> swapping.swap().at("/judge/silence").asString("").contains("the day's cap"));
            assertThat(gateway.attempts()).extracting(row -> row.get("role")).doesNotContain("JUDGE");
            assertThat(oracle.seen()).isEmpty();
        }
    }

    @Test
    void aJudgeThatFailedGivesBackWhatWasSetAsideForIt() {
        oracle.answers(Script.json(500, "{\"error\":{\"message\":\"broken\"}}"));
        try (Gateway gateway = start("approval: manual", "judge_binary", 60, "per-day: 0.009 USD")) {
            open(gateway);
            for (int call = 1; call <= 3; call++) {
                int calls = call;
                ask(gateway, CHAT.replace("hello", "hello " + call));
                Await.until("the judge was asked " + call + " times", () -> oracle.seen().size() == calls);
                gateway.attempts();
            }
        }
    }

    /** Of 120 labels the judge agrees with so many of each 60. */
    private Path proof(String model, String kind, int right) {
        List<Calibration.Label> labels = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            boolean human = i < 60;
            boolean said = i % 60 < right ? human : !human;
            labels.add(new Calibration.Label("" + i, human, said, said));
        }
        Path file = folder.resolve("cal.jsonl");
        try {
            CalibrationFile.write(file,
                    new Judge(ModelId.parse(model), null, Judge.USUAL_SAMPLING, null).fingerprint(kind), kind, labels);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }

    private Gateway start(String swap, String kind, int right, String more) {
        return start(swap, kind, right, more, "");
    }

    private Gateway start(String swap, String kind, int right, String more, String experiments) {
        String yaml = Swapping.config(openai, cluster, swap + ", judge: {model: third/oracle, kind: " + kind
                + ", sample: 100 %, calibration: '" + proof("third/oracle", kind, right) + "', " + more + "}")
                .replace("routes:", """
                                      third: {dialect: openai, url: '%s', retries: 0, models: {
                                              oracle: {prices: [{from: 2020-01-01, input: 2, output: 8}]}}}
                                    routes:""".formatted(oracle.url()));
        return Gateway.start(folder, yaml + experiments);
    }

    private static Swapping open(Gateway gateway) {
        var swapping = new Swapping(gateway.adminUrl());
        swapping.verdict("v1", Outcome.NON_INFERIOR);
        swapping.act("approve", "");
        assertThat(swapping.state()).isEqualTo("OPEN");
        return swapping;
    }

    private static HttpResponse<byte[]> ask(Gateway gateway, String body) {
        return gateway.post("/v1/chat/completions", body, "Pareto-Cache", "no-store");
    }

    /** Missing before its first word. */
    private static JsonNode guard(Swapping swapping) {
        JsonNode guards = swapping.swap().path("guards");
        return guards.valueStream()
                .filter(guard -> guard.path("guard").asString("").equals("judged"))
                .findFirst()
                .orElse(guards.path(guards.size()));
    }

    /** @param words escaped for JSON */
    private static String reply(String words) {
        return Payloads.ANSWER.replace("Hello! How can I assist you today?", words);
    }
}
