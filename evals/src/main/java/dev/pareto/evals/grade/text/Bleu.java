package dev.pareto.evals.grade.text;

import java.util.List;
import java.util.regex.Pattern;

/** Sentence BLEU as sacrebleu computes it by default: order 4, effective order, exponential smoothing. */
final class Bleu {

    private static final int ORDER = 4;
    private static final Pattern SYMBOL = Pattern.compile("([\\{-\\~\\[-\\` -\\&\\(-\\+\\:-\\@\\/])");
    private static final Pattern POINT_AFTER_NON_DIGIT = Pattern.compile("([^0-9])([\\.,])");
    private static final Pattern POINT_BEFORE_NON_DIGIT = Pattern.compile("([\\.,])([^0-9])");
    private static final Pattern DASH_AFTER_DIGIT = Pattern.compile("([0-9])(-)");
    private static final Pattern SPACES = Pattern.compile("\\s+");

    private Bleu() {}

    static double sentence(String answer, String key) {
        List<String> got = tokens(answer);
        List<String> wanted = tokens(key);
        if (got.isEmpty() || wanted.isEmpty()) {
            return 0;
        }
        double logs = 0;
        double smooth = 1;
        int order = 0;
        for (int n = 1; n <= ORDER && got.size() >= n; n++) {
            order = n;
            double total = got.size() - n + 1;
            double common = Ngrams.common(Ngrams.count(got, n), Ngrams.count(wanted, n));
            if (common == 0) {
                if (n == 1) {
                    return 0;
                }
                smooth *= 2;
                common = 1 / smooth;
            }
            logs += Math.log(common / total);
        }
        double brevity = got.size() < wanted.size() ? Math.exp(1 - (double) wanted.size() / got.size()) : 1;
        return Math.min(1, brevity * Math.exp(logs / order));
    }

    /** The mteval-v13a tokens. */
    private static List<String> tokens(String text) {
        String line = text.replace("<skipped>", "")
                .replace("-\n", "")
                .replace('\n', ' ')
                .replace("&quot;", "\"")
                .replace("&amp;", "&")
                .replace("&lt;", "<")
                .replace("&gt;", ">");
        line = SYMBOL.matcher(" " + line + " ").replaceAll(" $1 ");
        line = POINT_AFTER_NON_DIGIT.matcher(line).replaceAll("$1 $2 ");
        line = POINT_BEFORE_NON_DIGIT.matcher(line).replaceAll(" $1 $2");
        line = DASH_AFTER_DIGIT.matcher(line).replaceAll("$1 $2 ");
        return SPACES.splitAsStream(line.strip()).filter(token -> !token.isEmpty()).toList();
    }
}
