package dev.pareto.engine.grammar;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Texts that end at the first place where a given one stands: a rule for each length of its beginning that was just
 * read (the automaton of Knuth, Morris and Pratt).
 */
final class UpTo {

    private UpTo() {}

    static Map<String, Expression> rules(String end) {
        int[] text = end.codePoints().toArray();
        var rules = new LinkedHashMap<String, Expression>();
        for (int read = 0; read < text.length; read++) {
            rules.put(name(read), rule(text, read));
        }
        return rules;
    }

    private static String name(int read) {
        return read == 0 ? "root" : "read " + read;
    }

    private static Expression rule(int[] text, int read) {
        int[] known = IntStream.of(text).distinct().toArray();
        var options = new ArrayList<Expression>();
        for (int code : known) {
            int next = next(text, read, code);
            var one = Expression.characters(code, code);
            options.add(next == text.length ? one : Expression.sequence(one, new Expression.Reference(name(next))));
        }
        var others = CodePoints.of(IntStream.of(known).flatMap(code -> IntStream.of(code, code)).toArray()).not();
        options.add(Expression.sequence(new Expression.Characters(others), new Expression.Reference("root")));
        options.add(new Expression.Marker(new String(text, 0, text.length)));
        return Expression.choice(options);
    }

    /** How much of the text is read after one more character. */
    private static int next(int[] text, int read, int code) {
        for (int length = read + 1; length > 0; length--) {
            if (text[length - 1] == code && begins(text, length - 1, read)) {
                return length;
            }
        }
        return 0;
    }

    /** Whether the end of what was read is the beginning of the text, for so many characters. */
    private static boolean begins(int[] text, int length, int read) {
        for (int i = 0; i < length; i++) {
            if (text[i] != text[read - length + i]) {
                return false;
            }
        }
        return true;
    }
}
