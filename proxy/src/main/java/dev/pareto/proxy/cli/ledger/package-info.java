/**
 * {@code ./pareto ledger}: proves the books, exports them, compares them with vendors' own accounts, corrects them and closes
 * their months. Reads the store of a gateway, which may run meanwhile; what changes the books then goes through its admin port.
 */
@NullMarked
package dev.pareto.proxy.cli.ledger;

import org.jspecify.annotations.NullMarked;
