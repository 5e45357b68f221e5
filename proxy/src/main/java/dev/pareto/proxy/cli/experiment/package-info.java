/** {@code ./pareto experiment …}: what runs, what it found, and starting, stopping and concluding it, over the admin port. */
@NullMarked
package dev.pareto.proxy.cli.experiment;

import org.jspecify.annotations.NullMarked;
