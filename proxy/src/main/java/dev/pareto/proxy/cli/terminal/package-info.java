/**
 * What all commands need to talk with a person: faults of theirs in one line, whether somebody watches, Ctrl-C. Knows no
 * command.
 */
@NullMarked
package dev.pareto.proxy.cli.terminal;

import org.jspecify.annotations.NullMarked;
