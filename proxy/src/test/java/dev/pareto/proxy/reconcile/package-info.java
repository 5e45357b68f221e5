@NullMarked
package dev.pareto.proxy.reconcile;

import org.jspecify.annotations.NullMarked;
