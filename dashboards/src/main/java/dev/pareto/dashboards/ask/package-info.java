/**
 * What a report about money is asked: which days in which time zone, compared to which, which part of the spend, by what; and the
 * sheet in which it answers beside its JSON. Reports read questions from here; nothing in here knows a report.
 */
@NullMarked
package dev.pareto.dashboards.ask;

import org.jspecify.annotations.NullMarked;
