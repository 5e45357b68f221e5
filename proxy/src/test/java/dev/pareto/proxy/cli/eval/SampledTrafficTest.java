package dev.pareto.proxy.cli.eval;

import dev.pareto.proxy.cli.Main;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pareto.evals.suite.SuiteReader;
import dev.pareto.policies.catalog.Secret;
import dev.pareto.policies.policy.ConfigException;
import dev.pareto.policies.policy.ConfigReader;
import dev.pareto.proxy.testing.Await;
import dev.pareto.proxy.testing.FakeVendor;
import dev.pareto.proxy.testing.Gateway;
import dev.pareto.proxy.testing.Payloads;
import dev.pareto.proxy.testing.Script;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a live request to a labelled suite. */
final class SampledTrafficTest {

    private static final String KEY = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

    @TempDir
    private Path folder;

    @Test
    void promptsOfARouteThatOptedInBecomeASuite() throws Exception {
        Files.writeString(folder.resolve("samples.key"), KEY + "\n");
        try (var vendor = new FakeVendor();
                var gateway = Gateway.start(folder,
                        """
                        vendors: {openai: {dialect: openai, url: '%s', retries: 0, models: [a, b]}}
                        routes:
                          desk: {candidates: [openai/a], sample: 100 %%}
                          private: {candidates: [openai/a]}
                        """.formatted(vendor.url()), ", samples: {key: 'file:samples.key', keep: 2 d}", Map.of())) {
            vendor.answers(Script.json(200, Payloads.ANSWER));
            for (int i = 0; i < 6; i++) {
                post(gateway, "desk", "Question " + i + " of ana" + i + "@example.com", "Pareto-Tags",
                        "intent=" + (i < 4 ? "x" : "y"));
            }
            post(gateway, "private", "never sampled");
            post(gateway, "desk", "not this one", "Pareto-Cache", "no-store");
            Await.until("six samples are written", () -> count(gateway) == 6);
            assertThat(bytesBelow(folder.resolve("data/samples"))).doesNotContain("Question", "ana1");

            Path draft = folder.resolve("draft");
            assertThat(run("eval", "cut", "--route", "desk", "--by", "tag:intent", "--out", draft.toString()))
                    .contains("6 items of 6 samples", "EMAIL");
            assertThat(Files.readString(draft.resolve("items.jsonl"))).contains("[EMAIL_1]")
                    .doesNotContain("example.com", "not this one");
            assertThat(run("eval", "check", draft.toString())).contains("6 items", "strata {x=4, y=2}");

            ask(gateway, draft, "openai/a", "a.jsonl");
            vendor.answers(Script.json(200, Payloads.ANSWER.replace("Hello", "Goodbye")));
            ask(gateway, draft, "openai/b", "b.jsonl");
            assertThat(Files.readString(folder.resolve("a.jsonl.xml"))).contains("<testsuite ", "tests=\"6\"");

            Path questions = folder.resolve("questions.jsonl");
            assertThat(label(draft, "--questions", questions.toString())).contains("0 items agree, 6 do not");
            Files.writeString(questions, Files.readString(questions).replace("\"choice\":null", "\"choice\":\"a\""));
            assertThat(label(draft, "--labels", questions.toString(), "--out", folder.resolve("final").toString()))
                    .contains("6 items (0 agreed, 6 judged)");
            assertThat(new SuiteReader().read(folder.resolve("final")).items()).hasSize(6);
        }
        assertThat(run("eval", "samples")).contains("desk-", "1 files");
        assertThat(run("eval", "samples", "--forget", "desk")).contains("1 files of route desk deleted");
        assertThat(run("eval", "samples")).contains("There are no samples");
    }

    @Test
    void aRouteCannotSampleWithoutAKey() throws IOException {
        Path file = Files.writeString(folder.resolve("pareto.yaml"),
                """
                vendors: {openai: {dialect: openai, url: 'http://127.0.0.1:1', models: [a]}}
                routes:
                  desk: {candidates: [openai/a], sample: 1 %}
                """);
        Assertions.assertThatThrownBy(() -> new ConfigReader().read(file, Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("gateway.samples.key");
    }

    @Test
    void aShortKeyIsRefusedWithoutShowingIt() throws IOException {
        Path file = Files.writeString(folder.resolve("pareto.yaml"), "gateway: {samples: {key: '${K}'}}\n");
        Assertions.assertThatThrownBy(() -> new ConfigReader().read(file, Map.of("K", "hunter2")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("openssl rand -base64 32")
                .hasMessageNotContaining("hunter2");
        assertThat(new Secret(KEY)).hasToString("***");
    }

    private static void post(Gateway gateway, String route, String question, String... headers) {
        var answer = gateway.post("/v1/chat/completions",
                "{\"model\":\"" + route + "\",\"messages\":[{\"role\":\"user\",\"content\":\"" + question + "\"}]}",
                headers);
        assertThat(answer.statusCode()).isEqualTo(200);
    }

    private static double count(Gateway gateway) {
        return gateway.bean(MeterRegistry.class).get("pareto.samples").tag("outcome", "kept").functionCounter().count();
    }

    private static String bytesBelow(Path path) throws IOException {
        var text = new StringBuilder();
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                text.append(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
        }
        assertThat(text).isNotEmpty();
        return text.toString();
    }

    private void ask(Gateway gateway, Path draft, String model, String answers) {
        Path file = folder.resolve(answers);
        run(List.of("eval", "run", "--suite", draft.toString(), "--model", model, "--gateway", gateway.url().toString(),
                "--admin",
                gateway.adminUrl().toString(), "--data", folder.resolve("data").toString(), "--jsonl", file.toString(),
                "--junit",
                file + ".xml"));
    }

    private String label(Path draft, String... more) {
        return run(Stream.concat(
                Stream.of("eval", "label", draft.toString(), "--first", folder.resolve("a.jsonl").toString(),
                        "--second", folder.resolve("b.jsonl").toString(), "--grader", "{\"type\": \"exact\"}"),
                Stream.of(more)).toList());
    }

    /** A command that reads the gateway's configuration. */
    private String run(String... arguments) {
        boolean configured = !arguments[1].equals("check");
        return run(configured
                ? Stream.concat(Stream.of(arguments), Stream.of("--config", folder.resolve("pareto.yaml").toString()))
                        .toList()
                : List.of(arguments));
    }

    private static String run(List<String> arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        int ended = Main.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
                .execute(arguments.toArray(String[]::new));
        assertThat(ended).as(out + "\n" + err).isZero();
        return out.toString();
    }
}
