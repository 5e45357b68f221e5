package dev.pareto.engine.text;

import static dev.pareto.engine.text.CharacterClass.LETTER;
import static dev.pareto.engine.text.CharacterClass.MARK;
import static dev.pareto.engine.text.CharacterClass.NUMBER;
import static dev.pareto.engine.text.CharacterClass.PRESENT;
import static dev.pareto.engine.text.CharacterClass.SPACE;

/**
 * The two families of word patterns that most byte-level models use, scanned by hand: several times faster than
 * {@link java.util.regex}, without its recursion, and with the Unicode classes of the models.
 */
final class WordScanner {

    private WordScanner() {}

    /**
     * GPT-2: <code>'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+</code>.
     */
    static void gpt2(String text, int from, int to, PreTokenizer.Words words) {
        int at = from;
        while (at < to) {
            int end = contraction(text, at, to, false);
            if (end < 0) {
                int body = text.charAt(at) == ' ' ? at + 1 : at;
                int kind = classAt(text, body, to);
                if ((kind & LETTER) != 0) {
                    end = run(text, body, to, LETTER);
                } else if ((kind & NUMBER) != 0) {
                    end = run(text, body, to, NUMBER);
                } else if ((kind & (SPACE | PRESENT)) == PRESENT) {
                    end = runOfOthers(text, body, to, SPACE | LETTER | NUMBER);
                } else {
                    end = spaces(text, at, to);
                }
            }
            words.word(at, end);
            at = end;
        }
    }

    /**
     * The pattern that came with tiktoken's cl100k and that Llama 3, Qwen and others took over:
     * <code>(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,digits}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+</code>.
     *
     * @param digits how many digits make a word at most
     * @param marksJoin whether combining marks count as letters (Qwen 3.5)
     */
    static PreTokenizer cl100k(int digits, boolean marksJoin) {
        int letters = marksJoin ? LETTER | MARK : LETTER;
        return (text, from, to, words) -> {
            int at = from;
            while (at < to) {
                int end = cl100kWord(text, at, to, digits, letters);
                words.word(at, end);
                at = end;
            }
        };
    }

    /**
     * White space at the end is a word of its own: <code>\s+\z</code>, which {@link java.util.regex} tries at every
     * character of a run that something follows.
     */
    static void spaceAtEnd(String text, int from, int to, PreTokenizer.Words words) {
        int at = to;
        while (at > from && (CharacterClass.of(text.charAt(at - 1)) & SPACE) != 0) {
            at--;
        }
        if (at > from) {
            words.word(from, at);
        }
        if (at < to) {
            words.word(at, to);
        }
    }

    private static int cl100kWord(String text, int at, int to, int digits, int letters) {
        int contraction = contraction(text, at, to, true);
        if (contraction >= 0) {
            return contraction;
        }
        int c = text.codePointAt(at);
        int kind = CharacterClass.of(c);
        if ((kind & letters) != 0) {
            return run(text, at, to, letters);
        }
        if ((kind & NUMBER) != 0) {
            int end = at;
            for (int i = 0; i < digits && (classAt(text, end, to) & NUMBER) != 0; i++) {
                end += width(text, end, to);
            }
            return end;
        }
        int after = at + width(text, at, to);
        if (c != '\r' && c != '\n' && (classAt(text, after, to) & letters) != 0) {
            return run(text, after, to, letters);
        }
        int body = c == ' ' ? after : at;
        int others = SPACE | NUMBER | letters;
        if ((classAt(text, body, to) & (others | PRESENT)) == PRESENT) {
            int end = runOfOthers(text, body, to, others);
            while (end < to && isLineBreak(text.charAt(end))) {
                end++;
            }
            return end;
        }
        int end = at;
        int afterBreak = -1;
        while ((classAt(text, end, to) & SPACE) != 0) {
            if (isLineBreak(text.charAt(end++))) {
                afterBreak = end;
            }
        }
        return afterBreak >= 0 ? afterBreak : spaces(text, at, to);
    }

    /** Where an English contraction that starts here ends, or -1. */
    private static int contraction(String text, int at, int to, boolean anyCase) {
        if (text.charAt(at) != '\'' || at + 1 >= to) {
            return -1;
        }
        int first = anyCase ? lower(text.charAt(at + 1)) : text.charAt(at + 1);
        if (first == 's' || first == 't' || first == 'm' || first == 'd') {
            return at + 2;
        }
        if (at + 2 >= to) {
            return -1;
        }
        int second = anyCase ? lower(text.charAt(at + 2)) : text.charAt(at + 2);
        boolean pair = (first == 'r' && second == 'e') || (first == 'v' && second == 'e')
                || (first == 'l' && second == 'l');
        return pair ? at + 3 : -1;
    }

    /** White space up to the end of the text, or up to the last one before a word: that one belongs to the word. */
    private static int spaces(String text, int at, int to) {
        int end = run(text, at, to, SPACE);
        return end < to && end - at > 1 ? end - 1 : end;
    }

    private static int run(String text, int at, int to, int kinds) {
        int end = at;
        while ((classAt(text, end, to) & kinds) != 0) {
            end += width(text, end, to);
        }
        return end;
    }

    private static int runOfOthers(String text, int at, int to, int kinds) {
        int end = at;
        while ((classAt(text, end, to) & (kinds | PRESENT)) == PRESENT) {
            end += width(text, end, to);
        }
        return end;
    }

    private static int classAt(String text, int at, int to) {
        return at < to ? CharacterClass.of(text.codePointAt(at)) : 0;
    }

    private static int width(String text, int at, int to) {
        return Character.isHighSurrogate(text.charAt(at)) && at + 1 < to
                && Character.isLowSurrogate(text.charAt(at + 1))
                        ? 2
                        : 1;
    }

    private static int lower(char c) {
        return c >= 'A' && c <= 'Z' ? c + 32 : c;
    }

    private static boolean isLineBreak(char c) {
        return c == '\r' || c == '\n';
    }
}
