package dev.pareto.proxy.cli.eval;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What cannot come to anything is refused in one line that says how to mend it, and before anything is paid. */
final class EvalRefusalsTest {

    private static final String NOBODY = "http://127.0.0.1:9";

    private static final String PRICED = "', retries: 0, models: {m: {prices: [{from: 2020-01-01, input: 2, output: 8}]}}}, ";

    @TempDir
    private Path folder;

    @BeforeEach
    void write() throws IOException {
        suite("tiny", "{id: text, type: contains_all, primary: true}");
        suite("judged",
                "{id: good, type: judge_binary, primary: true, judge: {model: third/oracle, calibration: cal.jsonl}}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
            "run --suite nosuch --model a/b | nosuch: there is no such file; name a folder that holds suite.yaml",
            "run --suite tiny --model ab | a model is written vendor/name, got 'ab'",
            "run --suite tiny --model a/b --spend-cap -1 | --spend-cap -1: write how many USD may be spent",
            "run --suite tiny --model a/b --spend-cap abc | 'abc' is not a number",
            "run --suite tiny --model a/b --limit 0 | --limit 0: ask at least one item",
            "run --suite judged --model a/b | 'cal.jsonl' is not a file in the suite's folder; ./pareto eval calibrate --suite",
            "run --suite tiny --model a/b | no gateway answers on http://127.0.0.1:9; start one with ./pareto serve",
            "compare --suite tiny --candidate a/b --baseline c/d | no gateway answers on",
            "compare --suite tiny --candidate a/b --baseline a/b | are one model, a/b; name two",
            "compare --suite tiny --candidate a/b --baseline c/d --margin 3 | --margin 3.0 is not within (0, 1)",
            "compare --suite tiny --candidate a/b --baseline c/d --margin 0 | --margin 0.0 is not within (0, 1)",
            "compare --suite tiny --candidate a/b --baseline c/d --margin 0.02 --fail-cost 1 | either --margin or --fail-cost",
            "compare --suite tiny --candidate a/b --baseline c/d --fail-cost -1 | --fail-cost -1: a wrong answer costs something",
            "compare --suite tiny --candidate a/b --baseline c/d --noise-floor -3 | --noise-floor -3: write how many items",
            "compare --suite tiny --candidate a/b --baseline c/d --labels none.jsonl | there is no file none.jsonl"})
    void sayWhatIsWrongInOneLine(String command, String message) {
        var arguments = new ArrayList<String>(List.of("eval"));
        arguments.addAll(List.of(command.split(" ")));
        arguments.addAll(List.of("--suites-dir", folder.toString(), "--data", folder.resolve("data").toString(),
                "--gateway", NOBODY, "--admin", NOBODY));

        Ran ran = Ran.of(arguments);

        assertThat(ran.status()).isNotZero();
        assertThat(ran.err().lines().findFirst().orElse("")).startsWith("pareto: ").contains(message);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).doesNotContain("Exception", "\tat ");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~',
            value = {"verdict list | no gateway answers on", "verdict check x | no gateway answers on",
                    "verdict check none.json | there is no file none.json",
                    "verdict check --chain none.jsonl | there is no file none.jsonl",
                    "verdict check . | . is a folder; name a file",
                    "verdict check --chain . | . is a folder; name a file",
                    "verdict export no-such-folder/x.jsonl | to write x.jsonl in",
                    "verdict check --newest abc | --newest goes with --chain",
                    "verdict export out.jsonl | no gateway answers on",
                    "swap list | no gateway answers on", "swap freeze r --for 1d --reason r | no gateway answers on",
                    "experiment show x | no gateway answers on"})
    void othersDoSoToo(String command, String message) {
        var arguments = new ArrayList<>(List.of(command.split(" ")));
        arguments.addAll(List.of("--admin", NOBODY));

        Ran ran = Ran.of(arguments);

        assertThat(ran.status()).isEqualTo(1);
        assertThat(ran.err()).startsWith("pareto: ").contains(message).hasLineCount(1);
    }

    @Test
    void aVendorThatLetsNobodyInIsAskedNoMoreAndItsKeyIsNamed() throws IOException {
        try (var open = new FakeVendor();
                var closed = new FakeVendor();
                var gateway = Gateway.start(folder, "vendors: {open: {dialect: openai, url: '" + open.url()
                        + PRICED + "closed: {dialect: openai, url: '" + closed.url() + PRICED + "}\n", "",
                        Map.of())) {
            open.answers(Script.json(200, Payloads.ANSWER));
            closed.answers(Script.json(401, "{\"error\": {\"message\": \"Incorrect API key provided\"}}"));

            Ran ran = Ran.of(List.of("eval", "compare", "--suite", "tiny", "--suites-dir", folder.toString(),
                    "--candidate", "open/m", "--baseline", "closed/m", "--margin", "0.03", "--data",
                    folder.resolve("evals").toString(), "--gateway", gateway.url().toString(), "--admin",
                    gateway.adminUrl().toString()));

            assertThat(ran.status()).isEqualTo(1);
            assertThat(ran.err())
                    .contains("pareto: the key of vendor closed in pareto.yaml (for closed/m) was not let in")
                    .contains("401")
                    .contains("no further question was asked");
            assertThat(closed.seen()).hasSizeBetween(1, 2);
            assertThat(open.seen()).hasSizeLessThanOrEqualTo(2);
        }
    }

    @Test
    void underACapAModelWithoutAPriceIsNamedBeforeAnythingIsPaidAndTheSwappedPortsToo() throws IOException {
        try (var open = new FakeVendor();
                var gateway = Gateway.start(folder, "vendors: {open: {dialect: openai, url: '" + open.url()
                        + "', retries: 0, models: {m: {}}}, priced: {dialect: openai, url: '" + open.url() + PRICED
                        + "}\n", "", Map.of())) {
            Ran capped = compared("--spend-cap", "0.03", "--gateway", gateway.url().toString(), "--admin",
                    gateway.adminUrl().toString());
            Ran swapped = compared("--admin", gateway.url().toString(), "--gateway", gateway.adminUrl().toString());

            assertThat(capped.status()).isEqualTo(1);
            assertThat(capped.err()).startsWith("pareto: --spend-cap 0.03 cannot be kept: open/m has no price")
                    .contains("leave --spend-cap out")
                    .hasLineCount(1);
            assertThat(swapped.err()).contains("is not a gateway's admin port").hasLineCount(1);
            assertThat(open.seen()).isEmpty();
        }
    }

    private Ran compared(String... more) {
        var arguments = new ArrayList<String>(List.of("eval", "compare", "--suite", "tiny", "--suites-dir",
                folder.toString(), "--candidate", "open/m", "--baseline", "priced/m", "--margin", "0.03", "--data",
                folder.resolve("evals").toString()));
        arguments.addAll(List.of(more));
        return Ran.of(arguments);
    }

    private void suite(String name, String grader) throws IOException {
        Path suite = Files.createDirectories(folder.resolve(name));
        Files.writeString(suite.resolve("suite.yaml"),
                "suite: " + name + "\nroute: tiny\nitems: items.jsonl\ngraders:\n  - " + grader + "\n");
        var items = new ArrayList<String>();
        for (int i = 0; i < 30; i++) {
            items.add(
                    "{\"id\": \"%d\", \"messages\": [{\"role\": \"user\", \"content\": \"Hi %d\"}], \"expected\": \"Hello\"}"
                            .formatted(i, i));
        }
        Files.write(suite.resolve("items.jsonl"), items);
    }
}
