package dev.pareto.evals.grade;

import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/** How texts are made comparable. */
final class Texts {

    private static final Pattern NOT_WORD = Pattern.compile("[^\\p{L}\\p{N}]+");
    private static final Pattern SPACES = Pattern.compile("\\s+");
    private static final int SHOWN = 80;

    private Texts() {}

    /** Compatibility form, lower case, white space collapsed. */
    static String folded(String text) {
        return SPACES.matcher(Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT).strip())
                .replaceAll(" ");
    }

    /** As folded, with every run of punctuation and space turned into one {@code separator} and none at the ends. */
    static String words(String text, String separator) {
        String folded = NOT_WORD.matcher(folded(text)).replaceAll(" ").strip();
        return folded.replace(" ", separator);
    }

    /** Start of a text, on one line, for reasons. */
    static String shown(String text) {
        String line = SPACES.matcher(text.strip()).replaceAll(" ");
        return "'" + (line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "…") + "'";
    }

    /** A key that must be one text: a string, number or boolean; null for anything else. */
    static @Nullable String scalar(@Nullable JsonNode expected) {
        return expected != null && expected.isValueNode() && !expected.isNull() ? expected.asString() : null;
    }

    static @Nullable String needsScalar(@Nullable JsonNode expected) {
        return scalar(expected) == null ? "needs a text in 'expected'" : null;
    }

    static String requireScalar(@Nullable JsonNode expected) {
        String text = scalar(expected);
        if (text == null) {
            throw new IllegalArgumentException("the item has no text in 'expected'");
        }
        return text;
    }
}
