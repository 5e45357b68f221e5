package dev.pareto.engine.bench;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import dev.pareto.engine.gguf.GgufWriter;

/**
 * A byte-level BPE vocabulary that nobody trained, in the form of Llama 3's: every byte, then letters put together in all
 * orders, the frequent ones first, then control tokens. Any text can be written in it, and llama.cpp loads it.
 */
final class MadeUpVocabulary {

    private static final String LETTERS = "etaoinsrhldcumfpgwybvkxjqz";
    /** A space as byte-level vocabularies write it. */
    private static final String SPACE = "\u0120";
    private static final List<String> CONTROLS = List.of("<|begin_of_text|>", "<|end_of_text|>", "<|start_header_id|>",
            "<|end_header_id|>", "<|eot_id|>");
    /** As many as Llama 3 has, where the vocabulary is large enough for them to be few. */
    private static final int MANY_CONTROLS = 256;
    private static final int NORMAL = 1;
    private static final int CONTROL = 3;

    private final List<String> tokens = new ArrayList<>();
    private final List<String> merges = new ArrayList<>();
    private final int firstControl;

    /** @param size at least 261: the bytes and five control tokens */
    MadeUpVocabulary(int size) {
        int controls = size >= 16 * MANY_CONTROLS ? MANY_CONTROLS : CONTROLS.size();
        firstControl = size - controls;
        if (firstControl < 256) {
            throw new IllegalArgumentException("a vocabulary of " + size + "; at least " + (256 + CONTROLS.size())
                    + " are needed for bytes and control tokens");
        }
        addBytes();
        addWords();
        tokens.addAll(CONTROLS);
        for (int i = 0; tokens.size() < size; i++) {
            tokens.add("<|reserved_special_token_" + i + "|>");
        }
    }

    /** Printable bytes stand for themselves and come first, the others from U+0100 on, as GPT-2 has it. */
    private void addBytes() {
        var others = new ArrayList<String>();
        for (int b = 0; b < 256; b++) {
            boolean printable = (b >= '!' && b <= '~') || (b >= 0xA1 && b != 0xAD);
            if (printable) {
                tokens.add(Character.toString(b));
            } else {
                others.add(Character.toString(256 + others.size()));
            }
        }
        tokens.addAll(others);
    }

    /** Each token is an older one and a letter, so no two are alike and each is reached by one merge. */
    private void addWords() {
        var beginnings = new ArrayDeque<String>();
        beginnings.add(SPACE);
        LETTERS.chars().mapToObj(Character::toString).forEach(beginnings::add);
        while (tokens.size() < firstControl) {
            var beginning = beginnings.remove();
            for (int i = 0; i < LETTERS.length() && tokens.size() < firstControl; i++) {
                var letter = LETTERS.substring(i, i + 1);
                merges.add(beginning + " " + letter);
                tokens.add(beginning + letter);
                beginnings.add(beginning + letter);
            }
        }
    }

    /** Keys that {@link #write} adds. */
    static int keys() {
        return 8;
    }

    void write(GgufWriter header) {
        var kinds = new int[tokens.size()];
        Arrays.fill(kinds, NORMAL);
        Arrays.fill(kinds, firstControl, kinds.length, CONTROL);
        header.key("tokenizer.ggml.model", "gpt2")
                .key("tokenizer.ggml.pre", "llama-bpe")
                .strings("tokenizer.ggml.tokens", tokens)
                .int32s("tokenizer.ggml.token_type", kinds)
                .strings("tokenizer.ggml.merges", merges)
                .uint32("tokenizer.ggml.bos_token_id", firstControl)
                .uint32("tokenizer.ggml.eos_token_id", firstControl + CONTROLS.indexOf("<|eot_id|>"))
                .bool("tokenizer.ggml.add_bos_token", true);
    }
}
