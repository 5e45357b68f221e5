package dev.pareto.engine.grammar;

import java.util.Arrays;
import java.util.List;

/** The right side of a rule, whatever notation it was written in. */
sealed interface Expression {

    /** No upper bound of a {@link Repeat}. */
    int UNLIMITED = -1;

    /** What matches the empty text only. */
    Expression EMPTY = new Text("");

    /** These characters one after another. */
    record Text(String value) implements Expression {}

    /** This text, or the control token of this name. */
    record Marker(String name) implements Expression {}

    /** One character of a set. */
    record Characters(CodePoints set) implements Expression {}

    /** All parts in order. */
    record Sequence(List<Expression> parts) implements Expression {
        public Sequence {
            parts = List.copyOf(parts);
        }
    }

    /** One of the options; none at all matches nothing. */
    record Choice(List<Expression> options) implements Expression {
        public Choice {
            options = List.copyOf(options);
        }
    }

    /** From {@code least} to {@code most} times, or {@link #UNLIMITED}. */
    record Repeat(Expression part, int least, int most) implements Expression {}

    /** Whatever the rule of this name matches. */
    record Reference(String rule) implements Expression {}

    /** The same, where all rules have a longer name. */
    static Expression renamed(Expression expression, String prefix) {
        return switch (expression) {
            case Text _,Marker _,Characters _ -> expression;
            case Sequence(var parts) -> new Sequence(parts.stream().map(part -> renamed(part, prefix)).toList());
            case Choice(var options) -> new Choice(options.stream().map(option -> renamed(option, prefix)).toList());
            case Repeat(var part, int least, int most) -> new Repeat(renamed(part, prefix), least, most);
            case Reference(var rule) -> new Reference(prefix + rule);
        };
    }

    static Expression text(String value) {
        return new Text(value);
    }

    static Expression sequence(Expression... parts) {
        return parts.length == 1 ? parts[0] : new Sequence(Arrays.asList(parts));
    }

    static Expression choice(List<Expression> options) {
        return options.size() == 1 ? options.getFirst() : new Choice(options);
    }

    static Expression choice(Expression... options) {
        return choice(Arrays.asList(options));
    }

    static Expression characters(int... ranges) {
        return new Characters(CodePoints.of(ranges));
    }

    static Expression optional(Expression part) {
        return new Repeat(part, 0, 1);
    }

    static Expression any(Expression part) {
        return new Repeat(part, 0, UNLIMITED);
    }

    static Expression times(Expression part, int least, int most) {
        return new Repeat(part, least, most);
    }
}
