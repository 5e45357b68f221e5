/**
 * A long mixed load on the engine, run by hand with the profile {@code soak}: callers that ask for everything and leave in
 * every way, and the books that must balance when all are gone. Nothing calls it; the judgement of its samples is tested.
 */
@NullMarked
package dev.pareto.engine.soak;

import org.jspecify.annotations.NullMarked;
