/**
 * Constrained decoding: grammars from GBNF, regular expressions and JSON schemas, compiled into automata over bytes that
 * tell, token by token, what may follow. Requests carry a {@link dev.pareto.engine.grammar.Grammar}; {@code .serve} binds
 * it to the vocabulary of a model; nothing here knows of tensors or HTTP.
 */
@NullMarked
package dev.pareto.engine.grammar;

import org.jspecify.annotations.NullMarked;
