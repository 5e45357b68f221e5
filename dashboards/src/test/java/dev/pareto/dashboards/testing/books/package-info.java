/**
 * Makes books as a company of sixty teams would have them, of any size and always the same for a seed: for tests, screenshots and
 * measurements. {@link dev.pareto.dashboards.testing.books.BooksGenerator} is the way in, as a method and as a program.
 */
@NullMarked
package dev.pareto.dashboards.testing.books;

import org.jspecify.annotations.NullMarked;
