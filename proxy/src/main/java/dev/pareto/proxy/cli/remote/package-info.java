/**
 * A running gateway as other commands use it, over HTTP. Called by {@code eval} and {@code verdict}.
 */
@NullMarked
package dev.pareto.proxy.cli.remote;

import org.jspecify.annotations.NullMarked;
