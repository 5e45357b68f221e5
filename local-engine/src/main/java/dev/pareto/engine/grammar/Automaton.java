package dev.pareto.engine.grammar;

import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.function.Predicate;

import dev.pareto.engine.EngineException;

/**
 * The deterministic automata of all rules of a grammar in one set of arrays. A node takes ranges of bytes and calls
 * rules; where the called rule ends, the call's target goes on. Nodes from which no text ends are left out. Immutable.
 */
final class Automaton {

    /** What {@link #need} gives where no text ends. */
    static final int NEVER = Integer.MAX_VALUE / 2;
    private static final int MAX_NODES = 200_000;
    private static final long MAX_WORK = 20_000_000;
    /** Of the search for what ends, in nodes looked at. */
    private static final long MAX_LOOKS = 50_000_000;

    final int root;
    final boolean[] accepting;
    /** How many calls at most are open at once on the cheapest way to the end of the rule. */
    final int[] need;
    /** Bytes of the shortest text from here to the end of the rule, or more where the search was broken off. */
    final int[] shortest;
    /** For each node its byte edges as triples of low, high, target, ascending. */
    final int[][] bytes;
    /** For each node its calls as pairs of the first node of the rule and the target. */
    final int[][] calls;
    /** Bytes that no node tells apart have the same class. */
    final int[] classes = new int[256];
    /** One byte of each class. */
    final int[] samples;

    private Automaton(int root, boolean[] accepting, int[][] bytes, int[][] calls) {
        this.root = root;
        this.accepting = accepting;
        this.bytes = bytes;
        this.calls = calls;
        this.need = new int[accepting.length];
        this.shortest = new int[accepting.length];
        if (!settle(need, this::leastNeed)) {
            throw new EngineException.InvalidRequest("the rules of the grammar use each other in too tangled an order; "
                    + "write each behind those that use it");
        }
        trim();
        settle(shortest, this::leastText);
        samples = findClasses();
    }

    /** @throws EngineException.InvalidRequest if the grammar is too large, begins with itself or matches nothing */
    static Automaton of(Map<String, Expression> rules) {
        var built = new Builder(new RuleGraph(rules), new ArrayList<>(rules.keySet())).build();
        if (built.need[built.root] >= NEVER) {
            throw new EngineException.InvalidRequest("the grammar matches no text at all: what it asks for never ends");
        }
        if (built.need[built.root] > Configurations.MAX_DEPTH) {
            throw new EngineException.InvalidRequest("every text of the grammar nests deeper than "
                    + Configurations.MAX_DEPTH + " levels; make what lies deep optional");
        }
        return built;
    }

    int size() {
        return accepting.length;
    }

    /** Whether nothing can follow but the end of the rule. */
    boolean isEnd(int node) {
        return accepting[node] && bytes[node].length == 0 && calls[node].length == 0;
    }

    /** Where a byte leads, or -1. */
    int step(int node, int value) {
        int[] edges = bytes[node];
        for (int i = 0; i < edges.length; i += 3) {
            if (value < edges[i]) {
                return -1;
            }
            if (value <= edges[i + 1]) {
                return edges[i + 2];
            }
        }
        return -1;
    }

    /** Lowers values to what {@code least} makes of those of other nodes until none changes; false if it takes too long. */
    private boolean settle(int[] values, IntUnaryOperator least) {
        Arrays.fill(values, NEVER);
        boolean changed = true;
        long looks = 0;
        // In turns from both ends: rules that use each other in either order are then known after few rounds.
        for (boolean down = true; changed; down = !down) {
            changed = false;
            looks += size();
            if (looks > MAX_LOOKS) {
                return false;
            }
            for (int i = 0; i < size(); i++) {
                int node = down ? size() - 1 - i : i;
                int value = least.applyAsInt(node);
                if (value < values[node]) {
                    values[node] = value;
                    changed = true;
                }
            }
        }
        return true;
    }

    private int leastText(int node) {
        int least = accepting[node] ? 0 : NEVER;
        for (int i = 0; i < bytes[node].length; i += 3) {
            least = Math.min(least, 1 + shortest[bytes[node][i + 2]]);
        }
        for (int i = 0; i < calls[node].length; i += 2) {
            // neither is more than NEVER, so that the sum is a number
            least = Math.min(least, shortest[calls[node][i]] + shortest[calls[node][i + 1]]);
        }
        return least;
    }

    private int leastNeed(int node) {
        int least = accepting[node] ? 0 : NEVER;
        for (int i = 0; i < bytes[node].length; i += 3) {
            least = Math.min(least, need[bytes[node][i + 2]]);
        }
        for (int i = 0; i < calls[node].length; i += 2) {
            least = Math.min(least, callNeed(calls[node][i], calls[node][i + 1]));
        }
        return least;
    }

    private int callNeed(int start, int target) {
        int inside = need[start] + (isEnd(target) ? 0 : 1);
        return Math.min(NEVER, Math.max(inside, need[target]));
    }

    private void trim() {
        for (int node = 0; node < size(); node++) {
            bytes[node] = kept(bytes[node], 3, edge -> need[edge[2]] < NEVER);
            calls[node] = kept(calls[node], 2, call -> need[call[0]] < NEVER && need[call[1]] < NEVER);
        }
    }

    private static int[] kept(int[] entries, int width, Predicate<int[]> test) {
        var out = new int[entries.length];
        int size = 0;
        for (int i = 0; i < entries.length; i += width) {
            var entry = Arrays.copyOfRange(entries, i, i + width);
            if (test.test(entry)) {
                System.arraycopy(entry, 0, out, size, width);
                size += width;
            }
        }
        return Arrays.copyOf(out, size);
    }

    private int[] findClasses() {
        var starts = new boolean[257];
        for (int[] edges : bytes) {
            for (int i = 0; i < edges.length; i += 3) {
                starts[edges[i]] = true;
                starts[edges[i + 1] + 1] = true;
            }
        }
        var found = new int[256];
        int count = 0;
        for (int value = 0; value < 256; value++) {
            if (value == 0 || starts[value]) {
                found[count++] = value;
            }
            classes[value] = count - 1;
        }
        return Arrays.copyOf(found, count);
    }

    /** Makes every rule deterministic by the construction of subsets. */
    private static final class Builder {

        private final RuleGraph rules;
        private final List<String> names;
        private final Nfa nfa;
        private final int[] starts;
        private final int[] ends;
        private final List<int[]> sets = new ArrayList<>();
        private final List<int[]> bytes = new ArrayList<>();
        private final List<int[]> calls = new ArrayList<>();
        private long work;
        private int[] marks = new int[0];
        private int mark;

        Builder(RuleGraph rules, List<String> names) {
            this.rules = rules;
            this.names = names;
            var numbers = new HashMap<String, Integer>();
            names.forEach(name -> numbers.put(name, numbers.size()));
            nfa = new Nfa(rules, numbers);
            starts = new int[names.size()];
            ends = new int[names.size()];
            Arrays.fill(starts, -1);
        }

        Automaton build() {
            int root = names.indexOf("root");
            int[] begins = new int[names.size()];
            Arrays.fill(begins, -1);
            var open = new ArrayList<>(List.of(root));
            var accepting = new ArrayList<Boolean>();
            while (!open.isEmpty()) {
                int rule = open.removeLast();
                if (begins[rule] >= 0) {
                    continue;
                }
                starts[rule] = nfa.state();
                ends[rule] = nfa.state();
                nfa.add(rules.body(names.get(rule)), starts[rule], ends[rule]);
                begins[rule] = determine(rule, accepting);
                for (int node = begins[rule]; node < calls.size(); node++) {
                    for (int i = 0; i < calls.get(node).length; i += 2) {
                        open.add(calls.get(node)[i]);
                    }
                }
            }
            var callArray = calls.toArray(int[][]::new);
            for (int[] pairs : callArray) {
                for (int i = 0; i < pairs.length; i += 2) {
                    pairs[i] = begins[pairs[i]];
                }
            }
            var accepts = new boolean[sets.size()];
            for (int node = 0; node < accepts.length; node++) {
                accepts[node] = accepting.get(node);
            }
            return new Automaton(begins[root], accepts, bytes.toArray(int[][]::new), callArray);
        }

        private int determine(int rule, List<Boolean> accepting) {
            var known = new HashMap<IntBuffer, Integer>();
            int start = node(closure(new int[]{starts[rule]}, 1), known);
            for (int node = start; node < sets.size(); node++) {
                int[] set = sets.get(node);
                accepting.add(Arrays.binarySearch(set, ends[rule]) >= 0);
                bytes.add(byteEdges(set, known));
                calls.add(callEdges(set, known));
                sets.set(node, new int[0]);
            }
            return start;
        }

        private int node(int[] set, Map<IntBuffer, Integer> known) {
            return known.computeIfAbsent(IntBuffer.wrap(set), _ -> {
                if (sets.size() == MAX_NODES) {
                    throw new EngineException.InvalidRequest("the grammar is too large: it needs more than " + MAX_NODES
                            + " states; lower its counts");
                }
                sets.add(set);
                return sets.size() - 1;
            });
        }

        private int[] byteEdges(int[] set, Map<IntBuffer, Integer> known) {
            var cuts = new boolean[257];
            boolean any = false;
            for (int state : set) {
                for (int edge = nfa.head(state); edge >= 0; edge = nfa.next(edge)) {
                    if (nfa.low(edge) >= 0) {
                        cuts[nfa.low(edge)] = true;
                        cuts[nfa.high(edge) + 1] = true;
                        any = true;
                    }
                }
            }
            var edges = new ArrayList<Integer>();
            for (int low = 0; any && low < 256;) {
                int end = low + 1;
                while (end < 256 && !cuts[end]) {
                    end++;
                }
                int[] targets = targets(set, low, true);
                if (targets.length > 0) {
                    int target = node(closure(targets, targets.length), known);
                    int last = edges.size();
                    if (last > 0 && edges.get(last - 1) == target && edges.get(last - 2) == low - 1) {
                        edges.set(last - 2, end - 1);
                    } else {
                        edges.addAll(List.of(low, end - 1, target));
                    }
                }
                low = end;
            }
            return edges.stream().mapToInt(Integer::intValue).toArray();
        }

        private int[] callEdges(int[] set, Map<IntBuffer, Integer> known) {
            var called = new LinkedHashMap<Integer, int[]>();
            for (int state : set) {
                for (int edge = nfa.head(state); edge >= 0; edge = nfa.next(edge)) {
                    if (nfa.low(edge) == Nfa.CALL) {
                        called.computeIfAbsent(nfa.high(edge), rule -> targets(set, rule, false));
                    }
                }
            }
            var pairs = new int[called.size() * 2];
            int size = 0;
            for (var call : called.entrySet()) {
                pairs[size++] = call.getKey();
                pairs[size++] = node(closure(call.getValue(), call.getValue().length), known);
            }
            return pairs;
        }

        /** Where the edges that take a byte, or call a rule, lead. */
        private int[] targets(int[] set, int label, boolean isByte) {
            var found = new int[16];
            int size = 0;
            for (int state : set) {
                for (int edge = nfa.head(state); edge >= 0; edge = nfa.next(edge)) {
                    work++;
                    boolean fits = isByte
                            ? nfa.low(edge) >= 0 && nfa.low(edge) <= label && label <= nfa.high(edge)
                            : nfa.low(edge) == Nfa.CALL && nfa.high(edge) == label;
                    if (fits) {
                        if (size == found.length) {
                            found = Arrays.copyOf(found, size * 2);
                        }
                        found[size++] = nfa.target(edge);
                    }
                }
            }
            if (work > MAX_WORK) {
                throw new EngineException.InvalidRequest(
                        "the grammar is too ambiguous to be compiled; make its alternatives begin differently");
            }
            return Arrays.copyOf(found, size);
        }

        /** The states that empty edges reach, sorted. */
        private int[] closure(int[] from, int count) {
            mark++;
            var open = Arrays.copyOf(from, Math.max(16, count));
            var found = new int[16];
            int size = 0;
            int left = count;
            while (left > 0) {
                int state = open[--left];
                if (state >= marks.length) {
                    marks = Arrays.copyOf(marks, Math.max(state + 1, marks.length * 2));
                }
                if (marks[state] == mark) {
                    continue;
                }
                marks[state] = mark;
                if (size == found.length) {
                    found = Arrays.copyOf(found, size * 2);
                }
                found[size++] = state;
                for (int edge = nfa.head(state); edge >= 0; edge = nfa.next(edge)) {
                    work++;
                    if (nfa.low(edge) == Nfa.EMPTY) {
                        if (left == open.length) {
                            open = Arrays.copyOf(open, left * 2);
                        }
                        open[left++] = nfa.target(edge);
                    }
                }
            }
            var sorted = Arrays.copyOf(found, size);
            Arrays.sort(sorted);
            return sorted;
        }
    }
}
