package dev.pareto.engine.text.template;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/** An expression of a template; {@code line} is where it stands. */
sealed interface Expression {

    int line();

    record Literal(int line, @Nullable Object value) implements Expression {}

    record Name(int line, String name) implements Expression {}

    record ListOf(int line, List<Expression> items) implements Expression {}

    record TupleOf(int line, List<Expression> items) implements Expression {}

    record DictOf(int line, List<Pair> pairs) implements Expression {}

    record Pair(Expression key, Expression value) {}

    /** {@code target.name}. */
    record Attribute(int line, Expression target, String name) implements Expression {}

    /** {@code target[index]}. */
    record Subscript(int line, Expression target, Expression index) implements Expression {}

    /** {@code target[from:to:step]}. */
    record Slice(int line, Expression target, @Nullable Expression from, @Nullable Expression to,
            @Nullable Expression step) implements Expression {}

    record Call(int line, Expression target, Arguments arguments) implements Expression {}

    /** {@code target|name(arguments)}. */
    record Filter(int line, Expression target, String name, Arguments arguments) implements Expression {}

    /** {@code target is name arguments}; the negation is a {@link Not} around it. */
    record Test(int line, Expression target, String name, Arguments arguments) implements Expression {}

    record Not(int line, Expression operand) implements Expression {}

    /** Minus or plus in front of a number. */
    record Sign(int line, boolean minus, Expression operand) implements Expression {}

    record Binary(int line, String operator, Expression left, Expression right) implements Expression {}

    /** {@code first < second <= third}: every neighbour must compare. */
    record Compare(int line, Expression first, List<Comparison> rest) implements Expression {}

    /** One of {@code == != < <= > >= in}, {@code not in}, with its right side. */
    record Comparison(String operator, Expression operand) {}

    record And(int line, Expression left, Expression right) implements Expression {}

    record Or(int line, Expression left, Expression right) implements Expression {}

    /** {@code then if test else otherwise}; without otherwise it is undefined. */
    record Conditional(int line, Expression test, Expression then, @Nullable Expression otherwise)
            implements
                Expression {}

    /** What a call is given, still to be evaluated. */
    record Arguments(List<Expression> positional, Map<String, Expression> named) {
        static final Arguments NONE = new Arguments(List.of(), Map.of());
    }
}
