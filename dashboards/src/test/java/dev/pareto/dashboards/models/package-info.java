/** Tests of the reports about models. */
@NullMarked
package dev.pareto.dashboards.models;

import org.jspecify.annotations.NullMarked;
