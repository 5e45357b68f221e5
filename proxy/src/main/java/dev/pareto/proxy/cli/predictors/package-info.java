/**
 * {@code ./pareto policy predictors …}: what a gateway has learned of its routes' models, on file and in force. Called by
 * {@code cli.policy}.
 */
@NullMarked
package dev.pareto.proxy.cli.predictors;

import org.jspecify.annotations.NullMarked;
