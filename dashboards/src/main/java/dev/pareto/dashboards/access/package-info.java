/**
 * Who may use the admin port, and what was done there, as rows of the store. Used by {@code proxy}'s admin port and command line.
 */
@NullMarked
package dev.pareto.dashboards.access;

import org.jspecify.annotations.NullMarked;
