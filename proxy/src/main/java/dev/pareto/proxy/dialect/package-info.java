/**
 * One sub-package for each vendor's wire: what of a request and an answer is read, and how errors look there. Called by
 * {@code route} and {@code upstream}; knows no network.
 */
@NullMarked
package dev.pareto.proxy.dialect;

import org.jspecify.annotations.NullMarked;
