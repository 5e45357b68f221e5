package dev.pareto.engine.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

/** The scanners against the regular expressions that define them. */
final class WordScannerTest {

    private static final String SPACE = "\\p{IsWhite_Space}";

    @Test
    void cutsAsThePatternOfGpt2Does() {
        compare(WordScanner::gpt2, PreTokenizer.matching("'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^" + SPACE
                + "\\p{L}\\p{N}]+|" + SPACE + "+(?!\\P{IsWhite_Space})|" + SPACE + "+"));
    }

    @Test
    void cutsAsThePatternOfLlama3Does() {
        compare(WordScanner.cl100k(3, false), cl100k("{1,3}"));
    }

    @Test
    void cutsAsThePatternOfQwen2Does() {
        compare(WordScanner.cl100k(1, false), cl100k(""));
    }

    private static PreTokenizer cl100k(String digits) {
        return PreTokenizer.matching("(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}" + digits
                + "| ?[^" + SPACE + "\\p{L}\\p{N}]+[\\r\\n]*|" + SPACE + "*[\\r\\n]+|" + SPACE
                + "+(?!\\P{IsWhite_Space})|" + SPACE + "+");
    }

    private static void compare(PreTokenizer scanner, PreTokenizer pattern) {
        var alphabet = new int[]{' ', ' ', '\n', '\r', '\t', 0xA0, 0x3000, 0x85, '\'', 's', 'S', 'l', 'L', 'r', 'e',
                'v',
                'a', 'é', 0x301, '1', '2', '½', 0x0661, '.', '-', '_', '€', '中', 0x1F600, 0x10400, 0x1D7CE, 0x0};
        var random = new Random(11);
        for (int i = 0; i < 20_000; i++) {
            var text = new StringBuilder();
            int length = random.nextInt(12);
            for (int c = 0; c < length; c++) {
                text.appendCodePoint(alphabet[random.nextInt(alphabet.length)]);
            }
            assertThat(words(scanner, text.toString())).isEqualTo(words(pattern, text.toString()));
        }
    }

    private static List<String> words(PreTokenizer splitter, String text) {
        var words = new ArrayList<String>();
        splitter.split(text, 0, text.length(), (from, to) -> words.add(text.substring(from, to)));
        assertThat(String.join("", words)).isEqualTo(text);
        return words;
    }
}
