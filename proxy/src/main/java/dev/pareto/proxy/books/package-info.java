/**
 * What people do to the books, as JSON documents: the admin plane takes them from pages, the command line makes them where no gateway
 * runs. The work itself is done by {@code dashboards.closing}.
 */
@NullMarked
package dev.pareto.proxy.books;

import org.jspecify.annotations.NullMarked;
