package dev.pareto.engine.text.template;

/** A template that can not be read, that fails, that refuses its input or that asks for more than it may have. */
public final class TemplateException extends RuntimeException {

    private static final int MOST_CHARACTERS = 2000;

    private final int line;
    private final String reason;

    /** @param line the line of the template, counted from 1; 0 where none is to blame */
    public TemplateException(int line, String reason) {
        super((line > 0 ? "chat template, line " + line + ": " : "chat template: ") + shortened(reason), null, false,
                false);
        this.line = line;
        this.reason = shortened(reason);
    }

    /** A reason may quote the template, or what the template says of a message. */
    private static String shortened(String reason) {
        return reason.length() <= MOST_CHARACTERS ? reason : reason.substring(0, MOST_CHARACTERS) + "…";
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
