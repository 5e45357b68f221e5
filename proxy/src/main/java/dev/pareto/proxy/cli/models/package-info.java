/**
 * {@code ./pareto models …}: files of open models, looked at and run without a gateway. Called by {@code cli}; needs the
 * engine and the hub alone.
 */
@NullMarked
package dev.pareto.proxy.cli.models;

import org.jspecify.annotations.NullMarked;
