/**
 * What people and rules decide on proposed prices: the command line and the admin port do it through the same desk, on the files in
 * {@code prices/} beside the configuration.
 */
@NullMarked
package dev.pareto.proxy.prices;

import org.jspecify.annotations.NullMarked;
