package dev.pareto.engine.grammar;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import dev.pareto.engine.text.Tokenizer;

/**
 * The tokens of a vocabulary by their bytes, as a trie in preorder: a node's children follow it, and {@link #end} skips
 * them. Control tokens, and those without bytes, are left out. Immutable, safe to share.
 */
final class TokenTrie {

    /** Longer tokens are never allowed; the longest of known vocabularies are runs of 256 spaces. */
    static final int MAX_BYTES = 512;

    private final int vocabulary;
    private final byte[] labels;
    private final short[] depths;
    private final int[] ends;
    /** The token that ends at each node, or -1. */
    private final int[] tokens;
    /** For each token the next one of the same bytes, or -1. */
    private final int[] twins;
    private final int[] endTokens;
    private final int longest;

    TokenTrie(Tokenizer tokenizer) {
        vocabulary = tokenizer.vocabularySize();
        var bytes = new byte[vocabulary][];
        var order = new ArrayList<Integer>();
        var finals = new ArrayList<Integer>();
        for (int token = 0; token < vocabulary; token++) {
            bytes[token] = tokenizer.bytes(token);
            if (tokenizer.isEndOfGeneration(token)) {
                finals.add(token);
            } else if (isText(bytes[token]) && !tokenizer.isControl(token)) {
                order.add(token);
            }
        }
        endTokens = finals.stream().mapToInt(Integer::intValue).toArray();
        order.sort((a, b) -> Arrays.compareUnsigned(bytes[a], bytes[b]));
        twins = new int[vocabulary];
        Arrays.fill(twins, -1);
        int nodes = 0;
        byte[] previous = new byte[0];
        int most = 0;
        for (int token : order) {
            nodes += bytes[token].length - common(previous, bytes[token]);
            previous = bytes[token];
            most = Math.max(most, previous.length);
        }
        longest = most;
        labels = new byte[nodes];
        depths = new short[nodes];
        ends = new int[nodes];
        tokens = new int[nodes];
        Arrays.fill(tokens, -1);
        build(order, bytes);
    }

    private void build(List<Integer> order, byte[][] bytes) {
        var path = new int[longest + 1];
        int depth = 0;
        int next = 0;
        byte[] previous = new byte[0];
        for (int token : order) {
            byte[] text = bytes[token];
            int shared = common(previous, text);
            while (depth > shared) {
                ends[path[--depth]] = next;
            }
            while (depth < text.length) {
                labels[next] = text[depth];
                depths[next] = (short) (depth + 1);
                path[depth++] = next++;
            }
            int node = path[depth - 1];
            twins[token] = tokens[node];
            tokens[node] = token;
            previous = text;
        }
        while (depth > 0) {
            ends[path[--depth]] = next;
        }
    }

    /** Bytes that UTF-8 does not have stand for control tokens. */
    private static boolean isText(byte[] bytes) {
        boolean text = bytes.length > 0 && bytes.length <= MAX_BYTES;
        for (int i = 0; text && i < bytes.length; i++) {
            text = (bytes[i] & 0xFF) < Nfa.MARKER_ENDS;
        }
        return text;
    }

    private static int common(byte[] a, byte[] b) {
        int mismatch = Arrays.mismatch(a, b);
        return mismatch < 0 ? a.length : mismatch;
    }

    int vocabulary() {
        return vocabulary;
    }

    /** How many nodes there are; they are numbered from 0. */
    int size() {
        return labels.length;
    }

    int label(int node) {
        return labels[node] & 0xFF;
    }

    /** How many bytes lead to a node, its own included. */
    int depth(int node) {
        return depths[node];
    }

    /** The first node behind those below this one. */
    int end(int node) {
        return ends[node];
    }

    boolean hasToken(int node) {
        return tokens[node] >= 0;
    }

    /** Sets the bits of the tokens that end at a node. */
    void mark(int node, long[] bits) {
        for (int token = tokens[node]; token >= 0; token = twins[token]) {
            bits[token >> 6] |= 1L << token;
        }
    }

    /** The tokens that end an answer. */
    int[] endTokens() {
        return endTokens;
    }

    /** The bytes of the longest token. */
    int longest() {
        return longest;
    }
}
