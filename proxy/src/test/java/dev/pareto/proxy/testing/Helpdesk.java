package dev.pareto.proxy.testing;

import dev.pareto.evals.grade.JudgeClient;
import dev.pareto.evals.grade.Submission;
import dev.pareto.evals.grade.judge.Judge;
import dev.pareto.evals.grade.judge.JudgeAlone;
import dev.pareto.policies.catalog.ModelId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tickets of a helpdesk with what two models and a judge once said to them, as files: a suite with strata and money, recordings for
 * vendors of the kind {@code recorded}, and people's labels. Always the same.
 */
public final class Helpdesk {

    public static final int TICKETS = 320;
    public static final int GERMAN = 80;
    private static final int LABELS = 140;

    private static final String CLOSED = "gpt-4o";
    private static final String OPEN = "tiny";
    private static final String ORACLE = "oracle";
    private static final List<String> QUEUES = List.of("billing", "delivery", "technical", "refund");
    private static final List<String> WORDS = List.of(
            "I was charged twice for order %d this month, please tell me which of the two charges is the right one.",
            "Parcel %d was promised for last Tuesday and the tracking page has not moved since, where is it now?",
            "Since the last update the app closes itself when I open page %d of my account, what can I do about it?",
            "I sent back order %d two weeks ago and the money has not arrived on my card yet, when will it be there?");

    private final Path folder;
    private final List<ObjectNode> recordings = new ArrayList<>();
    private final Set<String> judged = new HashSet<>();

    private Helpdesk(Path folder) {
        this.folder = folder;
    }

    /** Writes everything below this folder. */
    public static Helpdesk write(Path folder) throws IOException {
        var desk = new Helpdesk(folder);
        desk.write();
        return desk;
    }

    /** The suite's folder. */
    public Path suite() {
        return folder.resolve("helpdesk");
    }

    /** The same without refunds, for another route: here the open model is good enough, and a wrong answer has its price. */
    public Path withoutRefunds(String route) throws IOException {
        Path other = Files.createDirectories(folder.resolve("desk-" + route));
        Files.copy(proof(), other.resolve(proof().getFileName()), StandardCopyOption.REPLACE_EXISTING);
        Files.writeString(other.resolve("suite.yaml"),
                Files.readString(suite().resolve("suite.yaml"))
                        .replace("suite: helpdesk", "suite: desk-" + route)
                        .replace("route: support", "route: " + route)
                        .replace("margin: 0.05", "margin: {break_even: {fail_cost: 0.004}}")
                        .replace(", critical: [refund]", ""));
        Files.write(other.resolve("items.jsonl"),
                Files.readAllLines(suite().resolve("items.jsonl"))
                        .stream()
                        .filter(line -> !line.contains("refund"))
                        .toList());
        return other;
    }

    /** What people said of answers. */
    public Path labels() {
        return folder.resolve("labels.jsonl");
    }

    /** Where the judge's proof is to be. */
    public Path proof() {
        return suite().resolve("proof.jsonl");
    }

    /** Vendors that answer from the recordings: {@code openai/gpt-4o} at its list price, {@code cluster/tiny}, {@code third/oracle}. */
    public String vendors() {
        return """
               vendors:
                 openai: {recorded: '%1$s', paced: false, prices: openai, models: [gpt-4o]}
                 cluster: {recorded: '%1$s', paced: false, open: true, models: {
                           tiny: {prices: [{from: 2020-01-01, input: 0.1, output: 0.4}]}}}
                 third: {recorded: '%1$s', paced: false, models: {
                         oracle: {prices: [{from: 2020-01-01, input: 2, output: 8}]}}}
               """.formatted(folder.resolve("recordings"));
    }

    /** What the i-th caller asks. */
    public static String ticket(int i) {
        return WORDS.get(i % WORDS.size()).formatted(10_000 + i);
    }

    /** Whether this is the right answer to what the i-th caller asked. */
    public static boolean settles(String answer, String asked, int i) {
        return answer.startsWith(asked.equals(german(i)) ? "delivery" : queue(i));
    }

    /** The same in another language than the suite's. */
    public static String german(int i) {
        return "Guten Tag, meine Bestellung %d ist seit letzter Woche nicht angekommen und ich warte noch immer darauf"
                .formatted(20_000 + i);
    }

    private static String queue(int i) {
        return QUEUES.get(i % QUEUES.size());
    }

    /** The open model is as good on all but refunds, which it takes for bills. */
    private static boolean right(String model, int i) {
        if (model.equals(CLOSED)) {
            return i % 25 != 3;
        }
        return queue(i).equals("refund") ? i % 12 != 7 : i % 25 != 4;
    }

    private static String answer(String model, int i) {
        String queue = right(model, i) ? queue(i) : queue(i + 1);
        return model.equals(CLOSED)
                ? queue + "\nThank you for your message about no. " + (10_000 + i) + ". I have passed it on to the "
                        + queue + " desk, which answers within one working day."
                : queue + "\nYour message about no. " + (10_000 + i) + " is with " + queue
                        + " now; they answer within a day.";
    }

    private void write() throws IOException {
        Files.createDirectories(suite());
        Files.createDirectories(folder.resolve("recordings"));
        Files.writeString(suite().resolve("suite.yaml"),
                """
                suite: helpdesk
                route: support
                items: items.jsonl
                sampling: {temperature: 0}
                graders:
                  - {id: queue, type: starts_with, primary: true}
                  - {id: helpful, type: judge_binary, judge: {model: third/oracle, calibration: proof.jsonl}}
                decision:
                  margin: 0.05
                  alpha: 0.05
                  n_min: 200
                  grouping: {kind: stratum, key: queue}
                  guards:
                    - {metric: truncation, ceiling: 0.02}
                    - {metric: latency.p95_ms, max: 4000}
                    - {metric: cost_per_success, max_ratio: 0.8}
                  slices: {flag: bh 0.10, critical: [refund]}
                """);
        var items = new ArrayList<String>();
        for (int i = 0; i < TICKETS; i++) {
            items.add(JsonMapper.shared()
                    .createObjectNode()
                    .put("id", "ticket-" + i)
                    .put("expected", queue(i))
                    .put("stratum", queue(i))
                    .set("messages", messages(ticket(i)))
                    .toString());
            for (String model : List.of(CLOSED, OPEN)) {
                record(model, messages(ticket(i)), answer(model, i),
                        model.equals(CLOSED) ? 780 + i % 300 : 210 + i % 90);
                boolean good = said(right(model, i), i);
                judge(ticket(i), answer(model, i), queue(i), good);
                judge(ticket(i), answer(model, i), null, good);
            }
        }
        for (int i = 0; i < GERMAN; i++) {
            for (String model : List.of(CLOSED, OPEN)) {
                String answer = "delivery\nIch habe es weitergeleitet, " + model + ".";
                record(model, messages(german(i)), answer, 500);
                judge(german(i), answer, null, i % 7 != 0);
            }
        }
        Files.write(suite().resolve("items.jsonl"), items);
        labelled();
        Files.write(folder.resolve("recordings").resolve("answers.jsonl"),
                recordings.stream().map(ObjectNode::toString).toList());
    }

    /** Half of them of answers to the wrong desk. */
    private void labelled() throws IOException {
        var labels = new ArrayList<String>();
        for (int i = 0; i < LABELS; i++) {
            boolean good = i % 2 == 0;
            String answer = queue(good ? i : i + 1) + "\nThank you, label " + i + " is on its way.";
            labels.add(JsonMapper.shared()
                    .createObjectNode()
                    .put("id", "label-" + i)
                    .put("prompt", ticket(i))
                    .put("answer", answer)
                    .put("human", good)
                    .toString());
            judge(ticket(i), answer, null, said(good, i));
        }
        Files.write(labels(), labels);
    }

    /** The judge errs on one in nineteen. */
    private static boolean said(boolean good, int i) {
        return i % 19 == 11 ? !good : good;
    }

    /** What the judge is asked, found by asking it. */
    private void judge(String prompt, String answer, @Nullable String expected, boolean good) {
        JsonNode key = expected == null ? null : JsonMapper.shared().getNodeFactory().stringNode(expected);
        var submission = new Submission(answer, key, List.of(Map.of("role", "user", "content", prompt)), null, null,
                null, null, null);
        String reply = "{\"reason\": \"" + (good ? "the right desk, politely" : "the wrong desk") + "\", \"pass\": "
                + good
                + "}";
        JudgeClient ear = (model, messages, sampling) -> {
            JsonNode heard = JsonMapper.shared().valueToTree(messages);
            if (judged.add(heard.toString())) {
                record(ORACLE, heard, reply, 400);
            }
            return new JudgeClient.Reply(reply, Duration.ZERO, null);
        };
        var _ = JudgeAlone.binary(new Judge(ModelId.parse("third/oracle"), null, Judge.USUAL_SAMPLING, null))
                .connected(ear)
                .grade(submission);
    }

    private static JsonNode messages(String user) {
        return JsonMapper.shared().valueToTree(List.of(Map.of("role", "user", "content", user)));
    }

    private void record(String model, JsonNode messages, String output, int latencyMillis) {
        ObjectNode line = JsonMapper.shared()
                .createObjectNode()
                .put("model", model)
                .put("output", output)
                .put("tokens", Math.ceilDiv(output.length(), 4))
                .put("prompt_tokens", Math.ceilDiv(messages.toString().length(), 4))
                .put("latency_ms", latencyMillis)
                .put("finish_reason", "stop");
        line.set("messages", messages);
        recordings.add(line);
    }
}
