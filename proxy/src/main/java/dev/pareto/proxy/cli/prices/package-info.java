/**
 * The commands of {@code ./pareto prices}: costing entries, checking price files, and reading public catalogues into proposals that a
 * person accepts. They work on files and need no running gateway.
 */
@NullMarked
package dev.pareto.proxy.cli.prices;

import org.jspecify.annotations.NullMarked;
