/**
 * The price book as finance reads it: what is paid since when, what catalogues propose, and what a change would have cost or saved
 * lately. The admin plane calls it; it changes no price.
 */
@NullMarked
package dev.pareto.dashboards.prices;

import org.jspecify.annotations.NullMarked;
