package dev.pareto.engine.text;

/** The regular expressions of pre-tokenizers, as the models' own {@code tokenizer.json} gives them. */
final class WordPatterns {

    /** White space as Unicode defines it; Java's {@code \\s} is ASCII. */
    static final String SPACE = "\\p{IsWhite_Space}";
    private static final String NOT_SPACE = "\\P{IsWhite_Space}";
    private static final String CONTRACTIONS = "'(?:[sStTmMdD]|[rR][eE]|[vV][eE]|[lL][lL])";
    private static final String SPACES = SPACE + "*[\\r\\n]+|" + SPACE + "+(?!" + NOT_SPACE + ")|" + SPACE + "+";

    /** Bloom and the Finnish models: what lies between white space and sentence marks. */
    static final String BLOOM = " ?[^(" + SPACE + "|.,!?\u2026\u3002\uFF0C\u3001\u0964\u06D4\u060C)]+";

    static final String HAN_AND_KANA = "[\u4E00-\u9FA5\u3040-\u309F\u30A0-\u30FF]+";

    static final String DEEPSEEK_V3 = "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+"
            + "|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\\r\\n]*|" + SPACES;

    static final String BAILING = CONTRACTIONS + "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^" + SPACE
            + "\\p{L}\\p{N}]+[\\r\\n]*|" + SPACE + "*[\\r\\n]|" + SPACE + "+(?!" + NOT_SPACE + ")|" + SPACE + "+";

    static final String SEED_CODER = CONTRACTIONS + "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^" + SPACE
            + "\\p{L}\\p{N}\\r\\n]+|" + SPACES;

    /** Youtu: scripts of East Asia apart, and the marks that go with them. */
    static final String CJK_AND_MARKS = "[\uAC00-\uD7A3\u3131-\u318E]+"
            + "|[\uFF01\u2026\u201C\u201D\u2018\u2019\u2014\uFF1A\uFF1B\uFF0C\u3001-\u303F\uFE30-\uFE4F]+"
            + "|[\u3105-\u312F]+|[\u4E00-\u9FA5\u3040-\u309F\u30A0-\u30FF]+";

    /** Kimi K2: as {@link #gpt4o}, but Chinese characters are words of their own. */
    static final String KIMI_K2 = "\\p{IsHan}+|" + wordsOfCase("[[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]&&\\P{IsHan}]",
            "[[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]&&\\P{IsHan}]", "(?:" + CONTRACTIONS + ")?") + "|\\p{N}{1,3}| ?[^" + SPACE
            + "\\p{L}\\p{N}]+[\\r\\n]*|" + SPACES;

    static final String HAN_AND_HANGUL = "[\\u4E00-\\u9FA5\\u0800-\\u4E00\\uAC00-\\uD7FF]+";

    /** The letters of scripts with case, as DeepSeek's tokenizer.json lists them. */
    static final String CASED_LETTERS = "[A-Za-z\\xB5\\xC0-\\xD6\\xD8-\\xF6\\xF8-\\u01BA\\u01BC-\\u01BF\\u01C4-\\u0293"
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

    private WordPatterns() {}

    /** The pattern that came with tiktoken's o200k: words also end where a small letter meets a capital. */
    static String gpt4o(String digits, boolean contractions) {
        return wordsOfCase("[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]", "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]",
                contractions ? "(?:" + CONTRACTIONS + ")?" : "") + "|" + digits + "| ?[^" + SPACE
                + "\\p{L}\\p{N}]+[\\r\\n/]*|" + SPACES;
    }

    private static String wordsOfCase(String upper, String lower, String suffix) {
        var lead = "[^\\r\\n\\p{L}\\p{N}]?";
        return lead + upper + "*" + lower + "+" + suffix + "|" + lead + upper + "+" + lower + "*" + suffix;
    }
}
