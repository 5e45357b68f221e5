package dev.pareto.engine.text.template;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.text.template.Expression.Arguments;
import dev.pareto.engine.text.template.Expression.Comparison;
import dev.pareto.engine.text.template.Token.Kind;

/** Parses expressions by the precedence of Jinja 3. */
final class ExpressionParser {

    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");

    private final TokenReader tokens;

    ExpressionParser(TokenReader tokens) {
        this.tokens = tokens;
    }

    /** An expression, or several with commas between them: a tuple. */
    Expression parseTuple() {
        int line = tokens.current().line();
        var first = parse();
        if (!tokens.isOperator(",")) {
            return first;
        }
        var items = new ArrayList<Expression>();
        items.add(first);
        while (tokens.skipOperator(",") && !atEnd()) {
            items.add(parse());
        }
        return new Expression.TupleOf(line, List.copyOf(items));
    }

    private boolean atEnd() {
        return switch (tokens.current().kind()) {
            case PRINT_END, BLOCK_END, END -> true;
            case OPERATOR -> tokens.isOperator(")");
            case DATA, PRINT_BEGIN, BLOCK_BEGIN, NAME, STRING, INTEGER, FLOAT -> false;
        };
    }

    Expression parse() {
        tokens.enter();
        var then = or();
        while (tokens.isName("if")) {
            int line = tokens.next().line();
            var test = or();
            var otherwise = tokens.skipName("else") ? parse() : null;
            then = new Expression.Conditional(line, test, then, otherwise);
        }
        tokens.leave();
        return then;
    }

    /** As {@link #parse()} without {@code a if b else c}: where an {@code if} of its own may follow. */
    Expression parseWithoutCondition() {
        return or();
    }

    private Expression or() {
        var left = and();
        while (tokens.isName("or")) {
            int line = tokens.next().line();
            left = new Expression.Or(line, left, and());
        }
        return left;
    }

    private Expression and() {
        var left = not();
        while (tokens.isName("and")) {
            int line = tokens.next().line();
            left = new Expression.And(line, left, not());
        }
        return left;
    }

    private Expression not() {
        if (!tokens.isName("not")) {
            return compare();
        }
        int line = tokens.next().line();
        tokens.enter();
        var operand = not();
        tokens.leave();
        return new Expression.Not(line, operand);
    }

    private Expression compare() {
        int line = tokens.current().line();
        var first = sum();
        var rest = new ArrayList<Comparison>();
        while (true) {
            var token = tokens.current();
            if (token.kind() == Kind.OPERATOR && COMPARISONS.contains(token.text())) {
                tokens.next();
                rest.add(new Comparison(token.text(), sum()));
            } else if (tokens.skipName("in")) {
                rest.add(new Comparison("in", sum()));
            } else if (tokens.isName("not") && tokens.ahead().is(Kind.NAME, "in")) {
                tokens.next();
                tokens.next();
                rest.add(new Comparison("not in", sum()));
            } else {
                return rest.isEmpty() ? first : new Expression.Compare(line, first, List.copyOf(rest));
            }
        }
    }

    private Expression sum() {
        var left = concatenation();
        while (tokens.isOperator("+") || tokens.isOperator("-")) {
            var operator = tokens.next();
            left = new Expression.Binary(operator.line(), operator.text(), left, concatenation());
        }
        return left;
    }

    private Expression concatenation() {
        var left = product();
        while (tokens.isOperator("~")) {
            var operator = tokens.next();
            left = new Expression.Binary(operator.line(), operator.text(), left, product());
        }
        return left;
    }

    private Expression product() {
        var left = power();
        while (tokens.isOperator("*") || tokens.isOperator("/") || tokens.isOperator("//") || tokens.isOperator("%")) {
            var operator = tokens.next();
            left = new Expression.Binary(operator.line(), operator.text(), left, power());
        }
        return left;
    }

    private Expression power() {
        var left = unary(true);
        while (tokens.isOperator("**")) {
            var operator = tokens.next();
            left = new Expression.Binary(operator.line(), operator.text(), left, unary(true));
        }
        return left;
    }

    private Expression unary(boolean withFilters) {
        Expression operand;
        if (tokens.isOperator("-") || tokens.isOperator("+")) {
            var sign = tokens.next();
            tokens.enter();
            operand = new Expression.Sign(sign.line(), sign.text().equals("-"), unary(false));
            tokens.leave();
        } else {
            operand = primary();
        }
        operand = postfix(operand);
        return withFilters ? filtersAndTests(operand) : operand;
    }

    private Expression primary() {
        var token = tokens.current();
        int line = token.line();
        return switch (token.kind()) {
            case NAME -> {
                tokens.next();
                yield switch (token.text()) {
                    case "true", "True" -> new Expression.Literal(line, true);
                    case "false", "False" -> new Expression.Literal(line, false);
                    case "none", "None" -> new Expression.Literal(line, null);
                    default -> new Expression.Name(line, token.text());
                };
            }
            case STRING -> {
                var value = new StringBuilder();
                while (tokens.current().kind() == Kind.STRING) {
                    value.append(tokens.next().text());
                }
                yield new Expression.Literal(line, Text.own(value.toString()));
            }
            case INTEGER, FLOAT -> new Expression.Literal(line, number(tokens.next()));
            case OPERATOR -> switch (token.text()) {
                case "(" -> parenthesis();
                case "[" -> list();
                case "{" -> dict();
                default -> throw tokens.unexpected("an expression");
            };
            case DATA, PRINT_BEGIN, PRINT_END, BLOCK_BEGIN, BLOCK_END, END -> throw tokens.unexpected("an expression");
        };
    }

    private static Object number(Token token) {
        try {
            return token.kind() == Kind.INTEGER
                    ? (Object) Long.valueOf(token.text())
                    : (Object) Double.valueOf(token.text());
        } catch (NumberFormatException e) {
            throw new TemplateException(token.line(), "the number " + token.text() + " is too large");
        }
    }

    private Expression parenthesis() {
        int line = tokens.next().line();
        if (tokens.skipOperator(")")) {
            return new Expression.TupleOf(line, List.of());
        }
        var inner = parseTuple();
        tokens.expectOperator(")");
        return inner;
    }

    private Expression list() {
        int line = tokens.next().line();
        var items = new ArrayList<Expression>();
        while (!tokens.skipOperator("]")) {
            if (!items.isEmpty()) {
                tokens.expectOperator(",");
                if (tokens.skipOperator("]")) {
                    break;
                }
            }
            items.add(parse());
        }
        return new Expression.ListOf(line, List.copyOf(items));
    }

    private Expression dict() {
        int line = tokens.next().line();
        var pairs = new ArrayList<Expression.Pair>();
        while (!tokens.skipOperator("}")) {
            if (!pairs.isEmpty()) {
                tokens.expectOperator(",");
                if (tokens.skipOperator("}")) {
                    break;
                }
            }
            var key = parse();
            tokens.expectOperator(":");
            pairs.add(new Expression.Pair(key, parse()));
        }
        return new Expression.DictOf(line, List.copyOf(pairs));
    }

    /** Attributes, subscripts and calls behind an expression. */
    private Expression postfix(Expression start) {
        var target = start;
        while (true) {
            int line = tokens.current().line();
            if (tokens.skipOperator(".")) {
                var name = tokens.next();
                target = switch (name.kind()) {
                    case NAME -> new Expression.Attribute(line, target, name.text());
                    case INTEGER -> new Expression.Subscript(line, target, new Expression.Literal(line, number(name)));
                    default ->
                        throw new TemplateException(line, "expected a name behind '.', found " + name.describe());
                };
            } else if (tokens.skipOperator("[")) {
                target = subscript(line, target);
            } else if (tokens.isOperator("(")) {
                target = new Expression.Call(line, target, arguments());
            } else {
                return target;
            }
        }
    }

    private Expression subscript(int line, Expression target) {
        var from = tokens.isOperator(":") ? null : parseTuple();
        if (from != null && tokens.skipOperator("]")) {
            return new Expression.Subscript(line, target, from);
        }
        tokens.expectOperator(":");
        var to = part();
        var step = tokens.skipOperator(":") ? part() : null;
        tokens.expectOperator("]");
        return new Expression.Slice(line, target, from, to, step);
    }

    private @Nullable Expression part() {
        return tokens.isOperator(":") || tokens.isOperator("]") ? null : parse();
    }

    private Expression filtersAndTests(Expression start) {
        var target = start;
        while (true) {
            int line = tokens.current().line();
            if (tokens.skipOperator("|")) {
                var name = dottedName("the name of a filter");
                target = new Expression.Filter(line, target, name, optionalArguments());
            } else if (tokens.skipName("is")) {
                target = test(line, target);
            } else if (tokens.isOperator("(")) {
                target = new Expression.Call(line, target, arguments());
            } else {
                return target;
            }
        }
    }

    String dottedName(String wanted) {
        var name = new StringBuilder(tokens.expect(Kind.NAME, wanted).text());
        while (tokens.skipOperator(".")) {
            name.append('.').append(tokens.expect(Kind.NAME, wanted).text());
        }
        return name.toString();
    }

    Arguments optionalArguments() {
        return tokens.isOperator("(") ? arguments() : Arguments.NONE;
    }

    private Expression test(int line, Expression target) {
        boolean negated = tokens.skipName("not");
        var name = dottedName("the name of a test");
        var arguments = Arguments.NONE;
        if (tokens.isOperator("(")) {
            arguments = arguments();
        } else if (startsOperand()) {
            arguments = new Arguments(List.of(postfix(primary())), Map.of());
        }
        var test = new Expression.Test(line, target, name, arguments);
        return negated ? new Expression.Not(line, test) : test;
    }

    /** Whether the operand of a test without parentheses follows, as in {@code x is divisibleby 3}. */
    private boolean startsOperand() {
        var token = tokens.current();
        return switch (token.kind()) {
            case STRING, INTEGER, FLOAT -> true;
            case NAME -> switch (token.text()) {
                case "else", "or", "and" -> false;
                case "is" -> throw new TemplateException(token.line(), "two tests in a row; use 'and' between them");
                default -> true;
            };
            case OPERATOR -> tokens.isOperator("[") || tokens.isOperator("{");
            case DATA, PRINT_BEGIN, PRINT_END, BLOCK_BEGIN, BLOCK_END, END -> false;
        };
    }

    Arguments arguments() {
        tokens.expectOperator("(");
        var positional = new ArrayList<Expression>();
        var named = new LinkedHashMap<String, Expression>();
        while (!tokens.skipOperator(")")) {
            if (!positional.isEmpty() || !named.isEmpty()) {
                tokens.expectOperator(",");
                if (tokens.skipOperator(")")) {
                    break;
                }
            }
            if (tokens.isOperator("*") || tokens.isOperator("**")) {
                throw new TemplateException(tokens.current().line(), "unpacking of arguments is not supported");
            }
            if (tokens.current().kind() == Kind.NAME && tokens.ahead().is(Kind.OPERATOR, "=")) {
                var name = tokens.next();
                tokens.next();
                if (named.put(name.text(), parse()) != null) {
                    throw new TemplateException(name.line(), "the argument '" + name.text() + "' is given twice");
                }
            } else if (named.isEmpty()) {
                positional.add(parse());
            } else {
                throw tokens.unexpected("a named argument");
            }
        }
        return new Arguments(List.copyOf(positional), Collections.unmodifiableMap(named));
    }
}
