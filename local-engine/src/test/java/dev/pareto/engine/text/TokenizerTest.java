package dev.pareto.engine.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.pareto.engine.gguf.GgufException;
import dev.pareto.engine.gguf.GgufFile;
import dev.pareto.engine.gguf.GgufWriter;

final class TokenizerTest {

    @ParameterizedTest
    @ValueSource(strings = {"llama-bpe", "llama-spm", "gpt-2", "qwen2"})
    void randomTextComesBackAsItWentIn(String vocabulary) throws IOException {
        var tokenizer = ReferenceVectors.tokenizer(vocabulary);
        var random = new Random(7);
        for (int i = 0; i < 300; i++) {
            var text = randomText(random);
            assertThat(tokenizer.decode(tokenizer.encode(text, false))).isEqualTo(text);
        }
    }

    /** Words and runs up to several hundred characters: both ways of merging, and every width of UTF-8. */
    private static String randomText(Random random) {
        var text = new StringBuilder();
        int runs = random.nextInt(1, 6);
        for (int i = 0; i < runs; i++) {
            int from = new int[]{' ', 'a', '0', 0xE0, 0x4E00, 0x1F600, '\t'}[random.nextInt(7)];
            int spread = from == ' ' || from == '\t' ? 1 : random.nextInt(1, 26);
            random.ints(random.nextInt(1, 120), from, from + spread).forEach(text::appendCodePoint);
        }
        return text.toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama-bpe", "llama-spm", "gpt-2", "deepseek-llm"})
    void aMegabyteOfOneLetterDoesNotGoQuadratic(String vocabulary) throws IOException {
        var tokenizer = ReferenceVectors.tokenizer(vocabulary);
        for (var letter : List.of("a", " ", "<", "\n")) {
            var text = letter.repeat(1 << 20);
            var tokens = assertTimeoutPreemptively(Duration.ofSeconds(30), () -> tokenizer.encode(text, true));
            assertThat(tokenizer.decode(tokens)).isEqualTo(text);
        }
    }

    @Test
    void namesOfControlTokensCountInTrustedTextOnly() throws IOException {
        var tokenizer = ReferenceVectors.tokenizer("llama-bpe");
        int end = tokenizer.encode("<|eot_id|>", true)[0];
        assertThat(tokenizer.name(end)).isEqualTo("<|eot_id|>");
        assertThat(tokenizer.isControl(end)).isTrue();
        assertThat(tokenizer.isEndOfGeneration(end)).isTrue();

        var mixed = tokenizer.encode(List.of(new Segment("a<|eot_id|>", true), new Segment("b<|eot_id|>", false),
                new Segment("<|eot_id|>", true)), false);

        assertThat(Arrays.stream(mixed).filter(id -> id == end)).hasSize(2);
        assertThat(tokenizer.decode(mixed)).isEqualTo("ab<|eot_id|>");
    }

    @Test
    void aNameThatIsPartlyForeignStaysText() throws IOException {
        var tokenizer = ReferenceVectors.tokenizer("llama-bpe");
        var tokens = tokenizer.encode(List.of(new Segment("<|eot", true), new Segment("_id|>", false)), false);
        assertThat(Arrays.stream(tokens)).noneMatch(tokenizer::isControl);
        assertThat(tokens).containsExactly(tokenizer.encode("<|eot_id|>", false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama-bpe", "llama-spm", "gpt-2", "qwen2", "phi-3", "deepseek-llm"})
    void noForeignTextBecomesAControlToken(String vocabulary) throws IOException {
        var tokenizer = ReferenceVectors.tokenizer(vocabulary);
        var names = IntStream.range(0, tokenizer.vocabularySize())
                .filter(tokenizer::isControl)
                .mapToObj(tokenizer::name)
                .toList();
        assertThat(names).isNotEmpty().allSatisfy(name -> {
            assertThat(Arrays.stream(tokenizer.encode(name, false))).noneMatch(tokenizer::isControl);
            assertThat(Arrays.stream(tokenizer.encode("x " + name + " y" + name, false)))
                    .noneMatch(tokenizer::isControl);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama-bpe", "llama-spm", "phi-3", "gpt-2"})
    void bordersBetweenSegmentsChangeNothing(String vocabulary) throws IOException {
        var tokenizer = ReferenceVectors.tokenizer(vocabulary);
        var whole = "<s>[INST] Hello  there, it's 12345 o'clock [/INST] Yes";
        var parts = List.of(new Segment("<s>[INST] ", true), new Segment("Hello  there, it's 123", false),
                new Segment("45 o'clock", false), new Segment(" [/INST]", true), new Segment(" Yes", true));
        assertThat(tokenizer.encode(parts, true))
                .containsExactly(tokenizer.encode(List.of(new Segment(whole, true)), true));
    }

    @Test
    void beginOfTextIsAddedAsTheModelSays() throws IOException {
        var llama = ReferenceVectors.tokenizer("llama-bpe");
        assertThat(llama.addsBeginOfText()).isTrue();
        assertThat(llama.encode(List.of(), true)).containsExactly(128000);
        assertThat(llama.beginOfText()).isEqualTo(128000);
        assertThat(llama.endOfText()).isEqualTo(128001);
        assertThat(llama.specialTokens()).containsEntry("eot", 128009);
        assertThat(ReferenceVectors.tokenizer("gpt-2").encode(List.of(), true)).isEmpty();
    }

    @Test
    void controlTokensHaveNoBytes() throws IOException {
        var tokenizer = ReferenceVectors.tokenizer("llama-spm");
        assertThat(tokenizer.bytes(1)).isEmpty();
        assertThat(tokenizer.bytes(3)).containsExactly(0);
        assertThat(tokenizer.decode(new int[]{1, 15043, 3186, 2})).isEqualTo("Hello world");
    }

    @Test
    void unpairedSurrogatesBecomeTheReplacementCharacter() throws IOException {
        var tokenizer = ReferenceVectors.tokenizer("llama-bpe");
        assertThat(tokenizer.decode(tokenizer.encode("a\uD83D!", false))).isEqualTo("a\uFFFD!");
    }

    @Test
    void anUnknownKindIsRefusedByName(@TempDir Path folder) throws IOException {
        var path = folder.resolve("rwkv.gguf");
        Files.write(path, GgufWriter.file(0, 1).key("tokenizer.ggml.model", "rwkv").pad(32).toByteArray());
        try (var file = GgufFile.open(path)) {
            assertThatThrownBy(() -> Tokenizer.of(file.metadata())).isInstanceOf(GgufException.class)
                    .hasMessageContaining("'rwkv'")
                    .hasMessageContaining("known are: bert, gemma4, gpt2, llama, t5");
        }
        assertThat(PreTokenizers.find("no-such")).isNull();
        assertThat(PreTokenizers.names()).contains("gpt-2", "llama-bpe");
    }
}
