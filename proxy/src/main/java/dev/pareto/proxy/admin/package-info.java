/**
 * The admin plane: the pages, the JSON behind them, and the verdicts that routing obeys. Bound to its own port; nothing on the
 * data port reaches it.
 */
@NullMarked
package dev.pareto.proxy.admin;

import org.jspecify.annotations.NullMarked;
