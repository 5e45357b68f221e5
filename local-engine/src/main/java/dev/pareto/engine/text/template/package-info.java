/**
 * A small interpreter for the Jinja templates that model files carry. A template in a file is a stranger's code: it sees
 * plain data only, has no way out, and every measure of its work is bounded. Called by {@code .chat}.
 */
@NullMarked
package dev.pareto.engine.text.template;

import org.jspecify.annotations.NullMarked;
