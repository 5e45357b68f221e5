/**
 * Graders of what an answer contains whatever was asked: refusals, languages, personal data, citations, XML.
 * Callers: {@code suite} builds the graders, {@code run} applies them.
 */
@NullMarked
package dev.pareto.evals.grade.content;

import org.jspecify.annotations.NullMarked;
