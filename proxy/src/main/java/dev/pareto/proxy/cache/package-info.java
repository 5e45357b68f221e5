/**
 * Answers kept by exact request, for routes that ask for it. A key cannot be made without a tenant, so no tenant ever sees
 * another's answer. Used by {@code route}.
 */
@NullMarked
package dev.pareto.proxy.cache;

import org.jspecify.annotations.NullMarked;
