/**
 * {@code ./pareto ledger}: proves the books and exports them. Reads the store of a gateway, which may run meanwhile.
 */
@NullMarked
package dev.pareto.proxy.cli.ledger;

import org.jspecify.annotations.NullMarked;
