package dev.pareto.dashboards.ask;

/** Shows what somebody typed. */
final class Names {

    private static final int SHOWN = 48;

    private Names() {}

    /** As it was typed, but short and on one line. */
    static String shown(String typed) {
        String line = typed.codePoints()
                .limit(SHOWN)
                .map(c -> Character.isISOControl(c) ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return line.length() < typed.length() ? line + "…" : line;
    }
}
