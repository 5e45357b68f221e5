package dev.pareto.proxy.cascade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.zip.GZIPInputStream;

import dev.pareto.policies.cascade.CascadePlan;
import dev.pareto.policies.predict.accuracy.Answer;
import dev.pareto.policies.route.LabelledFile;
import dev.pareto.policies.route.LabelledPrompt;
import dev.pareto.policies.route.LabelledPrompt.Label;
import dev.pareto.policies.route.RouterEvaluation;
import dev.pareto.policies.route.RouterReport;
import dev.pareto.proxy.LiveConfig;
import dev.pareto.proxy.testing.Await;
import dev.pareto.proxy.testing.Gateway;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * GSM8K on recorded answers of GPT-4-1106 and Mixtral-8x7B (RouteLLM's), through a running gateway: three fifths of the prompts are labels, the
 * others are asked. What cascades reach there is held beside either model alone and beside what {@code policy evaluate} says of the same split.
 */
final class PublishedCascadeTest {

    private static final String STRONG = "openai/gpt-4-1106-preview";
    private static final String WEAK = "open/mixtral-8x7b-instruct-v0.1";
    private static final String SECOND = "open/mixtral-again";
    private static final int LABELS = 784;
    private static final long SEED = 1000;

    @TempDir
    private Path folder;

    /** What a route reached. */
    private record Reached(double accuracy, double strongShare, double lost) {

        @Override
        public String toString() {
            return String.format(Locale.ROOT,
                    "accuracy %.2f %%, strong calls %.1f %%, lost against the strong model %.2f %%",
                    accuracy * 100, strongShare * 100, lost * 100);
        }
    }

    @Test
    void cascadesReachThroughTheGatewayWhatTheyReachOnPaper(TestReporter reporter) throws Exception {
        List<LabelledPrompt> all = new ArrayList<>(prompts());
        Collections.shuffle(all, new Random(SEED));
        List<LabelledPrompt> teach = all.subList(0, LABELS);
        List<LabelledPrompt> ask = all.subList(LABELS, all.size());
        write(teach, ask);
        try (Gateway gateway = Gateway.start(folder, config())) {
            for (String route : List.of("one", "two")) {
                CascadePlan plan = Objects
                        .requireNonNull(gateway.bean(LiveConfig.class).get().route(route).orElseThrow().cascade());
                Await.until("the verifier is learnt", Duration.ofMinutes(3),
                        () -> gateway.bean(VerifierBook.class).of(plan) instanceof VerifierBook.Ready);
            }
            Reached strong = through(gateway, STRONG, ask);
            Reached weak = through(gateway, WEAK, ask);
            Reached agree = through(gateway, "agree", ask);
            Reached one = through(gateway, "one", ask);
            Reached two = through(gateway, "two", ask);
            RouterReport paper = new RouterEvaluation(System::nanoTime).run(ask, teach,
                    new RouterEvaluation.Settings(STRONG, WEAK, SECOND, SEED, 5, 0, null));
            double paperOne = at(paper, "pareto + one weak answer", one.strongShare);
            double paperTwo = at(paper, "pareto + two weak answers", two.strongShare);
            reporter.publishEntry(Map.of("always strong", strong.toString(), "always weak", weak.toString(),
                    "agreement alone", agree.toString(), "verifier of one answer", one + ", on paper " + paperOne,
                    "verifier of two answers", two + ", on paper " + paperTwo));

            assertThat(strong.strongShare).isEqualTo(1);
            assertThat(weak.strongShare).isZero();
            for (Reached reached : List.of(one, two)) {
                // 523 prompts: a standard error of a point on what is lost
                assertThat(reached.lost).as("promised 5 points").isLessThanOrEqualTo(0.05 + 0.016);
                assertThat(reached.accuracy).isGreaterThan(strong.accuracy - 0.05);
            }
            assertThat(two.accuracy).as("on paper, learnt from more labels").isGreaterThan(paperTwo - 0.03);
            assertThat(one.accuracy).isGreaterThan(paperOne - 0.03);
            assertThat(two.strongShare).isLessThan(0.55).isLessThan(one.strongShare);
            assertThat(agree.accuracy).as("two cheap answers that agree are mostly right")
                    .isGreaterThan(strong.accuracy - 0.02);
            assertThat(agree.strongShare).isLessThan(0.6);
        }
    }

    private static double at(RouterReport report, String name, double share) {
        double[] curve = report.routers()
                .stream()
                .filter(router -> router.name().equals(name))
                .findFirst()
                .orElseThrow()
                .curve();
        double at = share * (curve.length - 1);
        int below = Math.min((int) at, curve.length - 2);
        return curve[below] + (at - below) * (curve[below + 1] - curve[below]);
    }

    private static Reached through(Gateway gateway, String route, List<LabelledPrompt> prompts) {
        List<double[]> each = Objects.requireNonNull(Flux.fromIterable(prompts)
                .flatMap(prompt -> Mono.fromFuture(() -> gateway.client()
                        .sendAsync(gateway.request("/v1/chat/completions", body(route, prompt)),
                                HttpResponse.BodyHandlers.ofByteArray()))
                        .map(response -> score(response, prompt)), 8)
                .collectList()
                .block(Duration.ofMinutes(5)));
        return new Reached(mean(each, 0), mean(each, 1), mean(each, 2));
    }

    private static double mean(List<double[]> each, int figure) {
        return each.stream().mapToDouble(one -> one[figure]).average().orElseThrow();
    }

    /** Whether it is right, the strong model's, and wrong where the strong model would have been right. */
    private static double[] score(HttpResponse<byte[]> response, LabelledPrompt prompt) {
        String body = new String(response.body(), StandardCharsets.UTF_8);
        assertThat(response.statusCode()).as(body).isEqualTo(200);
        String served = response.headers().firstValue("Pareto-Model").orElseThrow();
        String text = JsonMapper.shared().readTree(body).at("/choices/0/message/content").asString();
        assertThat(text).as("the answer of %s", served)
                .isEqualTo(Objects.requireNonNull(prompt.answer(served)).text());
        double right = Objects.requireNonNull(prompt.score(served));
        return new double[]{right, served.equals(STRONG) ? 1 : 0,
                Math.max(0, Objects.requireNonNull(prompt.score(STRONG)) - right)};
    }

    private static String body(String route, LabelledPrompt prompt) {
        return JsonMapper.shared()
                .writeValueAsString(Map.of("model", route, "messages",
                        List.of(Map.of("role", "user", "content", prompt.prompt()))));
    }

    private String config() {
        return """
               vendors:
                 openai: {recorded: '%1$s', paced: false, models: {gpt-4-1106-preview: {prices: [{from: 2020-01-01, input: 10, output: 30}]}}}
                 open: {recorded: '%1$s', paced: false, open: true, models: {
                        mixtral-8x7b-instruct-v0.1: {prices: [{from: 2020-01-01, input: 0.24, output: 0.24}]},
                        mixtral-again: {prices: [{from: 2020-01-01, input: 0.24, output: 0.24}]}}}
               routes:
                 one: {candidates: [%2$s, %3$s], cascade: {first: %3$s, accept: {verifier: {labels: '%5$s', margin: 5 pp, confidence: 90 %%}}}}
                 two: {candidates: [%2$s, %3$s], cascade: {first: %3$s,
                       accept: {second: {model: %4$s}, verifier: {labels: '%5$s', margin: 5 pp, confidence: 90 %%}}}}
                 agree: {candidates: [%2$s, %3$s], cascade: {first: %3$s, accept: {second: {model: %4$s}}}}
               """
                .formatted(folder.resolve("recordings"), STRONG, WEAK, SECOND, folder.resolve("labels.jsonl"));
    }

    private void write(List<LabelledPrompt> teach, List<LabelledPrompt> ask) throws IOException {
        Files.write(folder.resolve("labels.jsonl"), teach.stream().map(PublishedCascadeTest::label).toList());
        List<String> recorded = new ArrayList<>();
        for (LabelledPrompt prompt : ask) {
            for (String model : List.of(STRONG, WEAK, SECOND)) {
                recorded.add(JsonMapper.shared()
                        .writeValueAsString(Map.of("model", model.substring(model.indexOf('/') + 1), "prompt",
                                prompt.prompt(), "output", Objects.requireNonNull(prompt.answer(model)).text())));
            }
        }
        Files.createDirectories(folder.resolve("recordings"));
        Files.write(folder.resolve("recordings/all.jsonl"), recorded);
    }

    private static String label(LabelledPrompt prompt) {
        Map<String, Object> models = new LinkedHashMap<>();
        prompt.models().forEach((name, label) -> {
            Map<String, Object> one = new HashMap<>();
            if (label.score() != null) {
                one.put("score", label.score());
            }
            one.put("output", Objects.requireNonNull(label.answer()).text());
            models.put(name, one);
        });
        return JsonMapper.shared()
                .writeValueAsString(Map.of("id", prompt.id(), "prompt", prompt.prompt(), "models", models));
    }

    /** With Mixtral's own answer under another prompt as a third model. */
    private static List<LabelledPrompt> prompts() throws IOException {
        Map<String, String> outputs = new HashMap<>();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(
                        shared("eval-data/zeroeval/gsm/Mixtral-8x7B-Instruct-v0.1.jsonl.gz"))),
                StandardCharsets.UTF_8))) {
            lines.lines()
                    .map(JsonMapper.shared()::readTree)
                    .forEach(line -> outputs.put(text(line, "id"), text(line, "output")));
        }
        Map<String, String> byQuestion = new HashMap<>();
        try (BufferedReader lines = Files.newBufferedReader(shared("eval-data/zeroeval/gsm.items.jsonl"))) {
            lines.lines()
                    .map(JsonMapper.shared()::readTree)
                    .forEach(line -> byQuestion.put(plain(text(line, "question")),
                            outputs.getOrDefault(text(line, "id"), "")));
        }
        return LabelledFile.read(shared("routing/gsm8k.jsonl.gz")).prompts().stream().map(prompt -> {
            Map<String, Label> models = new LinkedHashMap<>(prompt.models());
            models.put(SECOND,
                    new Label(null, Answer.of(Objects.requireNonNull(byQuestion.get(plain(prompt.prompt()))))));
            return new LabelledPrompt(prompt.id(), prompt.prompt(), null, models);
        }).toList();
    }

    private static String text(JsonNode line, String field) {
        return line.path(field).asString("");
    }

    private static String plain(String question) {
        return question.replaceAll("[^\\p{L}\\p{N}]+", " ").strip().toLowerCase(Locale.ROOT);
    }

    private static Path shared(String name) {
        Path found = null;
        for (Path at = Path.of("").toAbsolutePath(); at != null && found == null; at = at.getParent()) {
            if (Files.isDirectory(at.resolve(".mvn"))) {
                found = at.resolveSibling("shared").resolve(name);
            }
        }
        assumeThat(found).as("the published answers lie beside the repository").isNotNull().exists();
        return Objects.requireNonNull(found);
    }
}
