package dev.pareto.evals.suite;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

import dev.pareto.evals.grade.Grader;
import dev.pareto.evals.grade.combine.Combined;
import dev.pareto.evals.grade.content.Citations;
import dev.pareto.evals.grade.content.LanguageMatch;
import dev.pareto.evals.grade.content.PersonalData;
import dev.pareto.evals.grade.content.Refusal;
import dev.pareto.evals.grade.content.XmlValid;
import dev.pareto.evals.grade.instructions.IfEval;
import dev.pareto.evals.grade.json.JsonDiff;
import dev.pareto.evals.grade.json.JsonFields;
import dev.pareto.evals.grade.json.JsonPath;
import dev.pareto.evals.grade.json.JsonPathMatch;
import dev.pareto.evals.grade.json.JsonSchemaMatch;
import dev.pareto.evals.grade.json.JsonValid;
import dev.pareto.evals.grade.judge.JudgeAlone;
import dev.pareto.evals.grade.judge.JudgePairwise;
import dev.pareto.evals.grade.number.MathAnswer;
import dev.pareto.evals.grade.number.NumberAnswer;
import dev.pareto.evals.grade.number.NumberMatch;
import dev.pareto.evals.grade.serving.CostLimit;
import dev.pareto.evals.grade.serving.FinishReason;
import dev.pareto.evals.grade.serving.LatencyLimit;
import dev.pareto.evals.grade.sql.SqlMatch;
import dev.pareto.evals.grade.text.ChoiceLetter;
import dev.pareto.evals.grade.text.Contains;
import dev.pareto.evals.grade.text.LabelMatch;
import dev.pareto.evals.grade.text.Length;
import dev.pareto.evals.grade.text.Overlap;
import dev.pareto.evals.grade.text.PatternMatch;
import dev.pareto.evals.grade.text.PythonLiteral;
import dev.pareto.evals.grade.text.SetF1;
import dev.pareto.evals.grade.text.TextMatch;
import dev.pareto.evals.grade.tools.NoToolCall;
import dev.pareto.evals.grade.tools.ToolCallMatch;
import dev.pareto.evals.grade.tools.ToolDefinition;
import dev.pareto.policies.price.Money;

import org.jspecify.annotations.Nullable;

/** Reads the {@code graders} list of a suite. */
final class GraderReader {

    private static final Set<String> COMMON = Set.of("id", "type", "primary", "role");
    private static final Set<String> COMMON_OF_PARTS = Set.of("type", "weight");
    private static final int MAX_DEPTH = 5;
    private static final int MAX_PATTERN = 2_000;
    private static final Map<String, String> NEVER = Map.of("embedding_cosine",
            "it needs an embedding model; use token_f1, chrf or a judge", "code_exec",
            "suites run no code; grade the code's output with another type", "human",
            "labels of people come in as the items' 'expected'", "bleurt", "use chrf or a judge");

    private final Section top;
    private final GraderFiles files;

    GraderReader(Section top, boolean calibrated) {
        this.top = top;
        this.files = new GraderFiles(top, calibrated);
    }

    /** What the graders read besides the suite file; part of the suite's version. Call it after {@link #read}. */
    GraderFiles files() {
        return files;
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
            graders.add(new SuiteGrader(id, section.flag("primary"), guard, grader(section, 0)));
        }
        if (graders.stream().allMatch(SuiteGrader::guard)) {
            throw top.error("graders", "no grader measures quality", "add one, e.g. {id: answer, type: exact}");
        }
        return graders;
    }

    private Grader grader(Section section, int depth) throws SuiteException {
        String type = section.requiredText("type");
        try {
            Grader grader = ofText(type, section, depth);
            grader = grader != null ? grader : ofJson(type, section, depth);
            grader = grader != null ? grader : ofContent(type, section, depth);
            grader = grader != null ? grader : ofJudges(type, section, depth);
            grader = grader != null ? grader : ofParts(type, section, depth);
            if (grader != null) {
                return grader;
            }
        } catch (IllegalArgumentException e) {
            throw section.error("type", type + ": " + e.getMessage(), "mend that value");
        }
        String never = NEVER.get(type);
        throw section.error("type", never == null
                ? "unknown grader type '" + type + "'"
                : "grader type '" + type + "' is not supported",
                never == null
                        ? "docs/graders.md lists the types, e.g. exact, contains_all, number or json_schema"
                        : never);
    }

    private static void allow(Section section, int depth, String... more) throws SuiteException {
        Set<String> known = new HashSet<>(depth == 0 ? COMMON : COMMON_OF_PARTS);
        known.addAll(List.of(more));
        section.allow(known, Map.of());
    }

    private @Nullable Grader ofText(String type, Section section, int depth) throws SuiteException {
        return switch (type) {
            case "exact", "iexact", "normalized", "starts_with" -> {
                allow(section, depth);
                yield new TextMatch(TextMatch.Rule.valueOf(type.toUpperCase(Locale.ROOT)));
            }
            case "contains", "contains_all", "contains_any", "contains_none" -> {
                allow(section, depth, "values", "ignore_case");
                Contains.Mode mode = switch (type) {
                    case "contains_any" -> Contains.Mode.ANY;
                    case "contains_none" -> Contains.Mode.NONE;
                    default -> Contains.Mode.ALL;
                };
                yield new Contains(mode, section.texts("values"), section.flag("ignore_case"));
            }
            case "regex" -> {
                allow(section, depth, "pattern", "ignore_case");
                yield pattern(section);
            }
            case "label_match" -> {
                allow(section, depth, "labels", "path");
                yield new LabelMatch(Set.copyOf(section.texts("labels")), path(section, null));
            }
            case "choice_letter" -> {
                allow(section, depth, "choices");
                yield new ChoiceLetter(section.integer("choices", 26));
            }
            case "set_f1" -> {
                allow(section, depth, "threshold");
                yield new SetF1(section.number("threshold", 1));
            }
            case "token_f1", "levenshtein", "rouge_l", "bleu", "chrf" -> {
                allow(section, depth, "threshold");
                yield new Overlap(Overlap.Measure.valueOf(type.toUpperCase(Locale.ROOT)),
                        section.number("threshold", 0.5));
            }
            case "length" -> {
                allow(section, depth, "unit", "min", "max");
                yield new Length(one(section, "unit", Length.Unit.class, Length.Unit.WORDS), section.integer("min", 0),
                        section.integer("max", Integer.MAX_VALUE));
            }
            case "number" -> {
                allow(section, depth, "tolerance", "preset");
                yield number(section);
            }
            case "zeroeval" -> {
                allow(section, depth, "compare");
                String compare = section.text("compare", "number");
                yield switch (compare) {
                    case "number" -> new NumberAnswer(NumberAnswer.Preset.GSM8K, 0);
                    case "text" -> new PythonLiteral();
                    default -> throw section.error("compare", "unknown rule '" + compare + "'", "write number or text");
                };
            }
            case "sql_normalized" -> {
                allow(section, depth);
                yield new SqlMatch();
            }
            case "ifeval" -> {
                allow(section, depth, "mode", "partial");
                yield new IfEval(one(section, "mode", IfEval.Mode.class, IfEval.Mode.STRICT), section.flag("partial"));
            }
            default -> null;
        };
    }

    private @Nullable Grader ofJson(String type, Section section, int depth) throws SuiteException {
        return switch (type) {
            case "json_fields" -> {
                allow(section, depth, "fields", "tolerant", "case_sensitive");
                yield new JsonFields(section.texts("fields"), section.flag("tolerant"),
                        section.flag("case_sensitive"));
            }
            case "json_valid" -> {
                allow(section, depth, "tolerant");
                yield new JsonValid(section.flag("tolerant"));
            }
            case "json_schema" -> {
                allow(section, depth, "schema", "tolerant");
                section.required("schema");
                yield new JsonSchemaMatch(files.json(section, "schema"), section.flag("tolerant"));
            }
            case "json_path" -> {
                allow(section, depth, "path", "tolerant");
                yield new JsonPathMatch(requirePath(section), section.flag("tolerant"));
            }
            case "json_diff" -> {
                allow(section, depth, "threshold", "tolerant");
                yield new JsonDiff(section.number("threshold", 1), section.flag("tolerant"));
            }
            case "tool_call_ast" -> {
                allow(section, depth, "functions", "ordered");
                yield new ToolCallMatch(
                        section.has("functions") ? ToolDefinition.read(files.json(section, "functions")) : List.of(),
                        section.flag("ordered"));
            }
            case "no_tool_call" -> {
                allow(section, depth);
                yield new NoToolCall();
            }
            case "xml_valid" -> {
                allow(section, depth, "tolerant");
                yield new XmlValid(section.flag("tolerant"));
            }
            default -> null;
        };
    }

    private static @Nullable Grader ofContent(String type, Section section, int depth) throws SuiteException {
        return switch (type) {
            case "language" -> {
                allow(section, depth, "language");
                yield new LanguageMatch(section.optionalText("language"));
            }
            case "refusal" -> {
                allow(section, depth, "wanted");
                yield new Refusal(section.flag("wanted"));
            }
            case "pii" -> {
                allow(section, depth);
                yield new PersonalData();
            }
            case "citation_present" -> {
                allow(section, depth, "min");
                yield new Citations(section.integer("min", 1));
            }
            case "finish_reason" -> {
                allow(section, depth, "allowed");
                List<String> allowed = section.texts("allowed");
                yield new FinishReason(Set.copyOf(allowed.isEmpty()
                        ? List.of("stop", "end_turn", "stop_sequence", "tool_calls", "tool_use", "STOP")
                        : allowed));
            }
            case "latency" -> {
                allow(section, depth, "max_ms");
                section.required("max_ms");
                yield new LatencyLimit(Duration.ofMillis(section.integer("max_ms", 0)));
            }
            case "cost" -> {
                allow(section, depth, "max", "currency");
                section.required("max");
                section.number("max", 0);
                yield new CostLimit(new Money(section.required("max").decimalValue(), section.text("currency", "USD")));
            }
            default -> null;
        };
    }

    private @Nullable Grader ofJudges(String type, Section section, int depth) throws SuiteException {
        JudgeReader judges = new JudgeReader(section, files);
        return switch (type) {
            case "judge_score" -> {
                allow(section, depth, "judge", "rubric", "threshold");
                yield JudgeAlone.score(judges.judge(), section.number("threshold", JudgeAlone.USUAL_THRESHOLD));
            }
            case "judge_binary" -> {
                allow(section, depth, "judge", "rubric");
                yield JudgeAlone.binary(judges.judge());
            }
            case "judge_pairwise" -> {
                allow(section, depth, "judge", "rubric", "orders", "tie");
                if (!section.text("orders", "both").equals("both")) {
                    throw section.error("orders", "a pair is judged in both orders: judges favour a place",
                            "write orders: both");
                }
                yield new JudgePairwise(judges.judge(), section.number("tie", 0.5), null);
            }
            case "reference_fact" -> {
                allow(section, depth, "judge", "rubric", "incomplete");
                yield JudgeAlone.facts(judges.judge(), section.number("incomplete", 0.5));
            }
            case "judge_panel" -> {
                allow(section, depth, "judges", "rubric", "kind", "threshold");
                yield judges.panel();
            }
            default -> null;
        };
    }

    private @Nullable Grader ofParts(String type, Section section, int depth) throws SuiteException {
        if (!Set.of("all", "any", "weighted", "first_fail", "not").contains(type)) {
            return null;
        }
        if (depth == MAX_DEPTH) {
            throw section.error("type", "graders within graders deeper than " + MAX_DEPTH, "flatten them");
        }
        allow(section, depth, type.equals("weighted") ? new String[]{"of", "threshold"} : new String[]{"of"});
        section.required("of");
        List<Combined.Part> parts = new ArrayList<>();
        for (Section part : section.sections("of")) {
            if (part.has("weight") && !type.equals("weighted")) {
                throw part.error("weight", "a weight says nothing here", "remove it, or write type: weighted");
            }
            double weight = part.number("weight", 1);
            if (!(weight > 0)) {
                throw part.error("weight", "the weight is not above 0", "write e.g. 1");
            }
            parts.add(new Combined.Part(grader(part, depth + 1), weight));
        }
        return new Combined(Combined.Rule.valueOf(type.toUpperCase(Locale.ROOT)), parts,
                section.number("threshold", 0.5));
    }

    private static Grader number(Section section) throws SuiteException {
        double tolerance = section.number("tolerance", 0);
        if (tolerance < 0) {
            throw section.error("tolerance", "the tolerance is negative", "write 0 or more");
        }
        String preset = section.optionalText("preset");
        if (preset == null) {
            return new NumberMatch(BigDecimal.valueOf(tolerance));
        }
        if (preset.equals("math")) {
            return new MathAnswer(tolerance);
        }
        return new NumberAnswer(one(section, "preset", NumberAnswer.Preset.class, NumberAnswer.Preset.GSM8K),
                tolerance);
    }

    /** One of an enum's values, written in lower case. */
    private static <E extends Enum<E>> E one(Section section, String key, Class<E> type, E otherwise)
            throws SuiteException {
        String text = section.optionalText(key);
        List<String> known = new ArrayList<>();
        for (E value : type.getEnumConstants()) {
            String name = value.name().toLowerCase(Locale.ROOT);
            known.add(name);
            if (name.equals(text)) {
                return value;
            }
        }
        if (text == null) {
            return otherwise;
        }
        throw section.error(key, "unknown " + key + " '" + text + "'", "write one of " + String.join(", ", known)
                + (key.equals("preset") ? ", math" : ""));
    }

    private static JsonPath requirePath(Section section) throws SuiteException {
        JsonPath path = path(section, section.requiredText("path"));
        if (path == null) {
            throw section.error("path", "'path' is missing", "write e.g. $.intent");
        }
        return path;
    }

    private static @Nullable JsonPath path(Section section, @Nullable String required) throws SuiteException {
        String text = required == null ? section.optionalText("path") : required;
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
