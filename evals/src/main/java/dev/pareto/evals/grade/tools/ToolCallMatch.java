package dev.pareto.evals.grade.tools;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.pareto.evals.grade.Grade;
import dev.pareto.evals.grade.Grader;
import dev.pareto.evals.grade.Submission;
import dev.pareto.evals.grade.Texts;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/**
 * The answer must make exactly the key's calls, in any order (BFCL's AST rule): right function, every required
 * argument, no unknown one, each value among those allowed. A point in a function's name equals an underscore, for
 * some vendors allow no points.
 *
 * @param functions what the model was told; empty when the item's key tells it in {@code functions}, or nobody does:
 *            then types are not checked and an argument is required unless the key marks it optional
 * @param ordered whether the order counts, too
 */
public record ToolCallMatch(List<ToolDefinition> functions, boolean ordered) implements Grader {

    /** Copies the functions. */
    public ToolCallMatch {
        functions = List.copyOf(functions);
    }

    @Override
    public Grade grade(Submission submission) {
        JsonNode expected = submission.expected();
        if (expected == null) {
            throw new IllegalArgumentException("the item has no calls in 'expected'");
        }
        List<ExpectedCall> wanted = ExpectedCall.read(calls(expected));
        Map<String, ToolDefinition> known = new HashMap<>();
        for (ToolDefinition definition : definitions(expected)) {
            known.put(plain(definition.name()), definition);
        }
        List<ToolCall> made = ToolCallReader.read(submission);
        if (made.isEmpty() && !wanted.isEmpty()) {
            return Grade.unreadable("no call in " + Texts.shown(submission.text()));
        }
        if (made.size() != wanted.size()) {
            return Grade.wrong("expected " + wanted.size() + " calls, got " + made.size());
        }
        return ordered ? inOrder(wanted, made, known) : inAnyOrder(wanted, made, known);
    }

    @Override
    public @Nullable String problemWith(@Nullable JsonNode expected) {
        if (expected == null) {
            return "needs calls in 'expected'";
        }
        try {
            ExpectedCall.read(calls(expected));
            definitions(expected);
            return null;
        } catch (IllegalArgumentException e) {
            return "cannot read 'expected': " + e.getMessage();
        }
    }

    private static JsonNode calls(JsonNode expected) {
        return expected.has("calls") && expected.has("functions") ? expected.path("calls") : expected;
    }

    private List<ToolDefinition> definitions(JsonNode expected) {
        return expected.has("calls") && expected.has("functions")
                ? ToolDefinition.read(expected.path("functions"))
                : functions;
    }

    private static Grade inOrder(List<ExpectedCall> wanted, List<ToolCall> made, Map<String, ToolDefinition> known) {
        for (int i = 0; i < wanted.size(); i++) {
            String problem = problem(wanted.get(i), made.get(i), known);
            if (problem != null) {
                return Grade.wrong("call " + (i + 1) + ": " + problem);
            }
        }
        return Grade.right("as expected");
    }

    /** A perfect matching of wanted and made calls, by augmenting paths: alternatives may overlap. */
    private static Grade inAnyOrder(List<ExpectedCall> wanted, List<ToolCall> made,
            Map<String, ToolDefinition> known) {
        int n = wanted.size();
        boolean[][] fits = new boolean[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                fits[i][j] = problem(wanted.get(i), made.get(j), known) == null;
            }
        }
        int[] taken = new int[n];
        Arrays.fill(taken, -1);
        for (int i = 0; i < n; i++) {
            if (!place(i, fits, taken, new boolean[n])) {
                ExpectedCall missing = wanted.get(i);
                String problem = n == 1
                        ? problem(missing, made.getFirst(), known)
                        : "no call of " + missing.name()
                                + " is right";
                return Grade.wrong(String.valueOf(problem));
            }
        }
        return Grade.right("as expected");
    }

    private static boolean place(int call, boolean[][] fits, int[] taken, boolean[] tried) {
        for (int j = 0; j < taken.length; j++) {
            if (fits[call][j] && !tried[j]) {
                tried[j] = true;
                if (taken[j] < 0 || place(taken[j], fits, taken, tried)) {
                    taken[j] = call;
                    return true;
                }
            }
        }
        return false;
    }

    private static @Nullable String problem(ExpectedCall wanted, ToolCall made, Map<String, ToolDefinition> known) {
        if (!plain(wanted.name()).equals(plain(made.name()))) {
            return "expected a call of " + wanted.name() + ", got one of " + made.name();
        }
        ToolDefinition definition = known.get(plain(wanted.name()));
        if (definition != null) {
            for (String name : definition.required()) {
                if (!made.arguments().has(name)) {
                    return "argument '" + name + "' is missing";
                }
            }
        }
        for (Map.Entry<String, JsonNode> argument : made.arguments().properties()) {
            String name = argument.getKey();
            List<JsonNode> allowed = wanted.allowed().get(name);
            String type = definition == null ? null : definition.types().get(name);
            if (allowed == null || (definition != null && type == null)) {
                return "unknown argument '" + name + "'";
            }
            String problem = ArgumentMatch.problem(argument.getValue(), allowed, type);
            if (problem != null) {
                return "argument '" + name + "': " + problem;
            }
        }
        for (String name : wanted.allowed().keySet()) {
            if (!made.arguments().has(name) && !wanted.mayLack(name)) {
                return "argument '" + name + "' is missing";
            }
        }
        return null;
    }

    private static String plain(String name) {
        return name.replace('.', '_');
    }
}
