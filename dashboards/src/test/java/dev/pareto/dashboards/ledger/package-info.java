/** Tests of the ledger; {@link dev.pareto.dashboards.ledger.LedgerContract} holds for every store. */
@NullMarked
package dev.pareto.dashboards.ledger;

import org.jspecify.annotations.NullMarked;
