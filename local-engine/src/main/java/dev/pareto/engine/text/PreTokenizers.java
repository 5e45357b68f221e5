package dev.pareto.engine.text;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/**
 * The pre-tokenizers by their names in {@code tokenizer.ggml.pre}. Where llama.cpp only approximates the pattern of a
 * model (the letters of gpt-4o and tekken beyond ASCII, the case of those of Kimi K2 and Youtu), the pattern is the
 * model's own: its weights know no other.
 *
 * @param words how text is cut into words
 * @param wholeWordsFirst whether a word that is a token is taken as it is, before any merging
 * @param addsBegin whether a file that does not say begins texts with the begin token
 */
record PreTokenizers(PreTokenizer words, boolean wholeWordsFirst, boolean addsBegin) {

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
        put(known, steps(gpt2), "gpt-2", "phi-2", "mpt", "olmo", "jais", "exaone4", "jina-es", "jina-de", "jina-v1-en",
                "jina-v2-es", "jina-v2-de", "jina-v2-code", "roberta-bpe", "modern-bert", "gigachat", "a.x-4.0",
                "mellum",
                "trillion", "granite-docling");
        put(known, new PreTokenizers(WordScanner.cl100k(3, false), true, true), "llama-bpe", "llama3", "llama-v3",
                "falcon3", "falcon-h1", "pixtral", "midm-2.0", "lfm2", "jina-v5-nano");
        put(known, steps(WordScanner.cl100k(3, false)), "dbrx", "smaug-bpe", "chatglm-bpe", "glm4");
        put(known, steps(WordScanner.cl100k(1, false)), "qwen2", "stablelm2", "megrez", "deepseek-r1-qwen", "kormo",
                "f2llmv2", "hunyuan", "solar-open", "grok-2");
        put(known, steps(WordScanner.cl100k(1, true)), "qwen35");
        put(known, steps(PreTokenizer.matching(WordPatterns.KIMI_K2)), "kimi-k2");
        put(known, new PreTokenizers(PreTokenizer.sequence(
                List.of(PreTokenizer.matching("\\p{N}{1,3}"), WordScanner.cl100k(3, false))), true, false), "minicpm5");
        put(known, new PreTokenizers(PreTokenizer.sequence(List.of(PreTokenizer.matching(WordPatterns.CJK_AND_MARKS),
                PreTokenizer.matching(WordPatterns.gpt4o("\\p{N}", true)))), true, false), "youtu");
        put(known, steps(PreTokenizer.matching(WordPatterns.gpt4o("\\p{N}{1,3}", true))), "gpt-4o", "llama4", "kanana2",
                "talkie", "minimax-m2");
        put(known, new PreTokenizers(PreTokenizer.matching(WordPatterns.gpt4o("\\p{N}", false)), true, true), "tekken");
        put(known, steps(PreTokenizer.matching("\\p{N}"), gpt2), "starcoder", "refact", "command-r", "smollm",
                "codeshell", "exaone", "minerva-7b", "mellum2");
        put(known, steps(PreTokenizer.matching(WordPatterns.BLOOM)), "bloom", "poro-chat", "gpt3-finnish");
        put(known, steps(PreTokenizer.matching(WordPatterns.BLOOM), PreTokenizer.matching("\\p{N}")), "viking");
        put(known, steps(PreTokenizer.matching("\\p{N}{1,3}"), PreTokenizer.matching(WordPatterns.HAN_AND_KANA),
                PreTokenizer.matching(WordPatterns.DEEPSEEK_V3)), "deepseek-v3", "hunyuan-dense", "joyai-llm",
                "hy_v4");
        put(known, steps(PreTokenizer.matching(WordPatterns.BAILING)), "bailingmoe", "bailingmoe2", "llada-moe");
        put(known, steps(PreTokenizer.matching(WordPatterns.SEED_CODER)), "seed-coder");
        put(known, steps(PreTokenizer.matching("[\\p{P}$+<=>^~|`]+"), gpt2, PreTokenizer.matching("[0-9]{3}")),
                "falcon");
        put(known, steps(PreTokenizer.matching("[\\p{P}$+<=>^~|]+"), gpt2, PreTokenizer.matching("\\p{N}+"),
                PreTokenizer.matching("[0-9]{3}")), UNNAMED);
        put(known, steps(PreTokenizer.matching("[\r\n]"), PreTokenizer.matching(WordPatterns.SPACE + "?\\p{L}+"),
                PreTokenizer.matching(WordPatterns.SPACE + "?\\p{P}+"),
                PreTokenizer.matching(WordPatterns.HAN_AND_HANGUL),
                PreTokenizer.matching("\\p{N}")), "deepseek-coder");
        put(known, steps(PreTokenizer.matching("[\r\n]"),
                PreTokenizer.matching(WordPatterns.SPACE + "?" + WordPatterns.CASED_LETTERS),
                PreTokenizer.matching(
                        WordPatterns.SPACE + "?[!-/:-~\\uFF01-\\uFF0F\\uFF1A-\\uFF5E\\u2018-\\u201F\\u3000-\\u3002]+"),
                WordScanner::spaceAtEnd,
                PreTokenizer.matching(WordPatterns.HAN_AND_HANGUL), PreTokenizer.matching("\\p{N}+")), "deepseek-llm");
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
}
