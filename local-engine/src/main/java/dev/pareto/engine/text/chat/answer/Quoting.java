package dev.pareto.engine.text.chat.answer;

/** Texts as strings of JSON. */
final class Quoting {

    private Quoting() {}

    static String quoted(CharSequence text) {
        return "\"" + escaped(text) + "\"";
    }

    /** What stands between the quotes. A text may be escaped piece by piece. */
    static String escaped(CharSequence text) {
        var out = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            escape(text.charAt(i), out);
        }
        return out.toString();
    }

    static void escape(char c, StringBuilder out) {
        switch (c) {
            case '"' -> out.append("\\\"");
            case '\\' -> out.append("\\\\");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> {
                if (c < 0x20) {
                    escapeByNumber(c, out);
                } else {
                    out.append(c);
                }
            }
        }
    }

    static void escapeByNumber(char c, StringBuilder out) {
        out.append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
            out.append(Character.forDigit(c >> shift & 15, 16));
        }
    }
}
