package dev.pareto.proxy.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

import dev.pareto.dashboards.store.SqliteStore;
import dev.pareto.proxy.cli.Main;
import dev.pareto.proxy.testing.Await;
import dev.pareto.proxy.testing.FakeVendor;
import dev.pareto.proxy.testing.Gateway;
import dev.pareto.proxy.testing.Payloads;
import dev.pareto.proxy.testing.Script;
import dev.pareto.proxy.testing.Trials;
import dev.pareto.proxy.testing.Trials.Answer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** Experiments over the wire: who gets what, what is kept, and what ends them. */
final class ExperimentsTest {

    private static final String ARMS = "arms: {closed: {model: openai/gpt-4o}, open: {model: cluster/tiny}}, ";
    private static final String SUCCESS = "primary: {metric: success, minimal-effect: 2 pp}";

    @TempDir
    private Path folder;

    private final FakeVendor openai = new FakeVendor().answers(Payloads::openAi);
    private final FakeVendor cluster = new FakeVendor().answers(Payloads::openAi);

    @AfterEach
    void close() {
        openai.close();
        cluster.close();
    }

    private Gateway start(String experiment) {
        return Gateway.start(folder, Trials.config(openai, cluster, experiment));
    }

    private static Trials trials(Gateway gateway) {
        return new Trials(gateway.url(), gateway.adminUrl());
    }

    private static JsonNode findings(Trials trials) {
        return trials.experiment().path("experiment").path("look").path("findings");
    }

    @Test
    void usersAreSplitStickAndComeBackToTheirArmsAfterARestart() {
        Map<String, String> arms = new HashMap<>();
        try (Gateway gateway = start(ARMS + SUCCESS)) {
            Trials trials = trials(gateway).gateOpen();
            assertThat(trials.ask("u", "before").part()).isEqualTo("none");
            assertThat(trials.act("start", "").path("state").asString("")).isEqualTo("RUNNING");
            for (int user = 0; user < 40; user++) {
                Answer first = trials.ask("u" + user, "a");
                assertThat(first.model())
                        .isEqualTo(first.part().equals("x=open") ? "cluster/tiny" : "openai/gpt-4o");
                assertThat(trials.ask("u" + user, "b").part()).isEqualTo(first.part());
                arms.put("u" + user, first.part());
            }
            assertThat(new HashSet<>(arms.values())).containsExactlyInAnyOrder("x=closed", "x=open");
            assertThat(trials.asked(Payloads.CHAT.replace("gpt-4o", "r")).part()).as("nameless").isEqualTo("none");
            assertThat(trials.ask("u1", "c", "Pareto-Model", "openai/gpt-4o").part()).as("forced").isEqualTo("none");
        }
        try (Gateway gateway = start(ARMS + SUCCESS)) {
            Trials trials = trials(gateway);
            assertThat(trials.state()).isEqualTo("RUNNING");
            arms.forEach((user, part) -> assertThat(trials.ask(user, "after").part()).isEqualTo(part));
            Await.until("every request is counted", () -> findings(trials).path("requests").asInt(0) == 120);
            assertThat(findings(trials).path("units").asInt(0)).isEqualTo(40);
        }
    }

    @Test
    void completionsTakePartAndWhatHasNoRouteDoesNot() {
        try (Gateway gateway = start(ARMS + SUCCESS)) {
            Trials trials = trials(gateway).gateOpen();
            trials.act("start", "");
            for (int user = 0; user < 12; user++) {
                String asker = "\"model\": \"r\", \"user\": \"u" + user + "\", ";
                Answer chat = trials.ask("u" + user, "a");
                Answer completion = trials.asked("/v1/completions", "{" + asker + "\"prompt\": \"a\"}", new String[0]);
                assertThat(completion.part()).startsWith("x=").isEqualTo(chat.part());
                assertThat(completion.model()).isEqualTo(chat.model());
                for (String path : List.of("/v1/responses", "/v1/messages")) {
                    assertThat(trials.asked(path, "{" + asker + "\"input\": \"a\"}", new String[0]).part())
                            .isEqualTo("none");
                }
            }
            Await.until("completions count", () -> findings(trials).path("requests").asInt(0) == 24);
        }
    }

    @Test
    void anArmCannotPassTheSwapsGateButCountsAllTheSame() {
        try (Gateway gateway = start(ARMS + SUCCESS)) {
            Trials trials = trials(gateway);
            trials.act("start", "");
            int open = 0;
            for (int user = 0; user < 30; user++) {
                Answer answer = trials.ask("u" + user, "a" + user);
                assertThat(answer.model()).isEqualTo("openai/gpt-4o");
                open += answer.part().equals("x=open") ? 1 : 0;
            }
            assertThat(cluster.seen()).isEmpty();
            assertThat(open).isBetween(5, 25);
            int expected = open;
            Await.until("they are counted",
                    () -> findings(trials).path("arms").path(1).path("units").asInt(0) == expected);
            assertThat(findings(trials).path("arms").path(1).path("delivered").asInt(-1)).isZero();
            assertThat(findings(trials).path("arms").path(0).path("delivered").asInt(-1)).isEqualTo(30 - open);
        }
    }

    @Test
    void aFailingArmIsTheArmsFailureAndItsGuardEndsTheExperiment() {
        try (Gateway gateway = start(ARMS + "primary: {metric: cost}, guards: {errors: 2 pp}")) {
            Trials trials = trials(gateway).gateOpen();
            trials.act("start", "");
            cluster.answers(Script.json(500, "{\"error\":{\"message\":\"broken\"}}"));
            int user = 0;
            while (trials.state().equals("RUNNING") && user < 400) {
                Answer answer = trials.ask("u" + user, "a" + user);
                assertThat(answer.status()).as("somebody answers").isEqualTo(200);
                assertThat(answer.model()).isEqualTo("openai/gpt-4o");
                user++;
            }
            JsonNode after = trials.experiment();
            assertThat(after.path("experiment").path("state").asString("")).isEqualTo("STOPPED");
            assertThat(after.path("experiment").path("by").asString("")).isEqualTo("guard");
            assertThat(after.path("experiment").path("reason").asString(""))
                    .startsWith("guard errors: arm open is worse than the control by more than 0.02 (1 against 0)");
            assertThat(user).isLessThan(400);
            int asked = cluster.seen().size();
            for (int i = 0; i < 10; i++) {
                assertThat(trials.ask("late" + i, "b").part()).isEqualTo("none");
            }
            assertThat(cluster.seen()).as("the route serves as before").hasSize(asked);
            assertThat(after.path("moves")
                    .path(0)
                    .path("decision")
                    .path("findings")
                    .path("guards")
                    .path(0)
                    .path("alarm")
                    .asBoolean(false)).as("the record says why").isTrue();
        }
    }

    @Test
    void whatIsPostedDecidesAndTheExperimentEndsByItself() {
        try (Gateway gateway = start(ARMS + SUCCESS + ", stop: {most: 2000, least: 100}")) {
            Trials trials = trials(gateway).gateOpen();
            trials.act("start", "");
            for (int user = 0; user < 600 && (user % 50 != 0 || trials.state().equals("RUNNING")); user++) {
                Answer answer = trials.ask("u" + user, "a" + user);
                boolean settled = answer.part().equals("x=open") || user % 4 == 0;
                assertThat(trials.outcome(answer.id(), "success", settled ? 1 : 0).path("taken").asInt(0)).isOne();
            }
            Await.until("the experiment has ended", Duration.ofSeconds(20), () -> trials.state().equals("STOPPED"));
            JsonNode experiment = trials.experiment().path("experiment");
            assertThat(experiment.path("by").asString("")).isEqualTo("rule");
            assertThat(experiment.path("reason").asString(""))
                    .startsWith("arm open is better than the control (success +0.7");
            assertThat(trials.experiment().path("looks").size()).isPositive();
            assertThat(trials.outcome("nobody", "success", 1).toString()).as("nobody's request is told")
                    .contains("request_not_found");
            assertThat(trials.outcome("11111111-1111-7111-8111-111111111111", "cost", 1)
                    .path("error")
                    .path("message")
                    .asString("")).contains("'cost' cannot be posted");

            assertThat(run(gateway, "list").out()).contains("x on r  STOPPED");
            assertThat(run(gateway, "show", "x").out()).contains("*success", "arm open:",
                    "split: as stated (quiet, ", "by rule: arm open is better", ", between +0.", "  better",
                    " ms, control ")
                    .doesNotContain("e^", "[-");
            assertThat(run(gateway, "conclude", "x", "--winner", "opne", "--reason", "r").err())
                    .contains("it has no arm 'opne'; its arms are closed, open");
            assertThat(run(gateway, "conclude", "x", "--winner", "closed", "--reason", "r").err()).contains(
                    "x has decided success against that: arm open is better than the control", "--anyway");
            assertThat(run(gateway, "conclude", "x", "--winner", "open", "--reason", "it settles more").out())
                    .contains("CONCLUDED (open)");
            assertThat(run(gateway, "stop", "x", "--reason", "r").err()).contains("is not running; it is CONCLUDED");
            assertThat(run(gateway, "start", "y", "--reason", "r").err()).contains("there is no experiment 'y'");
            assertThat(run(gateway, "show", "y").err()).contains("there is no experiment 'y'");
        }
    }

    @Test
    void theWorseArmIsNotChosenWithoutAWordAndTheRecordSaysSo() {
        try (Gateway gateway = start(ARMS + SUCCESS + ", stop: {most: 2000, least: 100}")) {
            Trials trials = trials(gateway).gateOpen();
            trials.act("start", "");
            for (int user = 0; user < 600 && (user % 50 != 0 || trials.state().equals("RUNNING")); user++) {
                Answer answer = trials.ask("u" + user, "a" + user);
                boolean settled = answer.part().equals("x=closed") || user % 4 == 0;
                trials.outcome(answer.id(), "success", settled ? 1 : 0);
            }
            Await.until("the experiment has ended", Duration.ofSeconds(20), () -> trials.state().equals("STOPPED"));
            assertThat(run(gateway, "conclude", "x", "--winner", "open", "--reason", "r").err()).contains(
                    "x has decided success against that: arm open is worse than the control", "--anyway");
            assertThat(trials.state()).isEqualTo("STOPPED");
            assertThat(run(gateway, "conclude", "x", "--winner", "open", "--anyway", "--reason", "r").out()).contains(
                    "CONCLUDED (open)",
                    "against the finding (arm open is worse than the control), chosen anyway: r");
        }
    }

    @Test
    void aPromptIsReplacedInItsArmOnlyAndNothingElseOfTheBody() {
        String arms = "arms: {usual: {model: openai/gpt-4o}, terse: {model: openai/gpt-4o, system: 'Be \"terse\".'}}, ";
        try (Gateway gateway = start(arms + SUCCESS)) {
            Trials trials = trials(gateway);
            trials.act("start", "");
            for (int user = 0; user < 30; user++) {
                Answer answer = trials.ask("u" + user, "same");
                String sent = openai.seen().getLast().body();
                assertThat(sent).isEqualTo(
                        """
                        {"model":"gpt-4o","user":"u%d","messages":[{"role":"system","content":"%s"},{"role":"user","content":"same"}]}"""
                                .formatted(user,
                                        answer.part().equals("x=terse") ? "Be \\\"terse\\\"." : "You are kind."));
            }
            assertThat(openai.seen()).extracting(FakeVendor.Seen::body).anyMatch(body -> body.contains("terse"));
            Answer again = trials.ask("u3", "same");
            assertThat(openai.seen()).as("the arm's own answer was kept").hasSize(30);
            assertThat(again.part()).startsWith("x=");
        }
    }

    @Test
    void streamsAndAnswersThatLackTheirFormAreCounted() {
        try (Gateway gateway = start(
                "arms: {a: {model: openai/gpt-4o}, b: {model: openai/gpt-4o}}, primary: {metric: format}")) {
            Trials trials = trials(gateway);
            trials.act("start", "");
            for (int user = 0; user < 10; user++) {
                trials.asked(
                        "{\"model\":\"r\",\"user\":\"u%d\",\"response_format\":{\"type\":\"json_object\"},\"messages\":[]%s}"
                                .formatted(user, user % 2 == 0 ? "" : ",\"stream\":true"));
            }
            Await.until("every form is known", () -> measured(findings(trials), "format") == 10);
            assertThat(findings(trials).path("arms").path(0).path("values").path("format").asDouble(-1)).isEqualTo(1);
            assertThat(measured(findings(trials), "latency")).isEqualTo(10);
            assertThat(measured(findings(trials), "first-token")).isEqualTo(10);
            assertThat(measured(findings(trials), "cost")).isEqualTo(10);
        }
    }

    @Test
    void keptStreamsAreWellFormed() {
        try (Gateway gateway = start(
                "arms: {a: {model: openai/gpt-4o}, b: {model: openai/gpt-4o}}, primary: {metric: format}")) {
            Trials trials = trials(gateway);
            trials.act("start", "");
            for (int i = 0; i < 20; i++) {
                trials.asked("{\"model\":\"r\",\"user\":\"u%d\",\"stream\":true,\"messages\":[]}".formatted(i % 10));
            }
            assertThat(openai.seen()).as("the others come from the cache").hasSize(10);
            Await.until("every form is known", () -> findings(trials).path("requests").asInt(0) == 20
                    && measured(findings(trials), "format") >= 10);
            for (int arm = 0; arm < 2; arm++) {
                assertThat(findings(trials).path("arms").path(arm).path("values").path("format").asDouble(-1)).isZero();
            }
        }
    }

    @Test
    void whatCallersSayOfAnswersIsAMetric() {
        try (Gateway gateway = start(ARMS + "primary: {metric: feedback}")) {
            Trials trials = trials(gateway);
            trials.act("start", "");
            for (int user = 0; user < 6; user++) {
                String id = trials.ask("u" + user, "a" + user).id();
                assertThat(gateway
                        .post("/pareto/v1/feedback",
                                """
                                {"request_id": "%s", "label": "%s", "metrics": {"success": 1, "NPS": 9}}"""
                                        .formatted(id, user % 2 == 0 ? "good" : "bad"))
                        .statusCode()).isEqualTo(200);
            }
            Await.until("all of it is known", () -> measured(findings(trials), "feedback") == 6);
            assertThat(measured(findings(trials), "success")).isEqualTo(6);
        }
    }

    @Test
    void whatCannotBeMeasuredWithIsNotTaken() {
        try (Gateway gateway = start(ARMS + SUCCESS)) {
            Trials trials = trials(gateway);
            trials.act("start", "");
            String id = trials.ask("u", "a").id();
            assertThat(trials.feedback(id, "success", 1e200)).isEqualTo(400);
            assertThat(trials.outcome(id, "success", -1e10).toString()).contains("-10^9 to 10^9");
            assertThat(trials.feedback(id, "success", -1e9)).isEqualTo(200);
        }
    }

    @Test
    void oneThatCannotBeLookedAtSaysSoAndCanBeStoppedAndTheOthersGoOn() {
        String segment = "segment: {by: part, only: [%s]}, ";
        String two = segment.formatted("one") + ARMS + SUCCESS + "}\n  y: {hypothesis: same, route: r, unit: user, "
                + segment.formatted("two") + ARMS + SUCCESS;
        try (Gateway gateway = start(two)) {
            Trials trials = trials(gateway).gateOpen();
            trials.act("start", "");
            assertThat(run(gateway, "start", "y", "--reason", "r").status()).isZero();
            for (int user = 0; user < 250; user++) {
                String id = trials.ask("u" + user, "a", "Pareto-Tags", "part=one").id();
                assertThat(trials.feedback(id, "success", user % 2)).isEqualTo(200);
            }
            // as an older version may have taken it
            JdbcClient.create(gateway.bean(SqliteStore.class).writes())
                    .sql("UPDATE experiment_outcome SET value = 1e200 "
                            + "WHERE request_id = (SELECT min(request_id) FROM experiment_outcome)")
                    .update();
            Await.until("its failure shows",
                    () -> !trials.experiment().path("experiment").path("problems").isEmpty());
            assertThat(run(gateway, "show", "x").out()).contains("PROBLEM: It cannot be looked at");
            String id = trials.ask("u", "a", "Pareto-Tags", "part=two").id();
            trials.outcome(id, "success", 1);
            Await.until("the other is looked at", () -> run(gateway, "show", "y").out().contains(": 1 units"));
            assertThat(run(gateway, "show", "y").out()).doesNotContain("PROBLEM");
            assertThat(run(gateway, "stop", "x", "--reason", "r").out()).contains("STOPPED");
        }
    }

    @Test
    void anArmThatTheGateKeepsOutAndAChoiceThatNothingSpeaksForAreSaid() {
        try (Gateway gateway = start(ARMS + SUCCESS)) {
            Trials trials = trials(gateway);
            assertThat(run(gateway, "start", "x", "--reason", "r").out()).contains(
                    "PROBLEM: arm open is never applied: cluster/tiny may not serve now", "no verdict yet");
            String id = trials.ask("u", "a").id();
            assertThat(trials.outcome(id, "success", 1).path("taken").asInt(-1)).isEqualTo(1);
            assertThat(trials.outcome("no-such", "success", 1).toString()).contains("request_not_found");
            assertThat(run(gateway, "conclude", "x", "--winner", "open", "--reason", "r").err())
                    .contains("has not decided success yet", "--anyway");
            assertThat(run(gateway, "conclude", "x", "--winner", "open", "--anyway", "--reason", "r").out())
                    .contains("CONCLUDED (open)", "undecided, chosen anyway: r");
            assertThat(run(gateway, "start", "x", "--reason", "again").out())
                    .contains("RUNNING", "run 1 was concluded at ",
                            ": arm open: undecided, chosen anyway: r; that stays");
            assertThat(run(gateway, "show", "x").out()).contains("run 1 was concluded at ", ": arm open: ");
        }
    }

    private static int measured(JsonNode findings, String metric) {
        return findings.path("arms")
                .valueStream()
                .mapToInt(arm -> arm.path("measured").path(metric).asInt(0))
                .sum();
    }

    private record Said(int status, String out, String err) {}

    private static Said run(Gateway gateway, String... arguments) {
        var all = new ArrayList<>(List.of("experiment"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--gateway", gateway.url().toString(), "--admin", gateway.adminUrl().toString()));
        var out = new StringWriter();
        var err = new StringWriter();
        int status = Main.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
                .execute(all.toArray(String[]::new));
        return new Said(status, out.toString(), err.toString());
    }
}
