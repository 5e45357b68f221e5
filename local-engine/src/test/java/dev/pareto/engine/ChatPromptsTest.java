package dev.pareto.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.pareto.engine.gguf.GgufFile;
import dev.pareto.engine.gguf.GgufWriter;
import dev.pareto.engine.text.Tokenizer;

final class ChatPromptsTest {

    private static final List<Map<String, String>> HELLO = List.of(Map.of("role", "user", "content", "<s>hi"));

    @TempDir
    Path folder;

    @Test
    void theFilesOwnTemplateIsUsedAndContentForgesNoControlToken() throws IOException {
        var prompts = prompts("{{ bos_token }}{% for m in messages %}{{ m.content }}{% endfor %}");
        assertThat(prompts.name()).isEqualTo("model");
        assertThat(prompts.prompt(HELLO, List.of(), Map.of(), null).tokens()).startsWith(1)
                .doesNotContain(2)
                .containsOnlyOnce(1);
    }

    @Test
    void aModelWithoutTemplateGetsABuiltInOne() throws IOException {
        assertThat(prompts(null).name()).isEqualTo("plain");
        assertThat(prompts(null).prompt(HELLO, List.of(), Map.of(), null).tokens()).isNotEmpty();
    }

    @Test
    void aTemplateThatRefusesIsAnInvalidRequest() throws IOException {
        var prompts = prompts("{{ raise_exception('roles must alternate') }}");
        assertThatThrownBy(() -> prompts.prompt(HELLO, List.of(), Map.of(), null).tokens())
                .isInstanceOf(EngineException.InvalidRequest.class)
                .hasMessageContaining("roles must alternate");
    }

    @Test
    void aTemplateThatCannotBeReadIsToldOnlyToThoseWhoChat() throws IOException {
        var prompts = prompts("{% for m in messages %}never closed");
        assertThat(prompts.name()).isEqualTo("unreadable");
        assertThatThrownBy(() -> prompts.prompt(HELLO, List.of(), Map.of(), null).tokens())
                .isInstanceOf(EngineException.InvalidRequest.class)
                .hasMessageContaining("chat template");
    }

    /** The smallest SentencePiece tokenizer: three special tokens and the bytes. */
    private ChatPrompts prompts(@Nullable String template) throws IOException {
        var names = new ArrayList<>(List.of("<unk>", "<s>", "</s>"));
        IntStream.range(0, 256).forEach(value -> names.add("<0x%02X>".formatted(value)));
        var writer = GgufWriter.file(0, template == null ? 4 : 5)
                .key("tokenizer.ggml.model", "llama")
                .strings("tokenizer.ggml.tokens", names);
        if (template != null) {
            writer.key("tokenizer.chat_template", template);
        }
        writer.key("tokenizer.ggml.scores", 9).u32(6).u64(names.size());
        names.forEach(_ -> writer.f32(0));
        writer.key("tokenizer.ggml.token_type", 9).u32(5).u64(names.size()).u32(2).u32(3).u32(3);
        IntStream.range(0, 256).forEach(_ -> writer.u32(6));
        var path = folder.resolve("tokenizer.gguf");
        Files.write(path, writer.pad(32).toByteArray());
        try (var file = GgufFile.open(path)) {
            return ChatPrompts.of(file.metadata(), Tokenizer.of(file.metadata()), () -> Instant.EPOCH);
        }
    }
}
