@NullMarked
package dev.pareto.proxy.cli.ledger;

import org.jspecify.annotations.NullMarked;
