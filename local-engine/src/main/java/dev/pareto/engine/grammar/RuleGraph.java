package dev.pareto.engine.grammar;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import dev.pareto.engine.EngineException;

/**
 * What follows from the rules of a grammar before any automaton is built: which may be empty, which are short enough to
 * be written out where they are used, and that none begins with itself, which would never end.
 */
final class RuleGraph {

    static final int MAX_RULES = 10_000;
    /** Rules up to so many bytes are written out; longer ones are shared, and with them what is known of them. */
    private static final int SHORT = 8;
    private static final int LONG = 1 << 20;
    /** How deep a rule is looked into, through the rules that it uses; what lies deeper counts as long. */
    private static final int MAX_DEPTH = 100;

    private final Map<String, Expression> rules;
    private final Map<String, Integer> lengths = new HashMap<>();
    private final Set<String> nullable = new HashSet<>();

    RuleGraph(Map<String, Expression> rules) {
        this.rules = rules;
        if (rules.size() > MAX_RULES) {
            throw new EngineException.InvalidRequest(
                    "the grammar has " + rules.size() + " rules; " + MAX_RULES + " are the most");
        }
        if (!rules.containsKey("root")) {
            throw new EngineException.InvalidRequest("the grammar has no rule 'root', where texts begin");
        }
        var users = new HashMap<String, List<String>>();
        rules.forEach((name, body) -> references(body).forEach(used -> {
            if (!rules.containsKey(used)) {
                throw new EngineException.InvalidRequest(
                        "the rule '" + name + "' uses '" + used + "', which is not there");
            }
            users.computeIfAbsent(used, _ -> new ArrayList<>()).add(name);
        }));
        findNullable(users);
        refuseLeftRecursion();
    }

    Expression body(String rule) {
        return Objects.requireNonNull(rules.get(rule));
    }

    boolean isNullable(String rule) {
        return nullable.contains(rule);
    }

    /** Whether the rule is written out where it is used. */
    boolean isShort(String rule) {
        return length(rule, 0) <= SHORT;
    }

    private int length(String rule, int depth) {
        var known = lengths.get(rule);
        if (known != null) {
            return known;
        }
        if (depth > MAX_DEPTH) {
            return LONG;
        }
        lengths.put(rule, LONG); // what comes back here is recursive
        int length = length(body(rule), depth + 1);
        lengths.put(rule, length);
        return length;
    }

    private int length(Expression expression, int depth) {
        if (depth > MAX_DEPTH) {
            return LONG;
        }
        return switch (expression) {
            case Expression.Text text -> text.value().getBytes(StandardCharsets.UTF_8).length;
            case Expression.Marker marker -> Nfa.marker(marker.name()).length;
            case Expression.Characters characters -> {
                int count = characters.set().count();
                int last = count == 0 ? 0 : characters.set().last(count - 1);
                yield last < 0x80 ? 1 : last < 0x800 ? 2 : last < 0x10000 ? 3 : 4;
            }
            case Expression.Sequence sequence -> {
                int sum = 0;
                for (var part : sequence.parts()) {
                    sum = Math.min(LONG, sum + length(part, depth + 1));
                }
                yield sum;
            }
            case Expression.Choice choice ->
                choice.options().size() > 64
                        ? LONG
                        : choice.options().stream().mapToInt(option -> length(option, depth + 1)).max().orElse(0);
            case Expression.Repeat repeat -> repeat.most() == Expression.UNLIMITED
                    ? LONG
                    : (int) Math.min(LONG, (long) repeat.most() * length(repeat.part(), depth + 1));
            case Expression.Reference reference -> length(reference.rule(), depth + 1);
        };
    }

    private void findNullable(Map<String, List<String>> users) {
        var open = new ArrayList<>(rules.keySet());
        while (!open.isEmpty()) {
            var name = open.removeLast();
            if (!nullable.contains(name) && isNullable(body(name))) {
                nullable.add(name);
                open.addAll(users.getOrDefault(name, List.of()));
            }
        }
    }

    boolean isNullable(Expression expression) {
        return switch (expression) {
            case Expression.Text text -> text.value().isEmpty();
            case Expression.Marker _,Expression.Characters _ -> false;
            case Expression.Sequence sequence -> sequence.parts().stream().allMatch(this::isNullable);
            case Expression.Choice choice -> choice.options().stream().anyMatch(this::isNullable);
            case Expression.Repeat repeat -> repeat.least() == 0 || isNullable(repeat.part());
            case Expression.Reference reference -> nullable.contains(reference.rule());
        };
    }

    private static Set<String> references(Expression expression) {
        var found = new HashSet<String>();
        var open = new ArrayList<>(List.of(expression));
        while (!open.isEmpty()) {
            switch (open.removeLast()) {
                case Expression.Text _,Expression.Marker _,Expression.Characters _ -> {
                }
                case Expression.Sequence sequence -> open.addAll(sequence.parts());
                case Expression.Choice choice -> open.addAll(choice.options());
                case Expression.Repeat repeat -> open.add(repeat.part());
                case Expression.Reference reference -> found.add(reference.rule());
            }
        }
        return found;
    }

    /** The rules that may be entered before the first byte of an expression. */
    private void firsts(Expression expression, Set<String> found) {
        switch (expression) {
            case Expression.Text _,Expression.Marker _,Expression.Characters _ -> {
            }
            case Expression.Sequence sequence -> {
                for (var part : sequence.parts()) {
                    firsts(part, found);
                    if (!isNullable(part)) {
                        break;
                    }
                }
            }
            case Expression.Choice choice -> choice.options().forEach(option -> firsts(option, found));
            case Expression.Repeat repeat -> firsts(repeat.part(), found);
            case Expression.Reference reference -> found.add(reference.rule());
        }
    }

    /** Takes rules away whose firsts are all gone; what stays begins with itself. */
    private void refuseLeftRecursion() {
        var users = new HashMap<String, List<String>>();
        var open = new HashMap<String, Integer>();
        var ready = new ArrayList<String>();
        rules.forEach((name, body) -> {
            var first = new HashSet<String>();
            firsts(body, first);
            first.forEach(used -> users.computeIfAbsent(used, _ -> new ArrayList<>()).add(name));
            open.put(name, first.size());
            if (first.isEmpty()) {
                ready.add(name);
            }
        });
        while (!ready.isEmpty()) {
            var name = ready.removeLast();
            open.remove(name);
            for (var user : users.getOrDefault(name, List.of())) {
                if (open.merge(user, -1, Integer::sum) == 0) {
                    ready.add(user);
                }
            }
        }
        if (!open.isEmpty()) {
            var names = open.keySet().stream().sorted().limit(3).toArray(String[]::new);
            throw new EngineException.InvalidRequest("among the rules " + Arrays.toString(names)
                    + " one begins with itself (left recursion); put something in front, or write a repetition");
        }
    }
}
