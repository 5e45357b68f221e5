/** Tests of the JSON and the files behind the pages. */
@NullMarked
package dev.pareto.dashboards.web;

import org.jspecify.annotations.NullMarked;
