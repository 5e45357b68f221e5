/**
 * The embedded store: one SQLite file, its schema, its connections, and small repositories for verdicts, swap states and keys.
 * The ledger and the reports sit on it; the gateway's parts use the repositories, never on an event loop.
 */
@NullMarked
package dev.pareto.dashboards.store;

import org.jspecify.annotations.NullMarked;
