package dev.pareto.engine.text.template;

import java.util.List;

import org.jspecify.annotations.Nullable;

/** A statement of a template, or text between them. */
sealed interface Statement {

    /** Text as it stands. */
    record Data(Text text) implements Statement {}

    record Print(Expression expression) implements Statement {}

    /** {@code if}, {@code elif} ...; {@code otherwise} is empty where there is no {@code else}. */
    record If(List<Branch> branches, List<Statement> otherwise) implements Statement {}

    record Branch(Expression test, List<Statement> body) {}

    record For(int line, Target target, Expression items, @Nullable Expression filter, List<Statement> body,
            List<Statement> otherwise) implements Statement {}

    record Set(int line, Target target, Expression value) implements Statement {}

    /** {@code set target | filters} to what the body prints. */
    record SetBlock(int line, Target target, List<Filter> filters, List<Statement> body) implements Statement {}

    record Macro(int line, String name, Signature signature) implements Statement {}

    /** A call whose body the called macro may ask for as {@code caller()}. */
    record CallBlock(int line, Expression.Call call, Signature caller) implements Statement {}

    record FilterBlock(int line, List<Filter> filters, List<Statement> body) implements Statement {}

    record With(int line, List<Assignment> assignments, List<Statement> body) implements Statement {}

    record Assignment(Target target, Expression value) {}

    /** A body in a scope of its own that changes nothing else ({@code generation}). */
    record Group(List<Statement> body) implements Statement {}

    record Break() implements Statement {}

    record Continue() implements Statement {}

    /** The parameters of a macro, with defaults where they have some, and its body. */
    record Signature(List<Parameter> parameters, List<Statement> body) {}

    record Parameter(String name, @Nullable Expression otherwise) {}

    record Filter(int line, String name, Expression.Arguments arguments) {}

    /** What an assignment changes. */
    sealed interface Target {

        record Variable(String name) implements Target {}

        /** An attribute of a {@code namespace()}. */
        record Member(String namespace, String name) implements Target {}

        record Several(List<Target> targets) implements Target {}
    }
}
