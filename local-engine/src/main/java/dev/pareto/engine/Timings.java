package dev.pareto.engine;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Where the time of a request went, all measured from its submission.
 *
 * @param started until computing began, or null if it never did
 * @param firstToken until the first token was drawn, or null if none was
 * @param total until the end
 */
public record Timings(@Nullable Duration started, @Nullable Duration firstToken, Duration total) {}
