package dev.pareto.engine.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;

/**
 * Finds the names of special tokens in text before anything else is done with it. Longer names win over shorter ones
 * wherever they lie, then those further left, as in llama.cpp. Names of control tokens count only where no character of
 * them is foreign; user-defined tokens count everywhere.
 */
final class SpecialTokens {

    private final String[] names;
    private final int[] tokens;
    private final boolean[] control;
    private final BitSet firsts = new BitSet();
    private final int longest;

    /** A piece of text, or a special token where {@code token} is not negative. */
    record Piece(int from, int to, int token) {}

    SpecialTokens(Vocabulary vocabulary) {
        var found = new ArrayList<Integer>();
        for (int token = 0; token < vocabulary.size(); token++) {
            var kind = vocabulary.kind(token);
            if (kind.isControl() || kind == TokenKind.USER_DEFINED) {
                found.add(token);
            }
        }
        found.sort(Comparator.comparing(vocabulary::name));
        names = new String[found.size()];
        tokens = new int[found.size()];
        control = new boolean[found.size()];
        int most = 0;
        for (int i = 0; i < names.length; i++) {
            tokens[i] = found.get(i);
            names[i] = vocabulary.name(tokens[i]);
            control[i] = vocabulary.kind(tokens[i]).isControl();
            firsts.set(names[i].charAt(0));
            most = Math.max(most, names[i].length());
        }
        longest = most;
    }

    /** The text in order, cut at the special tokens; {@code foreign} marks the characters that came with a request. */
    List<Piece> split(String text, BitSet foreign) {
        Ints[] byLength = candidates(text, foreign);
        if (byLength.length == 0) {
            return text.isEmpty() ? List.of() : List.of(new Piece(0, text.length(), -1));
        }
        var found = new ArrayList<Piece>();
        var taken = new BitSet();
        for (int length = byLength.length - 1; length > 0; length--) {
            var positions = byLength[length];
            if (positions == null) {
                continue;
            }
            positions.sort();
            for (int i = 0; i < positions.size(); i++) {
                int at = positions.get(i);
                int border = taken.nextSetBit(at);
                int room = border < 0 ? length : Math.min(length, border - at);
                int name = room == 0 ? -1 : longestName(text, at, room, foreign);
                if (name < 0) {
                    continue;
                }
                int size = names[name].length();
                if (size == length) {
                    found.add(new Piece(at, at + size, tokens[name]));
                    taken.set(at, at + size);
                } else {
                    put(byLength, size, at);
                }
            }
        }
        found.sort(Comparator.comparingInt(Piece::from));
        return withTextBetween(found, text.length());
    }

    /** Positions where a name starts, by the length of the longest one there; empty where there is none at all. */
    @SuppressWarnings("NullAway") // the array is sparse by design
    private Ints[] candidates(String text, BitSet foreign) {
        Ints[] byLength = new Ints[0];
        if (names.length == 0) {
            return byLength;
        }
        for (int at = 0; at < text.length(); at++) {
            if (firsts.get(text.charAt(at))) {
                int name = longestName(text, at, longest, foreign);
                if (name >= 0) {
                    if (byLength.length == 0) {
                        byLength = new Ints[longest + 1];
                    }
                    put(byLength, names[name].length(), at);
                }
            }
        }
        return byLength;
    }

    private static void put(Ints[] byLength, int length, int at) {
        if (byLength[length] == null) {
            byLength[length] = new Ints(8);
        }
        byLength[length].add(at);
    }

    /** The longest name at a position that is not longer than {@code room} and may count there, or -1. */
    private int longestName(String text, int at, int room, BitSet foreign) {
        int end = Math.min(text.length(), at + room);
        int firstForeign = foreign.nextSetBit(at);
        int low = 0;
        int high = names.length;
        int found = -1;
        for (int i = at; i < end; i++) {
            int depth = i - at;
            char c = text.charAt(i);
            low = bound(low, high, depth, c);
            high = bound(low, high, depth, c + 1);
            if (low == high) {
                break;
            }
            if (names[low].length() == depth + 1 && (!control[low] || firstForeign < 0 || firstForeign > i)) {
                found = low;
            }
        }
        return found;
    }

    /** The first name of a range that share {@code depth} characters whose next character is at least {@code c}. */
    private int bound(int low, int high, int depth, int c) {
        while (low < high) {
            int middle = (low + high) >>> 1;
            var name = names[middle];
            if (name.length() > depth && name.charAt(depth) >= c) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    private static List<Piece> withTextBetween(List<Piece> found, int end) {
        var pieces = new ArrayList<Piece>(found.size() * 2 + 1);
        int at = 0;
        for (var piece : found) {
            if (piece.from() > at) {
                pieces.add(new Piece(at, piece.from(), -1));
            }
            pieces.add(piece);
            at = piece.to();
        }
        if (at < end) {
            pieces.add(new Piece(at, end, -1));
        }
        return pieces;
    }

    @Override
    public String toString() {
        return Arrays.toString(names);
    }
}
