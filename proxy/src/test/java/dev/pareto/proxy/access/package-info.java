@NullMarked
package dev.pareto.proxy.access;

import org.jspecify.annotations.NullMarked;
