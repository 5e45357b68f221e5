/**
 * Fuzzing of whatever reads what strangers write: model files and their tokenizers, chat templates, grammars. Each parser has
 * a target beside it that throws on anything but a refusal; here are the rules that all of them keep, their list, the test
 * that replays the seeds with every build, and the runner of the profile {@code fuzz}.
 */
@NullMarked
package dev.pareto.engine.fuzz;

import org.jspecify.annotations.NullMarked;
