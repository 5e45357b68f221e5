/**
 * Who calls: a Pareto key of the configuration or of the store, looked up by its hash, or the caller's own vendor key handed
 * through. Used by {@code route}, and by {@code cli} to make keys; keys are never logged, stored or compared in clear.
 */
@NullMarked
package dev.pareto.proxy.key;

import org.jspecify.annotations.NullMarked;
