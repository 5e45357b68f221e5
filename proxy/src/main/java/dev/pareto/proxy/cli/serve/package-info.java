/**
 * {@code ./pareto serve}: a gateway in this process, told in the words of who runs it. Called by {@code cli}; the only
 * commands that start Spring.
 */
@NullMarked
package dev.pareto.proxy.cli.serve;

import org.jspecify.annotations.NullMarked;
