package dev.pareto.engine.text;

/** The Unicode classes that pre-tokenizers tell apart, as bits, looked up in one table for the basic plane. */
final class CharacterClass {

    static final int LETTER = 1;
    static final int NUMBER = 2;
    static final int SPACE = 4;
    static final int MARK = 8;
    /** Every character that is there at all; only positions outside the text lack it. */
    static final int PRESENT = 16;

    private static final byte[] BASIC = new byte[0x10000];

    static {
        for (int code = 0; code < BASIC.length; code++) {
            BASIC[code] = (byte) classify(code);
        }
    }

    private CharacterClass() {}

    /** The bits of a code point; a surrogate on its own counts as the U+FFFD that it becomes. */
    static int of(int code) {
        return code < BASIC.length ? BASIC[code] : classify(code);
    }

    private static int classify(int code) {
        return PRESENT | switch (Character.getType(code)) {
            case Character.UPPERCASE_LETTER, Character.LOWERCASE_LETTER, Character.TITLECASE_LETTER,
                    Character.MODIFIER_LETTER, Character.OTHER_LETTER ->
                LETTER;
            case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER -> NUMBER;
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.COMBINING_SPACING_MARK -> MARK;
            case Character.SPACE_SEPARATOR, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> SPACE;
            default -> (code >= 0x09 && code <= 0x0D) || code == 0x85 ? SPACE : 0;
        };
    }
}
