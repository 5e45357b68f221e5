package dev.pareto.engine.grammar;

import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.HashMap;

/**
 * Finds nodes of an automaton that take the same texts, up to so many bytes, in the same ways (Moore's refinement, stopped
 * early): what is known of the tokens of one holds for the other. After the first round only those are looked at that lead
 * to nodes which the last round told apart, so that a long counted repetition costs little more than its end.
 */
final class Refinement {

    /** Edges looked at in all rounds: well below a second. */
    private static final long MAX_WORK = 20_000_000;

    private final Automaton automaton;
    private final int[] block;
    /** How many nodes a block has. */
    private final int[] members;
    /** Scratch by block: how many of its nodes are looked at, and the group of these that keeps its number. */
    private final int[] touched;
    private final int[] keeper;
    /** Scratch by node: the last round that had it to look at. */
    private final int[] seen;
    /** The nodes with an edge to node n are {@code sources[starts[n]]} up to {@code sources[starts[n + 1] - 1]}. */
    private final int[] starts;
    private final int[] sources;
    private int blocks = 2;
    private long work;

    private Refinement(Automaton automaton) {
        this.automaton = automaton;
        int size = automaton.size();
        block = new int[size];
        members = new int[size + 2];
        touched = new int[size + 2];
        keeper = new int[size + 2];
        seen = new int[size];
        Arrays.fill(seen, -1);
        for (int node = 0; node < size; node++) {
            block[node] = automaton.accepting[node] ? 1 : 0;
            members[block[node]]++;
        }
        starts = new int[size + 1];
        sources = findSources();
    }

    /** A number for each node, the same for nodes alike; each has its own where finding more would take too long. */
    static int[] blocks(Automaton automaton, int rounds) {
        var refinement = new Refinement(automaton);
        return refinement.run(rounds) ? refinement.block : all(automaton.size());
    }

    private static int[] all(int size) {
        int[] numbers = new int[size];
        Arrays.setAll(numbers, i -> i);
        return numbers;
    }

    private int[] findSources() {
        for (int node = 0; node < block.length; node++) {
            for (int i = 2; i < automaton.bytes[node].length; i += 3) {
                starts[automaton.bytes[node][i]]++;
            }
            for (int i = 1; i < automaton.calls[node].length; i += 2) {
                starts[automaton.calls[node][i]]++;
            }
        }
        int sum = 0;
        for (int node = 0; node < starts.length; node++) {
            sum += starts[node];
            starts[node] = sum; // the end, which filling from behind turns into the start
        }
        int[] found = new int[sum];
        for (int node = 0; node < block.length; node++) {
            for (int i = 2; i < automaton.bytes[node].length; i += 3) {
                found[--starts[automaton.bytes[node][i]]] = node;
            }
            for (int i = 1; i < automaton.calls[node].length; i += 2) {
                found[--starts[automaton.calls[node][i]]] = node;
            }
        }
        return found;
    }

    private boolean run(int rounds) {
        int[] open = all(block.length);
        for (int round = 0; round < rounds && open.length > 0; round++) {
            open = leadingTo(split(open), round);
            if (work > MAX_WORK) {
                return false;
            }
        }
        return true;
    }

    /**
     * Tells nodes apart by where their edges lead and returns those that got another number. Nodes of a block that need not
     * be looked at are still alike, and none that must be is like them: an edge of it leads to a number that is new.
     */
    private int[] split(int[] open) {
        var numbers = new HashMap<IntBuffer, Integer>();
        int[] groups = new int[open.length];
        for (int i = 0; i < open.length; i++) {
            var known = numbers.putIfAbsent(IntBuffer.wrap(signature(open[i])), numbers.size());
            groups[i] = known == null ? numbers.size() - 1 : known;
            touched[block[open[i]]]++;
            keeper[block[open[i]]] = -1;
        }
        int[] sizes = new int[numbers.size()];
        for (int group : groups) {
            sizes[group]++;
        }
        for (int i = 0; i < open.length; i++) {
            int old = block[open[i]];
            if (touched[old] == members[old] && (keeper[old] < 0 || sizes[groups[i]] > sizes[keeper[old]])) {
                keeper[old] = groups[i];
            }
        }
        for (int node : open) {
            touched[block[node]] = 0;
        }
        int[] renumbered = new int[sizes.length];
        int[] changed = new int[open.length];
        int count = 0;
        for (int i = 0; i < open.length; i++) {
            int old = block[open[i]];
            int group = groups[i];
            if (keeper[old] == group) {
                continue;
            }
            if (renumbered[group] == 0) {
                renumbered[group] = blocks++;
            }
            members[old]--;
            members[renumbered[group]]++;
            block[open[i]] = renumbered[group];
            changed[count++] = open[i];
        }
        return Arrays.copyOf(changed, count);
    }

    private int[] leadingTo(int[] nodes, int round) {
        int[] found = new int[16];
        int count = 0;
        for (int node : nodes) {
            for (int i = starts[node]; i < starts[node + 1]; i++) {
                int source = sources[i];
                if (seen[source] != round) {
                    seen[source] = round;
                    if (count == found.length) {
                        found = Arrays.copyOf(found, count * 2);
                    }
                    found[count++] = source;
                }
            }
            work += starts[node + 1] - starts[node];
        }
        return Arrays.copyOf(found, count);
    }

    private int[] signature(int node) {
        int[] taken = automaton.bytes[node];
        int[] called = automaton.calls[node];
        int[] signature = Arrays.copyOf(taken, taken.length + called.length + 1);
        for (int i = 2; i < taken.length; i += 3) {
            signature[i] = block[taken[i]];
        }
        for (int i = 0; i < called.length; i += 2) {
            signature[taken.length + i] = -1 - called[i];
            signature[taken.length + i + 1] = block[called[i + 1]];
        }
        signature[signature.length - 1] = block[node];
        work += signature.length;
        return signature;
    }
}
