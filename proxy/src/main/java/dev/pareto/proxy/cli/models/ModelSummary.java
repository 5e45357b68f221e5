package dev.pareto.proxy.cli.models;

import dev.pareto.engine.EngineException;
import dev.pareto.engine.EngineSettings;
import dev.pareto.engine.LocalEngine;
import dev.pareto.engine.gguf.GgufFile;
import dev.pareto.engine.gguf.Metadata;
import dev.pareto.engine.gguf.TensorInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a GGUF file says of itself, read without loading its weights.
 *
 * @param types bytes of weights by type
 * @param contextLength null when the file does not say
 * @param memory bytes that it takes at most when the gateway has loaded it; null where the engine cannot run it
 */
record ModelSummary(String name, Path file, int version, long bytes, String architecture, @Nullable String title,
        @Nullable String description, @Nullable String licence, long parameters, Map<String, Long> types,
        @Nullable Integer contextLength, @Nullable Integer layers, @Nullable Integer embedding, @Nullable Integer heads,
        @Nullable Integer kvHeads, int vocabulary, @Nullable String tokenizer, boolean chatTemplate, int tensors,
        @Nullable Long memory) {

    static ModelSummary read(String name, Path path) throws IOException {
        try (GgufFile file = GgufFile.open(path)) {
            Metadata metadata = file.metadata();
            String architecture = metadata.requireString("general.architecture");
            var types = new TreeMap<String, Long>();
            long parameters = 0;
            for (TensorInfo tensor : file.tensors()) {
                types.merge(tensor.type().name(), tensor.bytes(), Long::sum);
                parameters += tensor.elements();
            }
            return new ModelSummary(name, path, file.version(), Files.size(path), architecture,
                    metadata.findString("general.name"), metadata.findString("general.description"),
                    metadata.findString("general.license"), parameters, types,
                    number(metadata, architecture + ".context_length"), number(metadata, architecture + ".block_count"),
                    number(metadata, architecture + ".embedding_length"),
                    number(metadata, architecture + ".attention.head_count"),
                    number(metadata, architecture + ".attention.head_count_kv"),
                    metadata.contains("tokenizer.ggml.tokens")
                            ? metadata.requireStrings("tokenizer.ggml.tokens").size()
                            : 0,
                    metadata.findString("tokenizer.ggml.model"), metadata.contains("tokenizer.chat_template"),
                    file.tensors().size(), memory(path));
        }
    }

    private static @Nullable Long memory(Path path) throws IOException {
        try {
            return LocalEngine.footprintOf(path, EngineSettings.defaults()).total();
        } catch (EngineException.UnusableModel cannotRun) {
            return null;
        }
    }

    private static @Nullable Integer number(Metadata metadata, String key) {
        return metadata.contains(key) && !metadata.isArray(key) ? (Integer) metadata.requireInt(key) : null;
    }

    /** The type that most of the weights have. */
    String mainType() {
        return types.entrySet()
                .stream()
                .max(Comparator.comparingLong(Map.Entry::getValue))
                .map(Map.Entry::getKey)
                .orElse("none");
    }

    /** 2.1 M, 7.6 B. */
    String size() {
        return parameters >= 1_000_000_000
                ? "%.1f B".formatted(parameters / 1e9)
                : "%.1f M".formatted(parameters / 1e6);
    }
}
