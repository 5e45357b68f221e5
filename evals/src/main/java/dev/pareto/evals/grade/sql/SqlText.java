package dev.pareto.evals.grade.sql;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One spelling for SQL statements that differ in dress only. */
final class SqlText {

    private static final int MAX_TOKENS = 20_000;
    private static final Pattern TOKEN = Pattern.compile("--[^\\n]*|/\\*.*?\\*/|'(?:[^']|'')*+'|\"(?:[^\"]|\"\")*+\""
            + "|`[^`]*+`|\\[[A-Za-z_][\\w ]*+\\]|\\d++(?:\\.\\d++)?|[\\p{L}_][\\p{L}\\p{N}_$]*+|<>|!=|<=|>=|\\|\\||::|[^\\s]",
            Pattern.DOTALL);
    private static final Pattern PLAIN_NAME = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_$]*");
    private static final Set<String> STARTS = Set.of("select", "with", "insert", "update", "delete", "create", "alter",
            "drop", "merge", "values", "(");
    /** Words that end a chain of conditions. */
    private static final Set<String> ENDS = Set.of("group", "order", "having", "limit", "union", "intersect", "except",
            "window", "offset", "fetch", "returning", "join", "inner", "left", "right", "full", "cross", "where",
            "then",
            "else", "end", "when", "set", ";");
    private static final Set<String> BEGINS = Set.of("where", "having", "on");

    private SqlText() {}

    static boolean isStatement(String normalised) {
        int end = normalised.indexOf(' ');
        return STARTS.contains(end < 0 ? "" : normalised.substring(0, end));
    }

    static String normalised(String sql) {
        List<String> tokens = new ArrayList<>();
        Matcher matcher = TOKEN.matcher(sql);
        while (matcher.find() && tokens.size() < MAX_TOKENS) {
            String token = token(matcher.group());
            if (!token.isEmpty()) {
                tokens.add(token);
            }
        }
        while (!tokens.isEmpty() && tokens.getLast().equals(";")) {
            tokens.removeLast();
        }
        return String.join(" ", sorted(withoutNoise(tokens)));
    }

    private static String token(String raw) {
        char first = raw.charAt(0);
        if (raw.startsWith("--") || raw.startsWith("/*")) {
            return "";
        }
        if (first == '\'' || (first >= '0' && first <= '9')) {
            return raw;
        }
        if (raw.length() > 1 && (first == '"' || first == '`' || first == '[')) {
            String name = raw.substring(1, raw.length() - 1);
            return PLAIN_NAME.matcher(name).matches() ? name.toLowerCase(Locale.ROOT) : '"' + name + '"';
        }
        return raw.equals("!=") ? "<>" : raw.toLowerCase(Locale.ROOT);
    }

    /** Drops AS before an alias, ASC, INNER before JOIN and OUTER after a side, which say what holds without them. */
    private static List<String> withoutNoise(List<String> tokens) {
        List<String> kept = new ArrayList<>();
        for (int i = 0; i < tokens.size(); i++) {
            String token = tokens.get(i);
            String next = i + 1 < tokens.size() ? tokens.get(i + 1) : "";
            boolean alias = token.equals("as") && !next.equals("(") && !next.equals("select");
            boolean inner = token.equals("inner") && next.equals("join");
            boolean outer = token.equals("outer") && next.equals("join");
            if (!alias && !inner && !outer && !token.equals("asc")) {
                kept.add(token);
            }
        }
        return kept;
    }

    /** Sorts conditions that are joined by AND at one level; a chain with OR or BETWEEN is left as it stands. */
    private static List<String> sorted(List<String> tokens) {
        List<String> out = new ArrayList<>();
        int i = 0;
        while (i < tokens.size()) {
            String token = tokens.get(i++);
            out.add(token);
            if (BEGINS.contains(token)) {
                int end = end(tokens, i);
                out.addAll(chain(tokens.subList(i, end)));
                i = end;
            }
        }
        return out;
    }

    private static int end(List<String> tokens, int from) {
        int depth = 0;
        for (int i = from; i < tokens.size(); i++) {
            String token = tokens.get(i);
            depth += token.equals("(") ? 1 : token.equals(")") ? -1 : 0;
            if (depth < 0 || (depth == 0 && ENDS.contains(token))) {
                return i;
            }
        }
        return tokens.size();
    }

    private static List<String> chain(List<String> tokens) {
        List<String> conditions = new ArrayList<>();
        int depth = 0;
        int start = 0;
        for (int i = 0; i < tokens.size(); i++) {
            String token = tokens.get(i);
            depth += token.equals("(") ? 1 : token.equals(")") ? -1 : 0;
            if (depth == 0 && (token.equals("or") || token.equals("between") || token.equals("case"))) {
                return tokens;
            }
            if (depth == 0 && token.equals("and")) {
                conditions.add(String.join(" ", tokens.subList(start, i)));
                start = i + 1;
            }
        }
        conditions.add(String.join(" ", tokens.subList(start, tokens.size())));
        Collections.sort(conditions);
        return List.of(String.join(" and ", conditions));
    }
}
