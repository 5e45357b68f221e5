package dev.pareto.engine.text.template;

/** A template that can not be read, that fails, that refuses its input or that asks for more than it may have. */
public final class TemplateException extends RuntimeException {

    private final int line;
    private final String reason;

    /** @param line the line of the template, counted from 1; 0 where none is to blame */
    public TemplateException(int line, String reason) {
        super(line > 0 ? "chat template, line " + line + ": " + reason : "chat template: " + reason, null, false,
                false);
        this.line = line;
        this.reason = reason;
    }

    /** The line of the template, counted from 1; 0 where none is to blame. */
    public int line() {
        return line;
    }

    /** What went wrong, without the line. */
    public String reason() {
        return reason;
    }
}
