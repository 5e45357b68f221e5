package dev.pareto.evals.grade;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/** How texts are made comparable. */
public final class Texts {

    private static final Pattern NOT_WORD = Pattern.compile("[^\\p{L}\\p{N}]+");
    private static final Pattern SPACES = Pattern.compile("\\s+");
    private static final Pattern WORDS = Pattern.compile(" ");
    private static final Set<String> ARTICLES = Set.of("a", "an", "the");
    private static final int SHOWN = 80;

    private Texts() {}

    /** Compatibility form, lower case, white space collapsed. */
    public static String folded(String text) {
        return SPACES.matcher(Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT).strip())
                .replaceAll(" ");
    }

    /** As folded, with every run of punctuation and space turned into one {@code separator} and none at the ends. */
    public static String words(String text, String separator) {
        String folded = NOT_WORD.matcher(folded(text)).replaceAll(" ").strip();
        return folded.replace(" ", separator);
    }

    /** Start of a text, on one line, for reasons. */
    public static String shown(String text) {
        String line = SPACES.matcher(text.strip()).replaceAll(" ");
        return "'" + (line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "…") + "'";
    }

    /** The words of a text as SQuAD compares them: lower case, without punctuation and articles. */
    public static List<String> tokens(String text) {
        return WORDS.splitAsStream(words(text, " "))
                .filter(word -> !word.isEmpty() && !ARTICLES.contains(word))
                .toList();
    }

    /** A key of one text or a list of texts; empty for anything else. */
    public static List<String> scalars(@Nullable JsonNode expected) {
        if (expected == null || !expected.isArray()) {
            String text = scalar(expected);
            return text == null ? List.of() : List.of(text);
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode element : expected) {
            String text = scalar(element);
            if (text == null) {
                return List.of();
            }
            texts.add(text);
        }
        return texts;
    }

    /** What {@link #scalars} cannot read, as an error. */
    public static @Nullable String needsScalars(@Nullable JsonNode expected) {
        return scalars(expected).isEmpty() ? "needs a text or a list of texts in 'expected'" : null;
    }

    /** A key that must be one text: a string, number or boolean; null for anything else. */
    public static @Nullable String scalar(@Nullable JsonNode expected) {
        return expected != null && expected.isValueNode() && !expected.isNull() ? expected.asString() : null;
    }

    /** What {@link #requireScalar} cannot read, as an error. */
    public static @Nullable String needsScalar(@Nullable JsonNode expected) {
        return scalar(expected) == null ? "needs a text in 'expected'" : null;
    }

    /** The key's one text; an item without one should never have got here. */
    public static String requireScalar(@Nullable JsonNode expected) {
        String text = scalar(expected);
        if (text == null) {
            throw new IllegalArgumentException("the item has no text in 'expected'");
        }
        return text;
    }
}
