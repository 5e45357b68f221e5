/**
 * Brings model files from a hub to this machine: find, download, resume, verify. Called by the command line; knows
 * nothing of the gateway.
 */
@NullMarked
package dev.pareto.proxy.hub;

import org.jspecify.annotations.NullMarked;
