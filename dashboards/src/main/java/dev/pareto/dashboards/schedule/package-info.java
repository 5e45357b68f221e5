/**
 * Which reports are sent by themselves, where to and when, and what became of each try. The gateway sends them; the admin plane lists and
 * changes them.
 */
@NullMarked
package dev.pareto.dashboards.schedule;

import org.jspecify.annotations.NullMarked;
