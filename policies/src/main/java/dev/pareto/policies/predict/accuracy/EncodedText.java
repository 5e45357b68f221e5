package dev.pareto.policies.predict.accuracy;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One text as features: hashed words, pairs of words and word beginnings with their counts, and a few dozen measures of its shape.
 * Reused from text to text, so that encoding allocates nothing once the buffers have grown. For one thread at a time.
 */
final class EncodedText {

    /** A longer text is read at its beginning and its end. */
    static final int READ_CHARACTERS = 16_384;
    static final int HASH_BITS = 19;

    private static final List<String> MEASURES = List.of("characters", "words", "word-length", "sentences",
            "words-a-sentence",
            "lines", "numbers", "largest-number", "decimals", "percents", "currency", "fractions", "operators",
            "brackets",
            "code-signs", "question-marks", "quotes", "upper-case", "non-ascii", "digits", "punctuation", "long-words",
            "longer-words", "short-words", "options", "option-length", "option-spread", "number-options",
            "distinct-words",
            "first-line");
    /** What the dense features are called, in their order. */
    static final List<String> DENSE_NAMES = names();
    static final int DENSE = DENSE_NAMES.size();

    private static final int STEM = 5;
    private static final int PAIR_SALT = 0x2545f491;
    private static final int STEM_SALT = 0x5bd1e995;

    final float[] dense = new float[DENSE];
    /** Hashes of the distinct sparse features, {@link #HASH_BITS} wide. */
    int[] hashes = new int[512];
    int[] counts = new int[512];
    int distinct;

    private int[] table = new int[2048];
    private final int[] kinds = new int[WordKinds.NAMES.size()];
    private int words;
    private int letters;
    private int longWords;
    private int longerWords;
    private int shortWords;
    private int numbers;
    private int digits;
    private int decimals;
    private int percents;
    private int currency;
    private int fractions;
    private int operators;
    private int brackets;
    private int codeSigns;
    private int questions;
    private int quotes;
    private int upper;
    private int nonAscii;
    private int punctuation;
    private int sentences;
    private int lines;
    private int firstLine;
    private int options;
    private int numberOptions;
    private double optionLength;
    private double optionSquares;
    private double largest;
    private int previous;
    private int previousStart;
    private @Nullable Map<Integer, String> trace;
    private String source = "";

    private static List<String> names() {
        List<String> names = new java.util.ArrayList<>(MEASURES);
        names.addAll(WordKinds.NAMES);
        return List.copyOf(names);
    }

    /** Reads a text and tells which words each sparse feature stands for. */
    Map<Integer, String> trace(String text) {
        Map<Integer, String> words = new HashMap<>();
        trace = words;
        read(text);
        trace = null;
        return words;
    }

    /** Reads a text; what was read before is forgotten. */
    void read(String text) {
        clear();
        source = text;
        int length = text.length();
        if (length <= READ_CHARACTERS) {
            scan(text, 0, length);
        } else {
            scan(text, 0, READ_CHARACTERS / 2);
            scan(text, length - READ_CHARACTERS / 2, length);
        }
        measure(length);
        source = "";
    }

    private void clear() {
        Arrays.fill(table, 0);
        Arrays.fill(kinds, 0);
        distinct = 0;
        words = letters = longWords = longerWords = shortWords = 0;
        numbers = digits = decimals = percents = currency = fractions = operators = brackets = codeSigns = 0;
        questions = quotes = upper = nonAscii = punctuation = sentences = lines = firstLine = 0;
        options = numberOptions = 0;
        optionLength = optionSquares = largest = 0;
        previous = 0;
        previousStart = 0;
    }

    private void scan(String text, int from, int to) {
        int lineStart = from;
        int at = from;
        while (at < to) {
            char c = text.charAt(at);
            if (c == '\n') {
                line(text, lineStart, at);
                lineStart = at + 1;
                at++;
            } else if (c <= ' ') {
                at++;
            } else if (c >= '0' && c <= '9') {
                at = number(text, at, to);
            } else if (isLetter(c)) {
                at = word(text, at, to);
            } else {
                sign(at, c);
                at++;
            }
        }
        line(text, lineStart, to);
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
                || (c >= 128 && (Character.isLetter(c) || Character.isSurrogate(c)));
    }

    /** A word in scripts that put spaces between words; a single character in those that do not. */
    private int word(String text, int from, int to) {
        int hash = 0;
        int stem = 0;
        int at = from;
        while (at < to) {
            char c = text.charAt(at);
            if (c >= 'A' && c <= 'Z') {
                upper++;
                c = (char) (c + 32);
            } else if (c >= 128) {
                nonAscii++;
                if (Character.isIdeographic(c) || (c >= 0x3040 && c <= 0x30ff)) {
                    if (at > from) {
                        break;
                    }
                    at++;
                    hash = Hashing.next(0, c);
                    stem = hash;
                    break;
                }
                c = Character.toLowerCase(c);
            }
            if (!isLetter(c)) {
                break;
            }
            hash = Hashing.next(hash, c);
            at++;
            if (at - from == STEM) {
                stem = hash;
            }
        }
        int length = at - from;
        words++;
        letters += length;
        if (length >= 9) {
            longWords++;
            if (length >= 12) {
                longerWords++;
            }
        } else if (length <= 3) {
            shortWords++;
        }
        int kind = WordKinds.of(hash);
        if (kind >= 0) {
            kinds[kind]++;
        }
        token(hash, from, at);
        if (length > STEM) {
            count(Hashing.mix(stem ^ STEM_SALT), from, from + STEM);
        }
        return at;
    }

    private int number(String text, int from, int to) {
        int at = from;
        double value = 0;
        boolean decimal = false;
        while (at < to) {
            char c = text.charAt(at);
            if (c >= '0' && c <= '9') {
                if (!decimal) {
                    value = value * 10 + (c - '0');
                }
                digits++;
            } else if (c == '.' && !decimal && at + 1 < to && Character.isDigit(text.charAt(at + 1))) {
                decimal = true;
            } else if (c != ',' || at + 1 >= to || !Character.isDigit(text.charAt(at + 1))) {
                break;
            }
            at++;
        }
        numbers++;
        value = Math.min(value, Numbers.MOST);
        largest = Math.max(largest, value);
        if (decimal) {
            decimals++;
        }
        if (at + 1 < to && text.charAt(at) == '/' && Character.isDigit(text.charAt(at + 1))) {
            fractions++;
        }
        // Small numbers by value, others by their size: 7 and 12 are words of their own, 48,317 is "a number of five digits".
        int hash = decimal
                ? 0x7d000000 + Math.min(9, at - from)
                : value < 32
                        ? 0x7e000000 + (int) value
                        : 0x7f000000 + (int) Math.log10(value + 1);
        token(hash, from, at);
        return at;
    }

    private void sign(int at, char c) {
        punctuation++;
        switch (c) {
            case '.', '!' -> sentences++;
            case '?' -> {
                sentences++;
                questions++;
            }
            case '%' -> percents++;
            case '$', '€', '£', '¥' -> currency++;
            case '+', '-', '*', '/', '=', '^', '<', '>', '×', '÷', '−' -> operators++;
            case '(', ')', '[', ']', '{', '}' -> brackets++;
            case '\\', ';', '_', '`', '|', '&', '#', '@' -> codeSigns++;
            case '"', '“', '”', '\'', '‘', '’' -> quotes++;
            default -> {
                if (c >= 128) {
                    nonAscii++;
                }
            }
        }
        token(0x70000000 + c, at, at + 1);
    }

    /** Lines such as {@code B. 42} are options of a choice. */
    private void line(String text, int from, int to) {
        lines++;
        if (lines == 1) {
            firstLine = to - from;
        }
        int at = from;
        while (at < to && text.charAt(at) <= ' ') {
            at++;
        }
        if (at < to && text.charAt(at) == '(') {
            at++;
        }
        if (at + 1 < to && text.charAt(at) >= 'A' && text.charAt(at) <= 'J'
                && (text.charAt(at + 1) == '.' || text.charAt(at + 1) == ')' || text.charAt(at + 1) == ':')) {
            int length = to - at - 2;
            options++;
            double size = Math.log1p(length);
            optionLength += size;
            optionSquares += size * size;
            for (int i = at + 2; i < to; i++) {
                char c = text.charAt(i);
                if (c > ' ') {
                    numberOptions += (c >= '0' && c <= '9') || c == '$' || c == '-' ? 1 : 0;
                    break;
                }
            }
        }
    }

    private void token(int hash, int from, int to) {
        count(Hashing.mix(hash), from, to);
        count(Hashing.mix((previous * 31 + hash) ^ PAIR_SALT), previousStart, to);
        previous = hash;
        previousStart = from;
    }

    /** Whether the text has this feature. */
    boolean has(int id) {
        int mask = table.length - 1;
        int at = id & mask;
        while (table[at] != 0) {
            if (hashes[table[at] - 1] == id) {
                return true;
            }
            at = (at + 1) & mask;
        }
        return false;
    }

    private void count(int hash, int from, int to) {
        int id = hash >>> (32 - HASH_BITS);
        if (trace != null) {
            trace.putIfAbsent(id, source.substring(from, Math.min(to, from + 80)));
        }
        int mask = table.length - 1;
        int at = id & mask;
        while (table[at] != 0) {
            int entry = table[at] - 1;
            if (hashes[entry] == id) {
                counts[entry]++;
                return;
            }
            at = (at + 1) & mask;
        }
        if (distinct == hashes.length) {
            hashes = Arrays.copyOf(hashes, distinct * 2);
            counts = Arrays.copyOf(counts, distinct * 2);
        }
        hashes[distinct] = id;
        counts[distinct] = 1;
        distinct++;
        table[at] = distinct;
        if (distinct * 2 > table.length) {
            grow();
        }
    }

    private void grow() {
        table = new int[table.length * 2];
        int mask = table.length - 1;
        for (int entry = 0; entry < distinct; entry++) {
            int at = hashes[entry] & mask;
            while (table[at] != 0) {
                at = (at + 1) & mask;
            }
            table[at] = entry + 1;
        }
    }

    private void measure(int length) {
        double perWord = 1.0 / Math.max(1, words);
        double perCharacter = 1.0 / Math.max(1, length);
        int at = 0;
        at = put(at, Math.log1p(length), Math.log1p(words), letters * perWord, Math.log1p(sentences),
                Math.log1p(words / (sentences + 1.0)), Math.log1p(lines), Math.log1p(numbers), Math.log10(1 + largest));
        at = put(at, Math.log1p(decimals), Math.log1p(percents), Math.log1p(currency), Math.log1p(fractions),
                Math.log1p(operators), Math.log1p(brackets), Math.log1p(codeSigns), Math.log1p(questions));
        at = put(at, Math.log1p(quotes), upper * perCharacter, nonAscii * perCharacter, digits * perCharacter,
                punctuation * perCharacter, longWords * perWord, longerWords * perWord, shortWords * perWord);
        double mean = options == 0 ? 0 : optionLength / options;
        double spread = options == 0 ? 0 : Math.sqrt(Math.max(0, optionSquares / options - mean * mean));
        at = put(at, options, mean, spread, options == 0 ? 0 : (double) numberOptions / options, distinct * perWord,
                Math.log1p(firstLine), 0, 0) - 2;
        for (int kind : kinds) {
            dense[at++] = (float) Math.log1p(kind);
        }
    }

    private int put(int at, double a, double b, double c, double d, double e, double f, double g, double h) {
        dense[at] = (float) a;
        dense[at + 1] = (float) b;
        dense[at + 2] = (float) c;
        dense[at + 3] = (float) d;
        dense[at + 4] = (float) e;
        dense[at + 5] = (float) f;
        dense[at + 6] = (float) g;
        dense[at + 7] = (float) h;
        return at + 8;
    }
}
