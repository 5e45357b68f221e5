/**
 * The command line, {@code ./pareto …}: where the jar starts, and the tour through all commands. Each family of commands has a
 * package of its name, each command a class there. Commands other than {@code serve} and {@code demo} start no Spring context, so
 * that they answer at once.
 */
@NullMarked
package dev.pareto.proxy.cli;

import org.jspecify.annotations.NullMarked;
