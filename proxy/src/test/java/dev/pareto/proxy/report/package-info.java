@NullMarked
package dev.pareto.proxy.report;

import org.jspecify.annotations.NullMarked;
