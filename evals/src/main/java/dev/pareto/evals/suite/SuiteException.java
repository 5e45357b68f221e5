package dev.pareto.evals.suite;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

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

    private SuiteException(String message, SuiteException first) {
        super(message, null, false, false);
        this.file = first.file;
        this.line = first.line;
        this.reason = first.reason;
    }

    /**
     * Several mistakes told at once, a line each; the place is that of the first.
     *
     * @param mistakes one or more
     * @param more whether there may be others
     */
    static SuiteException all(List<SuiteException> mistakes, boolean more) {
        SuiteException first = mistakes.getFirst();
        if (mistakes.size() == 1) {
            return first;
        }
        return new SuiteException(mistakes.size() + (more ? " mistakes, and perhaps more:\n" : " mistakes:\n")
                + mistakes.stream().map(SuiteException::getMessage).collect(Collectors.joining("\n")), first);
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
