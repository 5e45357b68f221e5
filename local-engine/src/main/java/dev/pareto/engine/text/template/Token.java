package dev.pareto.engine.text.template;

/**
 * A token of a template.
 *
 * @param text the data, the name, the operator, the digits, or the value of a string literal
 * @param line where it starts, counted from 1
 */
record Token(Kind kind, String text, int line) {

    enum Kind { DATA, PRINT_BEGIN, PRINT_END, BLOCK_BEGIN, BLOCK_END, NAME, STRING, INTEGER, FLOAT, OPERATOR, END }

    boolean is(Kind other, String otherText) {
        return kind == other && text.equals(otherText);
    }

    /** For messages. */
    String describe() {
        return switch (kind) {
            case DATA -> "text";
            case PRINT_BEGIN -> "'{{'";
            case PRINT_END -> "'}}'";
            case BLOCK_BEGIN -> "'{%'";
            case BLOCK_END -> "'%}'";
            case STRING -> "a string";
            case NAME, INTEGER, FLOAT, OPERATOR -> "'" + text + "'";
            case END -> "the end of the template";
        };
    }
}
