package dev.pareto.evals.suite;

import java.nio.file.Path;

/** A suite that cannot be used as it stands. The message reads {@code file:line: reason; how to mend}. */
public final class SuiteException extends Exception {

    private final transient Path file;
    private final int line;
    private final String reason;

    /** @param line 1-based; 0 when the whole file is meant */
    public SuiteException(Path file, int line, String reason, String remedy) {
        super(file + (line > 0 ? ":" + line : "") + ": " + reason + "; " + remedy, null, false, false);
        this.file = file;
        this.line = line;
        this.reason = reason + "; " + remedy;
    }

    /** The reason and how to mend it, without the place. */
    public String reason() {
        return reason;
    }

    /** The file at fault. */
    public Path file() {
        return file;
    }

    /** 1-based line, 0 when the whole file is meant. */
    public int line() {
        return line;
    }
}
