package dev.pareto.evals.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;

import javax.xml.parsers.DocumentBuilderFactory;

import dev.pareto.evals.run.Answer;
import dev.pareto.evals.run.Contestant;
import dev.pareto.evals.run.EvalRunner;
import dev.pareto.evals.run.ModelCallException;
import dev.pareto.evals.run.Run;
import dev.pareto.evals.run.RunSettings;
import dev.pareto.evals.run.RunStore;
import dev.pareto.evals.suite.Suite;
import dev.pareto.evals.suite.SuiteReader;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.price.Money;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class RunExportTest {

    private static final Map<String, String> ANSWERS = Map.of("1+1?", "2", "2+2?", "5 <b>&\u0001</b>", "3+3?", "");

    @TempDir
    private Path folder = Path.of("");

    @Test
    void junitShowsWrongMissingAndRightAnswers() throws Exception {
        Suite suite = suite();
        StringWriter out = new StringWriter();
        new JUnitXml(suite, run(suite)).write(out);
        Document document = DocumentBuilderFactory.newDefaultNSInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(out.toString().getBytes(StandardCharsets.UTF_8)));
        Element whole = (Element) document.getElementsByTagName("testsuite").item(0);
        assertThat(List.of("tests", "failures", "errors", "skipped", "time").stream().map(whole::getAttribute))
                .containsExactly("3", "1", "1", "0", "2.500000");
        assertThat(whole.getAttribute("name")).isEqualTo("sums local/open");
        Element wrong = caseOf(document, "b");
        assertThat(wrong.getAttribute("classname")).isEqualTo("sums.easy");
        assertThat(wrong.getAttribute("time")).isEqualTo("1.250000");
        Element failure = (Element) wrong.getElementsByTagName("failure").item(0);
        assertThat(failure.getAttribute("message")).startsWith("sum: expected 4");
        assertThat(failure.getTextContent()).isEqualTo("5 <b>&\uFFFD</b>");
        assertThat(((Element) caseOf(document, "c").getElementsByTagName("error").item(0)).getAttribute("message"))
                .contains("no answer today");
        assertThat(caseOf(document, "a").getChildNodes().getLength()).as("a guard's failure fails no case").isZero();
    }

    @Test
    void junitIsOfOneVersion() throws Exception {
        Suite suite = suite();
        Run run = run(suite);
        Suite other = new Suite("sums", "another", null, null, Map.of(), suite.graders(), suite.decision(),
                suite.items());
        assertThatThrownBy(() -> new JUnitXml(other, run)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void linesHoldAllThatIsKnownOfEachItem() throws Exception {
        StringBuilder out = new StringBuilder();
        new RunLines(run(suite())).write(out);
        List<JsonNode> lines = out.toString().lines().map(line -> JsonMapper.shared().readTree(line)).toList();
        assertThat(lines).hasSize(3);
        JsonNode wrong = lines.stream()
                .filter(line -> line.path("item").asString().equals("b"))
                .findFirst()
                .orElseThrow();
        assertThat(wrong.path("score").asDouble()).isZero();
        assertThat(wrong.at("/grades/sum/pass").asBoolean()).isFalse();
        assertThat(wrong.at("/answer/latency_ms").decimalValue()).isEqualByComparingTo("1250");
        assertThat(wrong.at("/answer/cost").asString()).isEqualTo("0.001");
        assertThat(wrong.at("/answer/prompt_tokens").isNull()).as("unknown is null").isTrue();
        JsonNode missing = lines.stream()
                .filter(line -> line.path("item").asString().equals("c"))
                .findFirst()
                .orElseThrow();
        assertThat(missing.path("answer").isNull()).isTrue();
        assertThat(missing.path("error").asString()).contains("no answer today");
    }

    @Test
    void whatNobodyCouldCallRightIsNotCalledRight() throws Exception {
        Suite keyed = suite();
        assertThat(keyed.keyed()).isTrue();
        assertThat(new RunReport(run(keyed), 0, keyed.keyed()).text()).contains("2 items right")
                .doesNotContain("pass the");

        Files.writeString(folder.resolve("suite.yaml"), """
                                                        suite: draft
                                                        graders:
                                                          - {id: answered, type: regex, pattern: "[0-9]", primary: true}
                                                        """);
        Files.writeString(folder.resolve("items.jsonl"),
                "{\"id\": \"a\", \"messages\": [{\"role\": \"user\", \"content\": \"1+1?\"}]}\n");
        Suite draft = new SuiteReader().read(folder);
        assertThat(draft.keyed()).isFalse();
        assertThat(new RunReport(run(draft), 0, draft.keyed()).text()).contains("100.0 % of 1 items pass the checks")
                .contains("whether they are right nobody says")
                .doesNotContain("accuracy")
                .doesNotContain("items right");
    }

    private static Element caseOf(Document document, String id) {
        NodeList cases = document.getElementsByTagName("testcase");
        for (int i = 0; i < cases.getLength(); i++) {
            Element one = (Element) cases.item(i);
            if (one.getAttribute("name").equals(id)) {
                return one;
            }
        }
        throw new AssertionError("no case " + id);
    }

    private Run run(Suite suite) throws Exception {
        try (var workers = Executors.newVirtualThreadPerTaskExecutor()) {
            return new EvalRunner((model, messages, sampling) -> {
                String text = ANSWERS.getOrDefault(String.valueOf(messages.getLast().get("content")), "");
                if (text.isEmpty()) {
                    throw new ModelCallException("no answer today", false, null);
                }
                return new Answer(text, Duration.ofMillis(1_250), new Money(new BigDecimal("0.001"), "USD"), null, null,
                        false,
                        "stop", "open", null, false);
            }, new RunStore(folder.resolve("runs")), InstantSource.fixed(Instant.parse("2026-11-22T10:00:00Z")),
                    workers,
                    wait -> {})
                    .run(suite, new Contestant(ModelId.parse("local/open"), null), RunSettings.DEFAULT, progress -> {});
        }
    }

    private Suite suite() throws Exception {
        Files.writeString(folder.resolve("suite.yaml"),
                """
                suite: sums
                graders:
                  - {id: sum, type: number, primary: true}
                  - {id: shouted, type: contains_all, values: ["!"], role: guard}
                """);
        Files.writeString(folder.resolve("items.jsonl"),
                """
                {"id":"a","messages":[{"role":"user","content":"1+1?"}],"expected":"2","stratum":"easy"}
                {"id":"b","messages":[{"role":"user","content":"2+2?"}],"expected":"4","stratum":"easy"}
                {"id":"c","messages":[{"role":"user","content":"3+3?"}],"expected":"6","stratum":"easy"}
                """);
        return new SuiteReader().read(folder);
    }
}
