package dev.pareto.policies.route;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LabelledFileTest {

    private static final String LINE = "{\"id\": \"q1\", \"prompt\": \"Wie groß? 🙂\", \"subject\": \"maß\", \"models\": "
            + "{\"a\": {\"score\": 0.5, \"output\": \"x\", \"logprobs\": [-0.1, 0], \"cost\": 3}, \"b\": {\"score\": true}}}\n";

    @TempDir
    private Path folder;

    private LabelledFile read(String text) throws IOException {
        return LabelledFile.read(Files.writeString(folder.resolve("f.jsonl"), text));
    }

    @Test
    void aLineSaysAllThereIs() throws IOException {
        LabelledPrompt prompt = read("\ufeff" + LINE + "\r\n \n").prompts().getFirst();
        assertThat(prompt.prompt()).isEqualTo("Wie groß? 🙂");
        assertThat(prompt.segment()).isEqualTo("maß");
        assertThat(prompt.score("a")).isEqualTo(0.5);
        assertThat(prompt.score("b")).isEqualTo(1.0);
        assertThat(prompt.score("c")).isNull();
        assertThat(Objects.requireNonNull(prompt.answer("a")).logprobs()).containsExactly(-0.1, 0);
        assertThat(prompt.answer("b")).isNull();
    }

    @Test
    void gzippedFilesAreReadWhateverTheirName() throws IOException {
        Path file = folder.resolve("data");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(LINE.getBytes(UTF_8));
        }
        assertThat(LabelledFile.read(file).prompts()).hasSize(1);
    }

    @Test
    void aRepeatedLineCountsOnce() throws IOException {
        LabelledFile file = read(LINE + LINE + LINE.replace("q1", "q2"));
        assertThat(file.prompts()).hasSize(2);
        assertThat(file.repeated()).isEqualTo(1);
    }

    @Test
    void missingIdsAndScoresAreAllowed() throws IOException {
        LabelledPrompt prompt = read(
                "{\"prompt\": \"p\", \"models\": {\"a\": {\"output\": {\"x\": 1}}, \"b\": {\"score\": null}}}")
                .prompts()
                .getFirst();
        assertThat(prompt.id()).isEqualTo("line 1");
        assertThat(prompt.score("a")).isNull();
        assertThat(Objects.requireNonNull(prompt.answer("a")).text()).isEqualTo("{\"x\":1}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"{ | no JSON",
            "{\"models\": {\"a\": {\"score\": 1}}} | \"prompt\" must be a text",
            "{\"prompt\": \"p\"} | \"models\" must be an object",
            "{\"prompt\": \"p\", \"models\": {}} | \"models\" must be an object",
            "{\"prompt\": \"p\", \"models\": {\"a\": {\"score\": \"good\"}}} | the score of a must be a number",
            "{\"prompt\": \"p\", \"models\": {\"a\": {\"score\": 1e999}}} | the score of a must be a number",
            "{\"prompt\": \"p\", \"models\": {\"a\": {\"output\": \"\", \"logprobs\": [0.5]}}} | no logarithm of a probability",
            "[] | \"prompt\" must be a text"})
    void whatCannotBeUsedIsNamedWithItsLine(String line, String reason) {
        assertThatIllegalArgumentException().isThrownBy(() -> read(LINE + line))
                .withMessageContaining("f.jsonl, line 2: ")
                .withMessageContaining(reason);
    }

    @Test
    void brokenGzipAndFoldersAreRefused() throws IOException {
        Path broken = folder.resolve("broken.gz");
        Files.write(broken, new byte[]{0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, 0, 75});
        assertThatIllegalArgumentException().isThrownBy(() -> LabelledFile.read(broken))
                .withMessageContaining("no whole gzip");
        assertThatIllegalArgumentException().isThrownBy(() -> LabelledFile.read(folder))
                .withMessageContaining("is a folder");
    }

    @Test
    void anEmptyFileIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> read("\n\n")).withMessageContaining("no lines");
    }
}
