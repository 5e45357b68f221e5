package dev.pareto.engine.text;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.gguf.Metadata;

/** The tokens of a model with their kinds and roles, read from the {@code tokenizer.ggml.*} keys. */
final class Vocabulary {

    /** Roles that a file may give, under {@code tokenizer.ggml.NAME_token_id}. */
    private static final List<String> ROLES = List.of("bos", "eos", "eot", "eom", "unknown", "seperator", "padding",
            "mask", "fim_pre", "fim_suf", "fim_mid", "fim_pad", "fim_rep", "fim_sep");

    /** Names that mean the end of generation in any model; files often forget to say so, or to mark them as control. */
    private static final Set<String> ENDS = Set.of("<|eot_id|>", "<|im_end|>", "<|end|>", "<|return|>", "<|call|>",
            "<|flush|>", "<|calls|>", "<end_of_turn>", "<|endoftext|>", "</s>", "<|eom_id|>", "<EOT>", "_<EOT>",
            "[EOT]", "[EOS]", "<|end_of_text|>", "<end_of_utterance>", "<eos>", "<turn|>", "<|tool_response>",
            "<｜end▁of▁sentence｜>", "[e~[");

    /** The special tokens of Phi-3 after which white space stays. */
    private static final Set<String> KEEP_SPACE = Set.of("<unk>", "<s>", "<|endoftext|>");

    /** Names of fill-in-the-middle roles that end generation, besides the role that the file gives. */
    private static final Map<String, String> INFILL = infillNames();

    /** The longest of known models are runs of 256 spaces; what encoding costs grows with it. */
    private static final int MOST_NAME_CHARACTERS = 4096;

    private final List<String> names;
    private final Map<String, Integer> ids;
    private final float[] scores;
    private final TokenKind[] kinds;
    private final Map<String, Integer> roles;
    private final BitSet ends = new BitSet();
    private final boolean addBegin;
    private final boolean addEnd;
    private final boolean addSeparator;
    private final boolean addSpacePrefix;
    private final boolean stripsAfterSpecial;

    /**
     * What a file that does not say means, by the kind of its tokenizer.
     *
     * @param begins whether texts begin with the begin token, whatever the file says
     * @param separates whether texts end with the separator and nothing else, whatever the file says
     */
    record Defaults(Map<String, Integer> roles, boolean addBegin, boolean addEnd, boolean addSpacePrefix,
            boolean begins, boolean separates) {

        static final Defaults SENTENCE_PIECE = new Defaults(Map.of("bos", 1, "eos", 2, "unknown", 0), true, false,
                true, false, false);

        static final Defaults UNIGRAM = new Defaults(Map.of("eos", 1, "unknown", 2, "padding", 0), false, true, false,
                false, false);

        static final Defaults WORD_PIECE = new Defaults(
                Map.of("bos", 101, "unknown", 100, "seperator", 102, "padding", 0, "mask", 103), true, false, false,
                true, true);

        /** Gemma 4: files name every role, and say wrongly that texts have no begin token. */
        static final Defaults CHARACTER_PAIRS = new Defaults(Map.of(), true, false, false, true, false);

        static Defaults byteLevel(boolean addBegin) {
            return new Defaults(Map.of("bos", 11, "eos", 11), addBegin, false, false, false, false);
        }
    }

    Vocabulary(Metadata metadata, Defaults defaults) {
        names = readNames(metadata);
        ids = HashMap.newHashMap(names.size());
        for (int id = 0; id < names.size(); id++) {
            ids.putIfAbsent(names.get(id), id);
        }
        kinds = readKinds(metadata, names.size());
        scores = readScores(metadata, names.size());
        roles = readRoles(metadata, defaults);
        addBegin = metadata.findBool("tokenizer.ggml.add_bos_token", defaults.addBegin()) || defaults.begins();
        addEnd = metadata.findBool("tokenizer.ggml.add_eos_token", defaults.addEnd()) && !defaults.separates();
        addSeparator = defaults.separates();
        addSpacePrefix = metadata.findBool("tokenizer.ggml.add_space_prefix", defaults.addSpacePrefix());
        if (addBegin && role("bos") == null) {
            throw metadata.refuse("tokenizer.ggml.bos_token_id", "is needed: the model begins every text with it");
        }
        if (addEnd && role("eos") == null) {
            throw metadata.refuse("tokenizer.ggml.eos_token_id", "is needed: the model ends every text with it");
        }
        if (addSeparator && role("seperator") == null) {
            throw metadata.refuse("tokenizer.ggml.seperator_token_id", "is needed: the model ends every text with it");
        }
        markControlByName();
        var modelName = metadata.findString("general.name");
        var lower = modelName == null ? "" : modelName.toLowerCase(Locale.ROOT);
        stripsAfterSpecial = lower.contains("phi-3") || lower.contains("phi3");
    }

    private static List<String> readNames(Metadata metadata) {
        var packed = metadata.requireStrings("tokenizer.ggml.tokens");
        if (packed.isEmpty()) {
            throw metadata.refuse("tokenizer.ggml.tokens", "is empty");
        }
        var names = new ArrayList<String>(packed.size());
        for (int id = 0; id < packed.size(); id++) {
            var name = packed.get(id);
            if (name.length() > MOST_NAME_CHARACTERS) {
                throw metadata.refuse("tokenizer.ggml.tokens", "has a token of " + name.length()
                        + " characters at " + id + "; at most " + MOST_NAME_CHARACTERS + " are read");
            }
            names.add(name.isEmpty() ? "[EMPTY_" + id + "]" : name);
        }
        return names;
    }

    private static TokenKind[] readKinds(Metadata metadata, int size) {
        int[] numbers = metadata.findInts("tokenizer.ggml.token_type");
        if (numbers != null && numbers.length < size) {
            throw metadata.refuse("tokenizer.ggml.token_type", "is shorter than the list of " + size + " tokens");
        }
        var kinds = new TokenKind[size];
        for (int id = 0; id < size; id++) {
            kinds[id] = numbers == null ? TokenKind.NORMAL : TokenKind.of(numbers[id]);
        }
        return kinds;
    }

    private static float[] readScores(Metadata metadata, int size) {
        float[] scores = metadata.findFloats("tokenizer.ggml.scores");
        if (scores != null && scores.length < size) {
            throw metadata.refuse("tokenizer.ggml.scores", "is shorter than the list of " + size + " tokens");
        }
        return scores == null ? new float[size] : scores;
    }

    private Map<String, Integer> readRoles(Metadata metadata, Defaults defaults) {
        var found = new LinkedHashMap<String, Integer>();
        for (var role : ROLES) {
            int otherwise = defaults.roles().getOrDefault(role, -1);
            long given = metadata.findLong("tokenizer.ggml." + role + "_token_id", otherwise);
            // An id outside the vocabulary is a known mistake of converters: fall back as llama.cpp does.
            int id = given >= 0 && given < names.size() ? (int) given : otherwise;
            if (id >= 0 && id < names.size()) {
                found.put(role, id);
            }
        }
        return found;
    }

    /** Tokens whose names say that they end generation do so and are control tokens, whatever the file says. */
    private void markControlByName() {
        INFILL.forEach((name, role) -> {
            var id = ids.get(name);
            if (id != null && roles.getOrDefault(role, id).equals(id)) {
                kinds[id] = TokenKind.CONTROL;
                roles.put(role, id);
            }
        });
        for (var role : List.of("fim_pad", "fim_rep", "fim_sep", "eos", "eot", "eom")) {
            var id = roles.get(role);
            if (id != null) {
                ends.set(id);
            }
        }
        for (var name : ENDS) {
            var id = ids.get(name);
            if (id != null) {
                ends.set(id);
                kinds[id] = TokenKind.CONTROL;
                if (!roles.containsKey("eom") && name.equals("<|eom_id|>")) {
                    roles.put("eom", id);
                }
            }
        }
        var message = ids.get("<|end|>");
        if (message != null && ids.containsKey("<|return|>") && ids.containsKey("<|call|>")) {
            ends.clear(message); // harmony: it ends one message of an answer, such as the reasoning, as in llama.cpp
        }
        var tag = ids.get("</s>");
        if (tag != null && ids.containsKey("<|tool_response>")) {
            ends.clear(tag); // Gemma 4: the mark-up of a text struck out
            kinds[tag] = TokenKind.NORMAL;
        }
        if (!roles.containsKey("eot")) {
            for (var name : List.of("<|eot_id|>", "<|im_end|>", "<|end|>", "<end_of_turn>", "<|endoftext|>",
                    "<|end_of_text|>", "<EOT>", "_<EOT>", "[EOT]", "<｜end▁of▁sentence｜>", "<end_of_utterance>")) {
                var id = ids.get(name);
                if (id != null) {
                    roles.put("eot", id);
                    break;
                }
            }
        }
    }

    private static Map<String, String> infillNames() {
        var names = new LinkedHashMap<String, String>();
        List.of("<|fim_prefix|>", "<fim-prefix>", "<fim_prefix>", "<｜fim▁begin｜>", "<PRE>", "▁<PRE>")
                .forEach(name -> names.put(name, "fim_pre"));
        List.of("<|fim_suffix|>", "<fim-suffix>", "<fim_suffix>", "<｜fim▁hole｜>", "<SUF>", "▁<SUF>")
                .forEach(name -> names.put(name, "fim_suf"));
        List.of("<|fim_middle|>", "<fim-middle>", "<fim_middle>", "<｜fim▁end｜>", "<MID>", "▁<MID>")
                .forEach(name -> names.put(name, "fim_mid"));
        List.of("<|fim_pad|>", "<fim-pad>", "<fim_pad>", "<PAD>", "[PAD]").forEach(name -> names.put(name, "fim_pad"));
        List.of("<|fim_repo|>", "<|repo_name|>", "<fim-repo>", "<REPO>", "<reponame>")
                .forEach(name -> names.put(name, "fim_rep"));
        names.put("<|file_sep|>", "fim_sep");
        return Collections.unmodifiableMap(names);
    }

    int size() {
        return names.size();
    }

    String name(int token) {
        return names.get(token);
    }

    @Nullable
    Integer id(String name) {
        return ids.get(name);
    }

    /** The id of a token that plain text may become, or -1. */
    int textId(String name) {
        var id = ids.get(name);
        return id != null && kinds[id].isText() ? id : -1;
    }

    TokenKind kind(int token) {
        return kinds[token];
    }

    float score(int token) {
        return scores[token];
    }

    @Nullable
    Integer role(String role) {
        return roles.get(role);
    }

    Map<String, Integer> roles() {
        return Collections.unmodifiableMap(roles);
    }

    boolean ends(int token) {
        return ends.get(token);
    }

    boolean addBegin() {
        return addBegin;
    }

    boolean addEnd() {
        return addEnd;
    }

    /** Whether texts end with the separator, as those of BERT do. */
    boolean addSeparator() {
        return addSeparator;
    }

    boolean addSpacePrefix() {
        return addSpacePrefix;
    }

    /** Whether a special token swallows the white space after it: most of Phi-3's do. */
    boolean swallowsSpace(int special) {
        return stripsAfterSpecial && !KEEP_SPACE.contains(names.get(special));
    }
}
