package dev.pareto.engine;

import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

/**
 * What is known of a loaded model from its file.
 *
 * @param name of the file, without {@code .gguf} and without the number of a part
 * @param title what its makers call it, or null if the file does not say
 * @param architecture as the file names it, such as {@code llama}
 * @param parameters the weights, counted
 * @param weightType the type most of the weights have, such as {@code Q8_0}
 * @param file the first one of a split model
 * @param bytes of the file, or of all parts together
 * @param contextLength the most tokens of prompt and answer together
 * @param vocabulary the number of tokens
 * @param template which chat template is in use: {@code model} for the file's own, the name of a built-in one
 *            ({@code chatml}, {@code llama3}, {@code llama2}, {@code plain}) where it has none, or {@code unreadable}
 * @param licence as the file names it, or null
 * @param description as the file gives it, or null
 */
public record ModelCard(String name, @Nullable String title, Path file, String architecture, long parameters,
        String weightType, long bytes, int contextLength, int vocabulary, String template, @Nullable String licence,
        @Nullable String description) {}
