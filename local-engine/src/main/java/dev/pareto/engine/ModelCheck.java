package dev.pareto.engine;

import org.jspecify.annotations.Nullable;

/**
 * What a model's file tells without its weights being loaded.
 *
 * @param fault why it cannot be run, in one line without the file's path; null if it can
 * @param tools whether its chat template knows tools
 */
public record ModelCheck(@Nullable String fault, boolean tools) {}
