/**
 * Graders: is this answer right? Here is what all graders share; the kinds live in the packages below. Each is a small
 * immutable value that looks at one submission; nothing runs code from a suite, and only judges call a model, through
 * an injected client. Callers: {@code suite} builds them, {@code run} applies them.
 */
@NullMarked
package dev.pareto.evals.grade;

import org.jspecify.annotations.NullMarked;
