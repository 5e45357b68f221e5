package dev.pareto.engine.text.template;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.text.template.Statement.Target;

/** Runs the statements of a template and evaluates its expressions, once. */
final class Interpreter {

    private final Meter meter;

    /** How a body ended. */
    private enum Flow { ON, BREAK, CONTINUE }

    Interpreter(Meter meter) {
        this.meter = meter;
    }

    Text render(List<Statement> body, Scope scope) {
        var out = new Text.Builder();
        run(body, scope, out);
        return out.build();
    }

    private Flow run(List<Statement> body, Scope scope, Text.Builder out) {
        meter.enter();
        var flow = Flow.ON;
        for (var statement : body) {
            flow = run(statement, scope, out);
            if (flow != Flow.ON) {
                break;
            }
        }
        meter.leave();
        return flow;
    }

    private Flow run(Statement statement, Scope scope, Text.Builder out) {
        switch (statement) {
            case Statement.Data data -> emit(data.text(), out);
            case Statement.Print print -> emit(Values.print(evaluate(print.expression(), scope), meter), out);
            case Statement.If choice -> {
                return choose(choice, scope, out);
            }
            case Statement.For loop -> loop(loop, scope, out);
            case Statement.Set set -> {
                meter.at(set.line());
                assign(set.target(), evaluate(set.value(), scope), scope);
            }
            case Statement.SetBlock set -> {
                var text = filtered(set.filters(), render(set.body(), new Scope(scope)), scope);
                meter.at(set.line());
                assign(set.target(), text, scope);
            }
            case Statement.Macro macro -> scope.set(macro.name(), macro(macro.name(), macro.signature(), scope));
            case Statement.CallBlock block -> {
                meter.at(block.line());
                var caller = macro("caller", block.caller(), scope);
                emit(Values.print(call(block.call(), scope, caller), meter), out);
            }
            case Statement.FilterBlock block -> emit(
                    Values.print(filtered(block.filters(), render(block.body(), new Scope(scope)), scope), meter), out);
            case Statement.With with -> {
                var inner = new Scope(scope);
                for (var assignment : with.assignments()) {
                    assign(assignment.target(), evaluate(assignment.value(), scope), inner);
                }
                return run(with.body(), inner, out);
            }
            case Statement.Group group -> {
                return run(group.body(), new Scope(scope), out);
            }
            case Statement.Break _ -> {
                return Flow.BREAK;
            }
            case Statement.Continue _ -> {
                return Flow.CONTINUE;
            }
        }
        return Flow.ON;
    }

    private void emit(Text text, Text.Builder out) {
        out.add(text);
        meter.steps(1 + text.value().length() / 8);
        meter.room(out.length());
    }

    private Flow choose(Statement.If choice, Scope scope, Text.Builder out) {
        for (var branch : choice.branches()) {
            if (Values.truth(evaluate(branch.test(), scope))) {
                return run(branch.body(), scope, out);
            }
        }
        return run(choice.otherwise(), scope, out);
    }

    private void loop(Statement.For statement, Scope scope, Text.Builder out) {
        meter.at(statement.line());
        var items = Values.items(evaluate(statement.items(), scope), meter);
        var filter = statement.filter();
        if (filter != null) {
            var kept = new ArrayList<@Nullable Object>();
            for (var item : items) {
                meter.iterate();
                var inner = new Scope(scope);
                assign(statement.target(), item, inner);
                if (Values.truth(evaluate(filter, inner))) {
                    kept.add(item);
                }
            }
            items = kept;
        }
        if (items.isEmpty()) {
            run(statement.otherwise(), scope, out);
            return;
        }
        var loop = new Loop(items);
        for (int i = 0; i < items.size(); i++) {
            meter.iterate();
            loop.at(i);
            var inner = new Scope(scope);
            inner.set("loop", loop);
            assign(statement.target(), items.get(i), inner);
            if (run(statement.body(), inner, out) == Flow.BREAK) {
                return;
            }
        }
    }

    private void assign(Target target, @Nullable Object value, Scope scope) {
        switch (target) {
            case Target.Variable variable -> scope.set(variable.name(), value);
            case Target.Member member -> {
                if (!(scope.get(member.namespace()) instanceof Namespace namespace)) {
                    throw meter.error("'" + member.namespace() + "' is no namespace; only those can be changed");
                }
                namespace.set(member.name(), value);
            }
            case Target.Several several -> {
                var items = Values.items(value, meter);
                if (items.size() != several.targets().size()) {
                    throw meter.error(several.targets().size() + " values are needed, got " + items.size());
                }
                for (int i = 0; i < items.size(); i++) {
                    assign(several.targets().get(i), items.get(i), scope);
                }
            }
        }
    }

    private @Nullable Object filtered(List<Statement.Filter> filters, Text text, Scope scope) {
        @Nullable
        Object value = text;
        for (var filter : filters) {
            meter.at(filter.line());
            value = Filters.apply(filter.name(), value, arguments(filter.name(), filter.arguments(), scope));
        }
        return value;
    }

    /** A macro sees the scope where it is defined. Its result is text. */
    private Callable macro(String name, Statement.Signature signature, Scope definition) {
        return arguments -> {
            meter.enter();
            var scope = new Scope(definition);
            var named = new LinkedHashMap<String, @Nullable Object>(arguments.named());
            if (named.containsKey("caller")) {
                scope.set("caller", named.remove("caller"));
            }
            if (arguments.positional().size() > signature.parameters().size()) {
                throw meter.error("the macro '" + name + "' takes at most " + signature.parameters().size()
                        + " arguments, got " + arguments.positional().size());
            }
            for (int i = 0; i < signature.parameters().size(); i++) {
                var parameter = signature.parameters().get(i);
                var otherwise = parameter.otherwise();
                if (i < arguments.positional().size()) {
                    scope.set(parameter.name(), arguments.positional().get(i));
                } else if (named.containsKey(parameter.name())) {
                    scope.set(parameter.name(), named.remove(parameter.name()));
                } else {
                    scope.set(parameter.name(), otherwise == null
                            ? new Undefined("the parameter '" + parameter.name() + "'")
                            : evaluate(otherwise, scope));
                }
            }
            if (!named.isEmpty()) {
                throw meter
                        .error("the macro '" + name + "' has no argument '" + named.keySet().iterator().next() + "'");
            }
            var text = render(signature.body(), scope);
            meter.leave();
            return text;
        };
    }

    private @Nullable Object evaluate(Expression expression, Scope scope) {
        meter.enter();
        meter.at(expression.line());
        var value = value(expression, scope);
        meter.leave();
        return value;
    }

    private @Nullable Object value(Expression expression, Scope scope) {
        return switch (expression) {
            case Expression.Literal literal -> literal.value();
            case Expression.Name name -> scope.get(name.name());
            case Expression.ListOf list -> all(list.items(), scope);
            case Expression.TupleOf tuple -> new Tuple(all(tuple.items(), scope));
            case Expression.DictOf dict -> dict(dict, scope);
            case Expression.Attribute attribute ->
                Access.attribute(evaluate(attribute.target(), scope), attribute.name(), meter);
            case Expression.Subscript subscript ->
                Access.item(evaluate(subscript.target(), scope), evaluate(subscript.index(), scope), meter);
            case Expression.Slice slice -> Access.slice(evaluate(slice.target(), scope), border(slice.from(), scope),
                    border(slice.to(), scope), border(slice.step(), scope), meter);
            case Expression.Call call -> call(call, scope, null);
            case Expression.Filter filter -> {
                var target = evaluate(filter.target(), scope);
                var arguments = arguments(filter.name(), filter.arguments(), scope);
                meter.at(filter.line());
                yield Filters.apply(filter.name(), target, arguments);
            }
            case Expression.Test test -> {
                var target = evaluate(test.target(), scope);
                yield Tests.apply(test.name(), target, arguments(test.name(), test.arguments(), scope));
            }
            case Expression.Not not -> !Values.truth(evaluate(not.operand(), scope));
            case Expression.Sign sign -> signed(sign, scope);
            case Expression.Binary binary -> Operators.apply(binary.operator(), evaluate(binary.left(), scope),
                    evaluate(binary.right(), scope), meter);
            case Expression.Compare compare -> compare(compare, scope);
            case Expression.And and -> {
                var left = evaluate(and.left(), scope);
                yield Values.truth(left) ? evaluate(and.right(), scope) : left;
            }
            case Expression.Or or -> {
                var left = evaluate(or.left(), scope);
                yield Values.truth(left) ? left : evaluate(or.right(), scope);
            }
            case Expression.Conditional conditional -> {
                var otherwise = conditional.otherwise();
                if (Values.truth(evaluate(conditional.test(), scope))) {
                    yield evaluate(conditional.then(), scope);
                }
                yield otherwise == null ? new Undefined("an 'if' without 'else'") : evaluate(otherwise, scope);
            }
        };
    }

    private List<@Nullable Object> all(List<Expression> expressions, Scope scope) {
        var values = new ArrayList<@Nullable Object>(expressions.size());
        for (var expression : expressions) {
            values.add(evaluate(expression, scope));
        }
        return values;
    }

    private Map<@Nullable Object, @Nullable Object> dict(Expression.DictOf literal, Scope scope) {
        var dict = new LinkedHashMap<@Nullable Object, @Nullable Object>();
        for (var pair : literal.pairs()) {
            var key = evaluate(pair.key(), scope);
            if (!Operators.isKey(key)) {
                throw meter.error(Values.kind(key) + " can not be a key");
            }
            dict.put(key, evaluate(pair.value(), scope));
        }
        return dict;
    }

    private @Nullable Long border(@Nullable Expression expression, Scope scope) {
        var value = expression == null ? null : evaluate(expression, scope);
        return switch (value) {
            case null -> null;
            case Long number -> Math.clamp(number, -1L << 31, 1L << 31);
            case Boolean flag -> flag ? 1L : 0L;
            default -> throw meter.error("a slice needs whole numbers, got " + Values.kind(value));
        };
    }

    private Object signed(Expression.Sign sign, Scope scope) {
        var value = evaluate(sign.operand(), scope);
        if (value == null || !Values.isNumber(value)) {
            throw meter.error("a sign needs a number, got " + Values.kind(value));
        }
        var number = Values.asNumber(value);
        if (!sign.minus()) {
            return number;
        }
        return number instanceof Double decimal
                ? (Object) (-decimal)
                : requireNonNull(Operators.apply("-", 0L, number, meter));
    }

    private boolean compare(Expression.Compare compare, Scope scope) {
        var left = evaluate(compare.first(), scope);
        for (var comparison : compare.rest()) {
            var right = evaluate(comparison.operand(), scope);
            if (!Operators.compare(comparison.operator(), left, right, meter)) {
                return false;
            }
            left = right;
        }
        return true;
    }

    private @Nullable Object call(Expression.Call call, Scope scope, @Nullable Callable caller) {
        var target = evaluate(call.target(), scope);
        var name = switch (call.target()) {
            case Expression.Name simple -> simple.name();
            case Expression.Attribute attribute -> attribute.name();
            default -> "the function";
        };
        if (target instanceof Undefined undefined) {
            throw undefined.error(meter);
        }
        if (!(target instanceof Callable callable)) {
            throw meter.error("'" + name + "' is " + Values.kind(target) + " and can not be called");
        }
        var arguments = arguments(name, call.arguments(), scope);
        if (caller != null) {
            var named = new LinkedHashMap<String, @Nullable Object>(arguments.named());
            named.put("caller", caller);
            arguments = new Arguments(name, arguments.positional(), named, meter);
        }
        meter.at(call.line());
        return callable.call(arguments);
    }

    private Arguments arguments(String callee, Expression.Arguments given, Scope scope) {
        var named = new LinkedHashMap<String, @Nullable Object>();
        var positional = all(given.positional(), scope);
        given.named().forEach((name, value) -> named.put(name, evaluate(value, scope)));
        return new Arguments(callee, positional, named, meter);
    }
}
