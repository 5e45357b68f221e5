/**
 * What the admin port serves for people: the JSON behind the pages and the pages' files. Knows no web framework; the gateway
 * mounts {@link dev.pareto.dashboards.web.DashboardApi} and {@link dev.pareto.dashboards.web.Pages} where it likes.
 */
@NullMarked
package dev.pareto.dashboards.web;

import org.jspecify.annotations.NullMarked;
