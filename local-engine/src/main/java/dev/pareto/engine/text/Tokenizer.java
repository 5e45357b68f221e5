package dev.pareto.engine.text;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.gguf.GgufException;
import dev.pareto.engine.gguf.Metadata;

/**
 * Turns text into the tokens of one model and back. Ids are exactly those of llama.cpp for the same file, with two
 * intended differences: text that must not hold control tokens never becomes one, not even by merging; and where
 * llama.cpp approximates the words of gpt-4o and tekken beyond ASCII, and of Kimi K2 and Youtu, they are cut as the models
 * learnt it.
 *
 * <p>Tokenizers are immutable and safe to share between threads. Encoding costs O(n log n) in the length of the text
 * whatever the text is; the caller bounds the length. Unpaired surrogates are encoded as U+FFFD.
 */
public interface Tokenizer {

    /**
     * The tokenizer that a model file describes.
     *
     * @throws GgufException where the file names a tokenizer or pre-tokenizer that is not known here, or its vocabulary
     *         is incomplete
     */
    static Tokenizer of(Metadata metadata) {
        String model = metadata.requireString("tokenizer.ggml.model");
        return switch (model) {
            case "llama" -> {
                var vocabulary = new Vocabulary(metadata, Vocabulary.Defaults.SENTENCE_PIECE);
                yield new VocabularyTokenizer(vocabulary, new SentencePieceCodec(vocabulary));
            }
            case "gpt2" -> {
                var pre = metadata.findString("tokenizer.ggml.pre");
                var rules = PreTokenizers.find(pre);
                if (rules == null) {
                    throw metadata.refuse("tokenizer.ggml.pre", "names the unknown pre-tokenizer '" + pre
                            + "'; known are: " + PreTokenizers.names());
                }
                var vocabulary = new Vocabulary(metadata, Vocabulary.Defaults.byteLevel(rules.addsBegin()));
                yield new VocabularyTokenizer(vocabulary, new ByteLevelCodec(vocabulary, rules, metadata));
            }
            case "gemma4" -> {
                var vocabulary = new Vocabulary(metadata, Vocabulary.Defaults.CHARACTER_PAIRS);
                yield new VocabularyTokenizer(vocabulary, new CharacterPairCodec(vocabulary, metadata));
            }
            case "t5" -> {
                var vocabulary = new Vocabulary(metadata, Vocabulary.Defaults.UNIGRAM);
                yield new VocabularyTokenizer(vocabulary, new UnigramCodec(vocabulary, metadata));
            }
            case "bert" -> {
                var vocabulary = new Vocabulary(metadata, Vocabulary.Defaults.WORD_PIECE);
                yield new VocabularyTokenizer(vocabulary, new WordPieceCodec(vocabulary, metadata));
            }
            default -> throw metadata.refuse("tokenizer.ggml.model",
                    "names the unknown tokenizer '" + model + "'; known are: bert, gemma4, gpt2, llama, t5");
        };
    }

    /**
     * The tokens of a text, without begin and end tokens.
     *
     * @param parseSpecial whether names of control tokens in the text become these tokens; false for text of strangers
     */
    default int[] encode(String text, boolean parseSpecial) {
        return encode(List.of(new Segment(text, parseSpecial)), false);
    }

    /**
     * The tokens of a text made of trusted and foreign parts. The parts are tokenized as one text, so borders between
     * them change nothing; only the names of control tokens count in trusted text alone: a name that lies in foreign
     * text, or partly so, stays plain text.
     *
     * @param addSpecial whether to add the begin and end tokens that the model's flags ask for
     */
    int[] encode(List<Segment> segments, boolean addSpecial);

    /** The bytes that a token stands for; none for control tokens. The array is fresh. */
    byte[] bytes(int token);

    /** The token as the vocabulary writes it, to show to people. */
    String name(int token);

    /** The token with this name in the vocabulary, or null. */
    @Nullable
    Integer find(String name);

    /**
     * The text of whole output: the inverse of {@link #encode(String, boolean)}. A space that encoding put in front is
     * taken off, control tokens are left out and invalid UTF-8 becomes U+FFFD. Unlike llama.cpp nothing is cleaned up:
     * "word ." stays "word .", so text comes back as it went in.
     */
    default String decode(int[] tokens) {
        return new String(decodeBytes(tokens), StandardCharsets.UTF_8);
    }

    /** As {@link #decode(int[])}, before the bytes are taken as UTF-8. */
    byte[] decodeBytes(int[] tokens);

    /** How many tokens there are; ids run from 0 to one less. */
    int vocabularySize();

    /** The token that begins every text, or null. */
    @Nullable
    Integer beginOfText();

    /** The token that ends every text, or null. */
    @Nullable
    Integer endOfText();

    /** Whether the model's flags ask for {@link #beginOfText()} in front. */
    boolean addsBeginOfText();

    /** Whether the model's flags ask for {@link #endOfText()} at the end. */
    boolean addsEndOfText();

    /** Whether generation ends with this token (end of text, of turn, of message, and their kin). */
    boolean isEndOfGeneration(int token);

    /** Whether the token has a meaning but no text. */
    boolean isControl(int token);

    /** Every special role that the file gives, by its name in the metadata ("bos", "eos", "eot", "unknown" ...). */
    Map<String, Integer> specialTokens();
}
