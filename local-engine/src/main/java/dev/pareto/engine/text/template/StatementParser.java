package dev.pareto.engine.text.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.text.template.Statement.Target;
import dev.pareto.engine.text.template.Token.Kind;

/** Parses the statements of a template and the text between them. */
final class StatementParser {

    private static final Set<String> RESERVED = Set.of("true", "false", "none", "True", "False", "None", "not", "and",
            "or", "if", "else", "in", "is");

    private final TokenReader tokens;
    private final ExpressionParser expressions;
    private int loops;

    private StatementParser(TokenReader tokens) {
        this.tokens = tokens;
        this.expressions = new ExpressionParser(tokens);
    }

    static List<Statement> parse(String source, Bounds bounds) {
        var tokens = new TokenReader(Lexer.tokens(source, bounds), bounds);
        return new StatementParser(tokens).body(Set.of());
    }

    /** Statements up to a tag of one of these names, which is left to read; up to the end for no names. */
    private List<Statement> body(Set<String> ends) {
        tokens.enter();
        var body = new ArrayList<Statement>();
        while (true) {
            var token = tokens.current();
            switch (token.kind()) {
                case DATA -> body.add(new Statement.Data(Text.own(tokens.next().text())));
                case PRINT_BEGIN -> {
                    tokens.next();
                    body.add(new Statement.Print(expressions.parseTuple()));
                    tokens.expect(Kind.PRINT_END, "'}}'");
                }
                case BLOCK_BEGIN -> {
                    if (tokens.ahead().kind() == Kind.NAME && ends.contains(tokens.ahead().text())) {
                        tokens.leave();
                        return List.copyOf(body);
                    }
                    tokens.next();
                    body.add(statement());
                }
                case END -> {
                    if (!ends.isEmpty()) {
                        throw tokens.unexpected("one of " + String.join(", ", ends.stream().sorted().toList()));
                    }
                    tokens.leave();
                    return List.copyOf(body);
                }
                case PRINT_END, BLOCK_END, NAME, STRING, INTEGER, FLOAT, OPERATOR ->
                    throw tokens.unexpected("text or a tag");
            }
        }
    }

    private Statement statement() {
        var tag = tokens.expect(Kind.NAME, "the name of a statement");
        int line = tag.line();
        return switch (tag.text()) {
            case "if" -> ifStatement();
            case "for" -> forStatement(line);
            case "set" -> set(line);
            case "macro" -> macro(line);
            case "call" -> callBlock(line);
            case "filter" -> filterBlock(line);
            case "with" -> with(line);
            case "generation" -> group("endgeneration");
            case "break" -> jump(line, new Statement.Break());
            case "continue" -> jump(line, new Statement.Continue());
            case "include", "import", "from", "extends", "block" ->
                throw new TemplateException(line, "'" + tag.text() + "' is not allowed: a template stands alone");
            default -> throw new TemplateException(line, "unknown statement '" + tag.text() + "'");
        };
    }

    private Statement ifStatement() {
        var branches = new ArrayList<Statement.Branch>();
        do {
            var test = expressions.parseTuple();
            blockEnd();
            branches.add(new Statement.Branch(test, body(Set.of("elif", "else", "endif"))));
            tokens.next();
        } while (tokens.skipName("elif"));
        List<Statement> otherwise = List.of();
        if (tokens.skipName("else")) {
            blockEnd();
            otherwise = body(Set.of("endif"));
            tokens.next();
        }
        tokens.next();
        blockEnd();
        return new Statement.If(List.copyOf(branches), otherwise);
    }

    private Statement forStatement(int line) {
        var target = targets();
        if (!tokens.skipName("in")) {
            throw tokens.unexpected("'in'");
        }
        var items = iterable();
        var filter = tokens.skipName("if") ? expressions.parse() : null;
        if (tokens.isName("recursive")) {
            throw new TemplateException(line, "recursive loops are not supported");
        }
        blockEnd();
        loops++;
        var body = body(Set.of("else", "endfor"));
        loops--;
        tokens.next();
        List<Statement> otherwise = List.of();
        if (tokens.skipName("else")) {
            blockEnd();
            otherwise = body(Set.of("endfor"));
            tokens.next();
        }
        tokens.next();
        blockEnd();
        return new Statement.For(line, target, items, filter, body, otherwise);
    }

    private Expression iterable() {
        int line = tokens.current().line();
        var first = expressions.parseWithoutCondition();
        if (!tokens.isOperator(",")) {
            return first;
        }
        var items = new ArrayList<Expression>(List.of(first));
        while (tokens.skipOperator(",")) {
            items.add(expressions.parseWithoutCondition());
        }
        return new Expression.TupleOf(line, List.copyOf(items));
    }

    private Statement set(int line) {
        var target = targets();
        if (tokens.skipOperator("=")) {
            var value = expressions.parseTuple();
            blockEnd();
            return new Statement.Set(line, target, value);
        }
        var filters = filters(tokens.skipOperator("|"));
        blockEnd();
        return new Statement.SetBlock(line, target, filters, bodyTo("endset"));
    }

    private List<Statement.Filter> filters(boolean some) {
        var filters = new ArrayList<Statement.Filter>();
        boolean more = some;
        while (more) {
            int line = tokens.current().line();
            filters.add(new Statement.Filter(line, expressions.dottedName("the name of a filter"),
                    expressions.optionalArguments()));
            more = tokens.skipOperator("|");
        }
        return List.copyOf(filters);
    }

    private Statement macro(int line) {
        var name = name();
        var parameters = parameters();
        blockEnd();
        return new Statement.Macro(line, name, new Statement.Signature(parameters, bodyOutsideLoops("endmacro")));
    }

    private Statement callBlock(int line) {
        List<Statement.Parameter> parameters = tokens.isOperator("(") ? parameters() : List.of();
        if (!(expressions.parse() instanceof Expression.Call call)) {
            throw new TemplateException(line, "expected a call behind 'call'");
        }
        blockEnd();
        return new Statement.CallBlock(line, call, new Statement.Signature(parameters, bodyOutsideLoops("endcall")));
    }

    private Statement filterBlock(int line) {
        var filters = filters(true);
        blockEnd();
        return new Statement.FilterBlock(line, filters, bodyTo("endfilter"));
    }

    private Statement with(int line) {
        var assignments = new ArrayList<Statement.Assignment>();
        while (tokens.current().kind() != Kind.BLOCK_END) {
            if (!assignments.isEmpty()) {
                tokens.expectOperator(",");
            }
            var target = target();
            tokens.expectOperator("=");
            assignments.add(new Statement.Assignment(target, expressions.parse()));
        }
        blockEnd();
        return new Statement.With(line, List.copyOf(assignments), bodyTo("endwith"));
    }

    private Statement group(String end) {
        blockEnd();
        return new Statement.Group(bodyTo(end));
    }

    private Statement jump(int line, Statement jump) {
        if (loops == 0) {
            throw new TemplateException(line, "a jump outside of a loop");
        }
        blockEnd();
        return jump;
    }

    private List<Statement> bodyTo(String end) {
        var body = body(Set.of(end));
        tokens.next();
        tokens.next();
        blockEnd();
        return body;
    }

    private List<Statement> bodyOutsideLoops(String end) {
        int outside = loops;
        loops = 0;
        var body = bodyTo(end);
        loops = outside;
        return body;
    }

    private List<Statement.Parameter> parameters() {
        tokens.expectOperator("(");
        var parameters = new ArrayList<Statement.Parameter>();
        while (!tokens.skipOperator(")")) {
            if (!parameters.isEmpty()) {
                tokens.expectOperator(",");
                if (tokens.skipOperator(")")) {
                    break;
                }
            }
            var name = name();
            @Nullable
            Expression otherwise = tokens.skipOperator("=") ? expressions.parse() : null;
            if (otherwise == null && !parameters.isEmpty() && parameters.getLast().otherwise() != null) {
                throw tokens.unexpected("a default for '" + name + "'");
            }
            parameters.add(new Statement.Parameter(name, otherwise));
        }
        return List.copyOf(parameters);
    }

    /** One target, or several with commas between them. */
    private Target targets() {
        var first = target();
        if (!tokens.isOperator(",")) {
            return first;
        }
        var targets = new ArrayList<Target>(List.of(first));
        while (tokens.skipOperator(",") && tokens.current().kind() == Kind.NAME && !tokens.isName("in")) {
            targets.add(target());
        }
        return new Target.Several(List.copyOf(targets));
    }

    private Target target() {
        if (tokens.skipOperator("(")) {
            tokens.enter();
            var inner = targets();
            tokens.leave();
            tokens.expectOperator(")");
            return inner;
        }
        var name = name();
        return tokens.skipOperator(".") ? new Target.Member(name, name()) : new Target.Variable(name);
    }

    private String name() {
        var name = tokens.expect(Kind.NAME, "a name");
        if (RESERVED.contains(name.text())) {
            throw new TemplateException(name.line(), "'" + name.text() + "' can not be assigned to");
        }
        return name.text();
    }

    private void blockEnd() {
        tokens.expect(Kind.BLOCK_END, "'%}'");
    }
}
