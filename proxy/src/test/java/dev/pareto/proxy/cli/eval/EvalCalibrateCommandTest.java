package dev.pareto.proxy.cli.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.pareto.evals.grade.judge.Calibration;
import dev.pareto.evals.grade.judge.CalibrationFile;
import dev.pareto.evals.grade.judge.Judge;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.proxy.cli.Ran;
import dev.pareto.proxy.testing.FakeVendor;
import dev.pareto.proxy.testing.Gateway;
import dev.pareto.proxy.testing.Payloads;
import dev.pareto.proxy.testing.Script;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class EvalCalibrateCommandTest {

    @TempDir
    private Path folder;

    @Test
    void recordedJudgesOfLlmBarGetTheFiguresOfTheResearch() {
        Path file = shared("eval-data/llmbar/judge_verdicts.csv.gz");
        assumeThat(file).as("the recordings lie beside the repository").isNotNull();
        Ran gpt4 = calibrate("--recorded", String.valueOf(file), "--judge", "GPT-4", "--json");
        JsonNode figures = JsonMapper.shared().readTree(gpt4.out());
        assertThat(gpt4.status()).as("under the bar").isEqualTo(1);
        assertThat(figures.path("kappa").asDouble()).isCloseTo(0.549, within(5e-4));
        assertThat(figures.path("consistent").asDouble()).isCloseTo(0.88, within(5e-3));
        assertThat(figures.path("first_position_rate").asDouble()).isCloseTo(0.506, within(5e-4));
        assertThat(figures.path("over_the_bar").asBoolean(true)).isFalse();

        Ran natural = calibrate("--recorded", String.valueOf(file), "--judge", "GPT-4", "--without", "Adversarial");
        assertThat(natural.status()).isZero();
        assertThat(natural.out()).contains("kappa                     0.62").contains("Over the bar");

        Ran chat = calibrate("--recorded", String.valueOf(file), "--judge", "ChatGPT");
        assertThat(chat.status()).isEqualTo(1);
        assertThat(chat.out()).contains("picks the first answer    69.3 %").contains("Not over the bar");
        assertThat(calibrate("--recorded", String.valueOf(file), "--judge", "Nobody").err()).contains("it has [");
    }

    @Test
    void aJudgeIsAskedThroughTheGatewayAndItsCalibrationIsOneThatASuiteCanUse() throws Exception {
        var lines = new ArrayList<String>();
        for (int i = 0; i < 120; i++) {
            boolean good = i % 2 == 0;
            lines.add("{\"id\": \"%d\", \"prompt\": \"q %d\", \"answer\": \"%s\", \"human\": %s}".formatted(i, i,
                    good || i < 10 ? "right" : "false", good));
        }
        Path labels = Files.write(folder.resolve("labels.jsonl"), lines);
        Path out = folder.resolve("judges/cal.jsonl");
        try (var vendor = new FakeVendor()) {
            vendor.answers(call -> Script.json(200, Payloads.ANSWER.replace("Hello! How can I assist you today?",
                    "{\\\"pass\\\": " + call.body().contains("\\nright\\n") + "}")));
            String yaml = """
                          vendors:
                            third: {dialect: openai, url: '%s', retries: 0, models: {
                                    oracle: {prices: [{from: 2020-01-01, input: 2, output: 8}]}}}
                          """.formatted(vendor.url());
            try (Gateway gateway = Gateway.start(folder, yaml)) {
                String[] ask = {"--labels", labels.toString(), "--judge", "third/oracle", "--kind", "judge_binary",
                        "--out", out.toString(), "--gateway", gateway.url().toString(), "--admin",
                        gateway.adminUrl().toString(), "--data", folder.resolve("evals").toString()};
                Ran poor = calibrate(Stream.concat(Stream.of(ask), Stream.of("--spend-cap", "0.0005")));
                assertThat(poor.status()).isEqualTo(1);
                assertThat(poor.err()).contains("stopped at the spend cap");
                int before = vendor.seen().size();
                assertThat(before).isBetween(1, 20);

                Ran ran = calibrate(Stream.of(ask));
                assertThat(ran.err()).doesNotContain("rror");
                assertThat(ran.status()).isZero();
                assertThat(ran.out()).contains("third/oracle as judge_binary, on 120 labels, 60 of them good")
                        .contains("agreement with people     95.8 %")
                        .contains("Over the bar");
                assertThat(vendor.seen()).as("no judgement was bought twice").hasSize(120);
                assertThat(calibrate(Stream.of(ask)).out()).contains("in place of the calibration that was there");
                assertThat(vendor.seen()).hasSize(120);

                Path suite = suite();
                String[] forSuite = {"--labels", labels.toString(), "--suite", suite.toString(), "--grader", "good",
                        "--gateway", gateway.url().toString(), "--admin", gateway.adminUrl().toString(), "--data",
                        folder.resolve("evals").toString()};
                Ran named = calibrate(Stream.of(forSuite));
                assertThat(named.out()).as(named.toString())
                        .contains("Written to " + suite.resolve("cal.jsonl"),
                                "The suite names it");
                assertThat(Ran.of(List.of("eval", "check", suite.toString())).status()).isZero();
                assertThat(calibrate(Stream.concat(Stream.of(forSuite), Stream.of("--out", out.toString()))).out())
                        .contains("in place of", "The suite looks for it at " + suite.resolve("cal.jsonl"));
                int asked = vendor.seen().size();
                Ran overLabels = calibrate(Stream.concat(Stream.of(forSuite), Stream.of("--out", labels.toString())));
                assertThat(overLabels.err()).contains("is there already and is no calibration");
                assertThat(Files.readAllLines(labels)).as("people's labels are as they were").isEqualTo(lines);
                assertThat(vendor.seen()).as("found out before a judge was paid").hasSize(asked);
            }
        }
        Calibration found = CalibrationFile.read(out);
        assertThat(found.fingerprint()).isEqualTo(
                new Judge(ModelId.parse("third/oracle"), null, Judge.USUAL_SAMPLING, null).fingerprint("judge_binary"));
        assertThat(found.opensGate()).isTrue();
    }

    private Path suite() throws IOException {
        Path suite = Files.createDirectories(folder.resolve("mine"));
        Files.writeString(suite.resolve("suite.yaml"), """
                                                       suite: mine
                                                       items: items.jsonl
                                                       graders:
                                                         - {id: good, type: judge_binary, primary: true,
                                                            judge: {model: third/oracle, calibration: cal.jsonl}}
                                                       """);
        Files.writeString(suite.resolve("items.jsonl"),
                "{\"id\": \"1\", \"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}]}\n");
        return suite;
    }

    @Test
    void whatIsMissingIsSaid() {
        assertThat(calibrate("--judge", "a/b").err()).contains("--labels FILE");
        assertThat(calibrate("--labels", folder.resolve("none.jsonl").toString(), "--judge", "a/b").err())
                .contains("none.jsonl");
    }

    private static Ran calibrate(String... arguments) {
        return calibrate(Stream.of(arguments));
    }

    private static Ran calibrate(Stream<String> arguments) {
        return Ran.of(Stream.concat(Stream.of("eval", "calibrate"), arguments).toList());
    }

    private static @Nullable Path shared(String name) {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.isDirectory(at.resolve(".mvn"))) {
                Path path = at.resolveSibling("shared").resolve(name);
                return Files.exists(path) ? path : null;
            }
        }
        return null;
    }
}
