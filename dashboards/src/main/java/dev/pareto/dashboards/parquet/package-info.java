/**
 * Writes flat tables as Apache Parquet files: exact decimals, moments, text. Exports use it; it knows nothing of money or of the ledger.
 */
@NullMarked
package dev.pareto.dashboards.parquet;

import org.jspecify.annotations.NullMarked;
