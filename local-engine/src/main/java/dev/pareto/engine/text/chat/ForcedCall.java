package dev.pareto.engine.text.chat;

import org.jspecify.annotations.Nullable;

/**
 * That an answer must be a call: its beginning is then part of the prompt, and only JSON is left to write.
 *
 * @param tool the tool whose arguments are left to write; null if the model chooses among the tools, and an object with
 *            name and arguments is left
 */
public record ForcedCall(@Nullable String tool) {}
