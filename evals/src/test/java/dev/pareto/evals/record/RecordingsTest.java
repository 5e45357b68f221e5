package dev.pareto.evals.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.pareto.evals.suite.Suite;
import dev.pareto.evals.suite.SuiteReader;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RecordingsTest {

    @TempDir
    private Path folder;

    @Test
    void findsWhatAModelSaidToAPromptHoweverThePromptIsGiven() throws IOException {
        Path file = write("a.jsonl",
                """
                {"model": "m", "prompt": "Hi", "output": "Hello", "latency_ms": 12.5, "tokens": 2, "prompt_tokens": 1}

                {"model": "m", "messages": [{"role": "system", "content": "Be short."}, {"role": "user", "content": "Hi"}], "output": "Yo"}
                {"model": "n", "prompt_sha256": "%s", "output": "Salut ☕", "finish_reason": "length"}
                """.formatted(
                        PromptHash.of("Hi")));
        try (Recordings recordings = Recordings.open(List.of(file))) {
            Recording hello = recordings.find("m", PromptHash.of("Hi")).orElseThrow();
            assertThat(hello.output()).isEqualTo("Hello");
            assertThat(hello.unmeasured()).isEmpty();
            assertThat(recordings.find("m", PromptHash.of(List.of(Map.of("role", "system", "content", "Be short."),
                    Map.of("role", "user", "content", List.of(Map.of("type", "text", "text", "Hi"))))))).get()
                    .extracting(Recording::output)
                    .isEqualTo("Yo");
            Recording salut = recordings.find("n", PromptHash.of("Hi")).orElseThrow();
            assertThat(salut.output()).isEqualTo("Salut ☕");
            assertThat(salut.finishReason()).isEqualTo("length");
            assertThat(salut.unmeasured()).containsExactly("tokens", "latency");
            assertThat(recordings.find("o", PromptHash.of("Hi"))).isEmpty();
            assertThat(recordings.find("m", PromptHash.of("Ho"))).isEmpty();
            assertThat(recordings.models()).containsExactly("m", "n");
        }
    }

    @Test
    void badRecordingsAreRefusedByFileAndLine() throws IOException {
        String twice = "{\"model\": \"m\", \"prompt\": \"Hi\", \"output\": \"1\"}\n".repeat(2);
        assertRefused(twice, "b.jsonl:2: the prompt", "was recorded before");
        assertRefused("{\"model\": \"m\", \"output\": \"1\"}\n", "b.jsonl:1", "prompt_sha256");
        assertRefused("{\"model\": \"m\", \"prompt\": \"x\"}\n", "b.jsonl:1", "'output'");
        assertRefused("nonsense\n", "b.jsonl:1: not JSON");
        assertRefused("{\"model\": \"m\", \"prompt\": \"x\", \"output\": \"\", \"latency_ms\": -1}\n", "b.jsonl:1");
        assertThatThrownBy(() -> Recordings.open(List.of(folder.resolve("none")))).isInstanceOf(IOException.class);
        Path empty = Files.createDirectories(folder.resolve("empty"));
        assertThatThrownBy(() -> Recordings.open(List.of(empty))).hasMessageContaining("no .jsonl file");
    }

    @Test
    void aLogBecomesASuiteAndRecordings() throws Exception {
        Path log = write("log one.jsonl",
                """
                {"model": "closed", "prompt": "Capital of France?", "output": "Paris", "expected": "Paris", "latency_ms": 900}
                {"model": "open", "prompt": "Capital of France?", "output": "Lyon"}
                {"model": "open", "prompt": "Capital of Peru?", "output": "Lima", "expected": "Lima"}
                """);
        RecordingConverter converter = new RecordingConverter();
        RecordingConverter.Made made = converter.write(converter.read(log.toString()), folder.resolve("out"), "geo",
                0.03, Set.of());
        assertThat(made.items()).isEqualTo(2);
        assertThat(made.answers()).isEqualTo(Map.of("closed", 1, "open", 2));
        Suite suite = new SuiteReader().read(folder.resolve("out"));
        assertThat(suite.id()).isEqualTo("log-one");
        assertThat(suite.route()).isEqualTo("geo");
        try (Recordings recordings = Recordings.open(List.of(folder.resolve("out/recordings")))) {
            assertThat(recordings.find("closed", PromptHash.of(suite.items().getFirst().messages()))).get()
                    .extracting(Recording::latencyMillis)
                    .isEqualTo(900.0);
        }
        assertThatThrownBy(() -> converter.write(converter.read(log.toString()), folder, "geo", 0.03, Set.of("gpt")))
                .hasMessageContaining("no answers of 'gpt'; there are those of closed, open");
        assertThatThrownBy(() -> converter.read("nowhere")).hasMessageContaining("is not there");
    }

    @Test
    void madeUpSumsAreTheSameEachTime() throws Exception {
        RecordingConverter converter = new RecordingConverter();
        converter.write(converter.read("made-up:300"), folder.resolve("one"), "sums", 0.02, Set.of());
        converter.write(converter.read("made-up:300"), folder.resolve("two"), "sums", 0.02, Set.of());
        assertThat(folder.resolve("one/recordings/open.jsonl"))
                .hasSameBinaryContentAs(folder.resolve("two/recordings/open.jsonl"));
        assertThat(new SuiteReader().read(folder.resolve("one")).version())
                .isEqualTo(new SuiteReader().read(folder.resolve("two")).version());
        assertThatThrownBy(() -> converter.read("made-up:0")).hasMessageContaining("made-up:N");
    }

    private void assertRefused(String text, String... words) throws IOException {
        Path file = write("b.jsonl", text);
        assertThatThrownBy(() -> Recordings.open(List.of(file)).close()).isInstanceOf(IOException.class)
                .hasMessageContainingAll(words);
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }
}
