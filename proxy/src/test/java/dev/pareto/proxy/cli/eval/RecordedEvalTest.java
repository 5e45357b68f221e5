package dev.pareto.proxy.cli.eval;

import dev.pareto.proxy.cli.Main;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.pareto.proxy.cli.Ran;
import dev.pareto.proxy.testing.Await;
import dev.pareto.proxy.testing.Gateway;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * GSM8K on recorded answers of gpt-4o-mini and Llama-3.1-70B, through a gateway: the verdict is the published one, and a comparison
 * that was killed goes on without asking again what was answered.
 */
final class RecordedEvalTest {

    private static final String CLOSED = "closed/gpt-4o-mini-2024-07-18";
    private static final String OPEN = "open/Meta-Llama-3.1-70B-Instruct";
    private static final int ITEMS = 1_319;
    private static final int AT_ONCE = 8;
    private static final int TWICE = 50;

    @TempDir
    private Path folder;

    @Test
    void killedAndResumedComparisonGivesThePublishedVerdict() throws Exception {
        Path task = shared("eval-data/zeroeval/gsm");
        assumeThat(task).as("the published outputs lie beside the repository").isNotNull();
        run(0, List.of("eval", "record", String.valueOf(task), "--to", folder.resolve("gsm").toString(), "--models",
                "gpt-4o-mini-2024-07-18,Meta-Llama-3.1-70B-Instruct"));
        try (Gateway gateway = Gateway.start(folder, vendors())) {
            Process killed = start(compare(gateway));
            Await.until("some hundred items are answered", Duration.ofMinutes(2), () -> answers().size() > 500);
            killed.destroyForcibly().waitFor();
            Set<String> before = new HashSet<>(answers());
            assertThat(before.size()).as("not all yet").isBetween(500, 2 * ITEMS);

            JsonNode report = JsonMapper.shared().readTree(run(0, compare(gateway)));

            JsonNode golden = report.path("verdict");
            assertThat(golden.at("/data/n").asInt()).isEqualTo(ITEMS);
            assertThat(golden.at("/data/both").asInt()).isEqualTo(1200);
            assertThat(golden.at("/data/only_candidate").asInt()).isEqualTo(42);
            assertThat(golden.at("/data/only_incumbent").asInt()).isEqualTo(43);
            assertThat(golden.at("/quality/verdict").asString()).isEqualTo("NON_INFERIOR");
            assertThat(golden.at("/quality/interval/lower").asDouble()).isCloseTo(-0.012422284, within(1e-8));
            assertThat(golden.at("/decision/to").asString()).isEqualTo("SHADOW");
            assertThat(golden.path("simulated").asBoolean()).as("a recording is no live vendor").isTrue();
            assertThat(golden.at("/noise_floor/differing").asInt()).as("recordings repeat themselves").isZero();

            List<String> after = answers();
            assertThat(after).as("each item once, of both models")
                    .doesNotHaveDuplicates()
                    .containsAll(before)
                    .hasSize(2 * ITEMS + TWICE);
            assertThat(gateway.attempts()).as("only calls in flight at the kill were made again")
                    .hasSizeBetween(2 * ITEMS + TWICE, 2 * ITEMS + TWICE + AT_ONCE);

            List<String> sequential = new ArrayList<>(compare(gateway));
            sequential.add("--sequential");
            int calls = gateway.attempts().size();
            JsonNode early = JsonMapper.shared().readTree(run(0, sequential)).path("verdict");
            assertThat(early.at("/quality/verdict").asString()).isEqualTo("NON_INFERIOR");
            assertThat(early.at("/quality/stopped_at").asInt()).isEqualTo(980);
            assertThat(gateway.attempts()).as("everything had been answered").hasSize(calls);
            assertThat(early.path("previous_sha256").asString()).isEqualTo(golden.path("sha256").asString());

            check(gateway, early);
        }
    }

    /** The checker finds nothing, and what it is given to read is the verdict as the gateway keeps it. */
    private void check(Gateway gateway, JsonNode verdict) {
        String found = run(0, List.of("verdict", "check", verdict.path("id").asString(), "--gateway",
                gateway.url().toString(), "--admin", gateway.adminUrl().toString()));
        assertThat(found).contains("statements checked hold");
    }

    private List<String> compare(Gateway gateway) {
        return List.of("eval", "compare", "--suite", folder.resolve("gsm").toString(), "--candidate", OPEN,
                "--baseline", CLOSED, "--json", "--noise-floor", Integer.toString(TWICE), "--concurrency",
                Integer.toString(AT_ONCE), "--gateway", gateway.url().toString(), "--admin",
                gateway.adminUrl().toString(), "--data", folder.resolve("evals").toString());
    }

    /** Model and prompt of each answer that is kept, whole lines only. */
    private List<String> answers() {
        Path runs = folder.resolve("evals/runs/gsm");
        if (!Files.isDirectory(runs)) {
            return List.of();
        }
        List<String> answers = new ArrayList<>();
        try (Stream<Path> files = Files.list(runs)) {
            for (Path file : files.filter(path -> path.getFileName().toString().matches("(closed|open)_.*")).toList()) {
                String text = Files.readString(file);
                text.substring(0, text.lastIndexOf('\n') + 1)
                        .lines()
                        .skip(1)
                        .forEach(line -> answers
                                .add(file.getFileName() + " "
                                        + JsonMapper.shared().readTree(line).path("prompt_sha256").asString()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return answers;
    }

    private Process start(List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "-XX:TieredStopAtLevel=1", "-Xmx256m", "-cp", System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(arguments);
        return new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(folder.resolve("killed.log").toFile())
                .start();
    }

    private static String run(int status, List<String> arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        int ended = Main.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
                .execute(arguments.toArray(String[]::new));
        assertThat(ended).as(out + "\n" + err).isEqualTo(status);
        return out.toString();
    }

    private String vendors() {
        return """
               vendors:
                 closed: {recorded: '%s', paced: false, prices: openai, models: [gpt-4o-mini-2024-07-18]}
                 open: {recorded: '%s', paced: false, open: true, models: [Meta-Llama-3.1-70B-Instruct]}
               routes:
                 gsm: {candidates: [%s, %s]}
               """.formatted(folder.resolve("gsm/recordings"), folder.resolve("gsm/recordings"), CLOSED, OPEN);
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
