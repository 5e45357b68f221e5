package dev.pareto.engine.text.template;

import java.util.List;

import dev.pareto.engine.text.template.Token.Kind;

/** Reads tokens one after another with one to look ahead, and keeps count of how deep the parser nests. */
final class TokenReader {

    private final List<Token> tokens;
    private final int mostDepth;
    private int at;
    private int depth;

    TokenReader(List<Token> tokens, Bounds bounds) {
        this.tokens = tokens;
        this.mostDepth = bounds.depth();
    }

    Token current() {
        return tokens.get(at);
    }

    Token ahead() {
        return tokens.get(Math.min(at + 1, tokens.size() - 1));
    }

    Token next() {
        var token = tokens.get(at);
        at = Math.min(at + 1, tokens.size() - 1);
        return token;
    }

    boolean isOperator(String operator) {
        return current().is(Kind.OPERATOR, operator);
    }

    boolean isName(String name) {
        return current().is(Kind.NAME, name);
    }

    boolean skipOperator(String operator) {
        return skip(isOperator(operator));
    }

    boolean skipName(String name) {
        return skip(isName(name));
    }

    private boolean skip(boolean matches) {
        if (matches) {
            next();
        }
        return matches;
    }

    Token expect(Kind kind, String wanted) {
        if (current().kind() != kind) {
            throw unexpected(wanted);
        }
        return next();
    }

    void expectOperator(String operator) {
        if (!skipOperator(operator)) {
            throw unexpected("'" + operator + "'");
        }
    }

    TemplateException unexpected(String wanted) {
        return new TemplateException(current().line(), "expected " + wanted + ", found " + current().describe());
    }

    void enter() {
        if (++depth > mostDepth) {
            throw new TemplateException(current().line(), "nested deeper than " + mostDepth);
        }
    }

    void leave() {
        depth--;
    }
}
