package dev.pareto.evals.suite;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

import dev.pareto.evals.grade.Contains;
import dev.pareto.evals.grade.Grader;
import dev.pareto.evals.grade.JsonFields;
import dev.pareto.evals.grade.JsonPath;
import dev.pareto.evals.grade.JsonValid;
import dev.pareto.evals.grade.LabelMatch;
import dev.pareto.evals.grade.NumberMatch;
import dev.pareto.evals.grade.PatternMatch;
import dev.pareto.evals.grade.ReasonedAnswer;
import dev.pareto.evals.grade.TextMatch;

import org.jspecify.annotations.Nullable;

/** Reads the {@code graders} list of a suite. */
final class GraderReader {

    private static final Set<String> COMMON = Set.of("id", "type", "primary", "role");
    /** Types of the format that need a judge, a schema library or a sandbox. */
    private static final Set<String> LATER = Set.of("json_schema", "json_path", "json_diff", "judge_pairwise",
            "judge_score", "judge_binary", "judge_panel", "reference_fact", "tool_call_ast", "no_tool_call", "set_f1",
            "token_f1", "levenshtein", "rouge_l", "bleu", "chrf", "choice_letter", "sql_normalized", "xml_valid",
            "ifeval", "length", "language", "finish_reason", "refusal", "pii", "citation_present", "latency", "cost",
            "embedding_cosine", "code_exec", "human", "all", "any", "weighted", "first_fail", "not");
    private static final int MAX_PATTERN = 2_000;

    private final Section top;

    GraderReader(Section top) {
        this.top = top;
    }

    List<SuiteGrader> read() throws SuiteException {
        List<SuiteGrader> graders = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (Section section : top.sections("graders")) {
            String id = section.requiredName("id");
            if (!ids.add(id)) {
                throw section.error("id", "two graders are called '" + id + "'", "rename one");
            }
            String role = section.text("role", "quality");
            if (!Set.of("quality", "guard").contains(role)) {
                throw section.error("role", "unknown role '" + role + "'", "write quality or guard");
            }
            boolean guard = "guard".equals(role);
            if (guard && section.flag("primary")) {
                throw section.error("primary", "a guard cannot be primary", "remove 'primary' or 'role: guard'");
            }
            graders.add(new SuiteGrader(id, section.flag("primary"), guard, grader(section)));
        }
        if (graders.stream().allMatch(SuiteGrader::guard)) {
            throw top.error("graders", "no grader measures quality", "add one, e.g. {id: answer, type: exact}");
        }
        return graders;
    }

    private static Grader grader(Section section) throws SuiteException {
        String type = section.requiredText("type");
        return switch (type) {
            case "exact", "iexact", "normalized", "starts_with" -> {
                allow(section);
                yield new TextMatch(TextMatch.Rule.valueOf(type.toUpperCase(Locale.ROOT)));
            }
            case "contains", "contains_all", "contains_any", "contains_none" -> {
                allow(section, "values", "ignore_case");
                Contains.Mode mode = switch (type) {
                    case "contains_any" -> Contains.Mode.ANY;
                    case "contains_none" -> Contains.Mode.NONE;
                    default -> Contains.Mode.ALL;
                };
                yield new Contains(mode, section.texts("values"), section.flag("ignore_case"));
            }
            case "regex" -> {
                allow(section, "pattern", "ignore_case");
                yield pattern(section);
            }
            case "label_match" -> {
                allow(section, "labels", "path");
                yield new LabelMatch(Set.copyOf(section.texts("labels")), path(section));
            }
            case "json_fields" -> {
                allow(section, "fields", "tolerant", "case_sensitive");
                yield new JsonFields(section.texts("fields"), section.flag("tolerant"),
                        section.flag("case_sensitive"));
            }
            case "number" -> {
                allow(section, "tolerance");
                double tolerance = section.number("tolerance", 0);
                if (tolerance < 0) {
                    throw section.error("tolerance", "the tolerance is negative", "write 0 or more");
                }
                yield new NumberMatch(BigDecimal.valueOf(tolerance));
            }
            case "zeroeval" -> {
                allow(section, "compare");
                String compare = section.text("compare", "number");
                if (!Set.of("number", "text").contains(compare)) {
                    throw section.error("compare", "unknown rule '" + compare + "'", "write number or text");
                }
                yield new ReasonedAnswer(ReasonedAnswer.Compare.valueOf(compare.toUpperCase(Locale.ROOT)));
            }
            case "json_valid" -> {
                allow(section, "tolerant");
                yield new JsonValid(section.flag("tolerant"));
            }
            default -> throw section.error("type",
                    LATER.contains(type)
                            ? "grader type '" + type + "' is not supported yet"
                            : "unknown grader type '" + type + "'",
                    "use exact, iexact, normalized, starts_with, contains_all, contains_any, contains_none, regex,"
                            + " label_match, json_fields, number, json_valid or zeroeval");
        };
    }

    private static void allow(Section section, String... more) throws SuiteException {
        Set<String> known = new HashSet<>(COMMON);
        known.addAll(List.of(more));
        section.allow(known, Map.of("judge", "use a deterministic grader", "schema", "use json_fields", "rubric",
                "use a deterministic grader"));
    }

    private static @Nullable JsonPath path(Section section) throws SuiteException {
        String text = section.optionalText("path");
        try {
            return text == null ? null : JsonPath.parse(text);
        } catch (IllegalArgumentException e) {
            throw section.error("path", e.getMessage() + "", "write e.g. $.intent");
        }
    }

    private static PatternMatch pattern(Section section) throws SuiteException {
        String text = section.requiredText("pattern");
        if (text.length() > MAX_PATTERN) {
            throw section.error("pattern", "the pattern is longer than " + MAX_PATTERN, "shorten it");
        }
        try {
            return new PatternMatch(Pattern.compile(text,
                    section.flag("ignore_case") ? Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE : 0));
        } catch (PatternSyntaxException e) {
            throw section.error("pattern", "not a regular expression: " + e.getDescription(), "mend it");
        }
    }
}
