/**
 * Reads the ledger for people: spend, savings, models, decisions, and the check that the sums equal the rows. Everything is
 * added up here, in the server; the web package puts the results into the shape of a page.
 */
@NullMarked
package dev.pareto.dashboards.report;

import org.jspecify.annotations.NullMarked;
