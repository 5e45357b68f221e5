/**
 * The command line, {@code ./pareto …}: each command is one class. Commands other than {@code serve} and {@code demo}
 * start no Spring context, so that they answer at once.
 */
@NullMarked
package dev.pareto.proxy.cli;

import org.jspecify.annotations.NullMarked;
