package dev.pareto.engine.text;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/**
 * The pre-tokenizers by their names in {@code tokenizer.ggml.pre}. A further one is a further entry, once its test
 * vectors pass.
 *
 * @param words how text is cut into words
 * @param wholeWordsFirst whether a word that is a token is taken as it is, before any merging
 * @param addsBegin whether a file that does not say begins texts with the begin token
 */
record PreTokenizers(PreTokenizer words, boolean wholeWordsFirst, boolean addsBegin) {

    /** White space as Unicode defines it; Java's {@code \s} is ASCII. */
    private static final String SPACE = "\\p{IsWhite_Space}";

    /** The name that a file without {@code tokenizer.ggml.pre} stands for. */
    private static final String UNNAMED = "default";

    private static final Map<String, PreTokenizers> KNOWN = known();

    /** The entry of a name, the one of unnamed files for null, or null where the name is not known. */
    static @Nullable PreTokenizers find(@Nullable String name) {
        return KNOWN.get(name == null ? UNNAMED : name);
    }

    /** The known names in order, for messages. */
    static String names() {
        return String.join(", ", KNOWN.keySet());
    }

    private static Map<String, PreTokenizers> known() {
        var known = new TreeMap<String, PreTokenizers>();
        PreTokenizer gpt2 = WordScanner::gpt2;
        put(known, new PreTokenizers(gpt2, false, false), "gpt-2", "phi-2", "mpt", "olmo", "jais", "exaone4");
        put(known, new PreTokenizers(WordScanner.cl100k(3, false), true, true), "llama-bpe", "llama3", "llama-v3",
                "falcon3");
        put(known, new PreTokenizers(WordScanner.cl100k(3, false), false, false), "dbrx", "smaug-bpe");
        put(known, new PreTokenizers(WordScanner.cl100k(1, false), false, false), "qwen2", "stablelm2", "megrez",
                "deepseek-r1-qwen");
        put(known, steps(PreTokenizer.matching("[\\p{P}$+<=>^~|`]+"), gpt2, PreTokenizer.matching("[0-9]{3}")),
                "falcon");
        put(known, steps(PreTokenizer.matching("[\\p{P}$+<=>^~|]+"), gpt2, PreTokenizer.matching("\\p{N}+"),
                PreTokenizer.matching("[0-9]{3}")), UNNAMED);
        put(known, steps(PreTokenizer.matching("[\r\n]"), PreTokenizer.matching(SPACE + "?\\p{L}+"),
                PreTokenizer.matching(SPACE + "?\\p{P}+"), PreTokenizer.matching(HAN_AND_HANGUL),
                PreTokenizer.matching("\\p{N}")), "deepseek-coder");
        put(known, steps(PreTokenizer.matching("[\r\n]"), PreTokenizer.matching(SPACE + "?" + CASED_LETTERS),
                PreTokenizer.matching(SPACE + "?[!-/:-~\\uFF01-\\uFF0F\\uFF1A-\\uFF5E\\u2018-\\u201F\\u3000-\\u3002]+"),
                PreTokenizer.matching(SPACE + "+\\z"),
                PreTokenizer.matching(HAN_AND_HANGUL), PreTokenizer.matching("\\p{N}+")), "deepseek-llm");
        return known;
    }

    private static PreTokenizers steps(PreTokenizer... steps) {
        return new PreTokenizers(PreTokenizer.sequence(List.of(steps)), false, false);
    }

    private static void put(Map<String, PreTokenizers> known, PreTokenizers entry, String... names) {
        for (var name : names) {
            known.put(name, entry);
        }
    }

    private static final String HAN_AND_HANGUL = "[\\u4E00-\\u9FA5\\u0800-\\u4E00\\uAC00-\\uD7FF]+";

    /** The letters of scripts with case, as DeepSeek's tokenizer.json lists them. */
    private static final String CASED_LETTERS = "[A-Za-z\\xB5\\xC0-\\xD6\\xD8-\\xF6\\xF8-\\u01BA\\u01BC-\\u01BF\\u01C4-\\u0293"
            + "\\u0295-\\u02AF\\u0370-\\u0373\\u0376\\u0377\\u037B-\\u037D\\u037F\\u0386\\u0388-\\u038A\\u038C\\u038E-\\u03A1"
            + "\\u03A3-\\u03F5\\u03F7-\\u0481\\u048A-\\u052F\\u0531-\\u0556\\u10A0-\\u10C5\\u13A0-\\u13F5\\u13F8-\\u13FD"
            + "\\u1C90-\\u1CBA\\u1CBD-\\u1CBF\\u1D00-\\u1D2B\\u1D6B-\\u1D77\\u1D79-\\u1D9A\\u1E00-\\u1F15\\u1F18-\\u1F1D"
            + "\\u1F20-\\u1F45\\u1F48-\\u1F4D\\u1F50-\\u1F57\\u1F59\\u1F5B\\u1F5D\\u1F5F-\\u1F7D\\u1F80-\\u1FB4\\u1FB6-\\u1FBC"
            + "\\u1FBE\\u1FC2-\\u1FC4\\u1FC6-\\u1FCC\\u1FD0-\\u1FD3\\u1FD6-\\u1FDB\\u1FE0-\\u1FEC\\u1FF2-\\u1FF4\\u1FF6-\\u1FFC"
            + "\\u2102\\u2107\\u210A-\\u2113\\u2115\\u2119-\\u211D\\u2124\\u2126\\u2128\\u212A-\\u212D\\u212F-\\u2134\\u2139"
            + "\\u213C-\\u213F\\u2145-\\u2149\\u214E\\u2183\\u2184\\u2C00-\\u2C7B\\u2C7E-\\u2CE4\\u2CEB-\\u2CEE\\u2CF2\\u2CF3"
            + "\\uA640-\\uA66D\\uA680-\\uA69B\\uA722-\\uA76F\\uA771-\\uA787\\uA78B-\\uA78E\\uAB70-\\uABBF\\uFB00-\\uFB06"
            + "\\uFB13-\\uFB17\\uFF21-\\uFF3A\\uFF41-\\uFF5A\\x{10400}-\\x{1044F}\\x{104B0}-\\x{104D3}\\x{104D8}-\\x{104FB}"
            + "\\x{10C80}-\\x{10CB2}\\x{10CC0}-\\x{10CF2}\\x{118A0}-\\x{118DF}\\x{1E900}-\\x{1E943}]+";
}
