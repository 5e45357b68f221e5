package dev.pareto.engine.text.template;

import org.jspecify.annotations.Nullable;

/** What a template can call: macros, methods of plain data and a handful of functions. */
@FunctionalInterface
interface Callable {

    @Nullable
    Object call(Arguments arguments);
}
