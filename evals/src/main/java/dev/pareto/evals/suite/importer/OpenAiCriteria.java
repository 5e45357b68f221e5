package dev.pareto.evals.suite.importer;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

import dev.pareto.evals.suite.Template;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Testing criteria of OpenAI's evals as graders; references are filled in row by row. */
final class OpenAiCriteria {

    private static final Pattern OUTPUT = Pattern.compile("\\{\\{\\s*sample\\.output_text\\s*}}");

    private OpenAiCriteria() {}

    /** One criterion that can be kept. */
    record Criterion(String name, String operation, Template reference) {}

    /** Graders of an item, and its key. */
    record Applied(List<String> graders, @Nullable JsonNode expected) {

        Applied {
            graders = List.copyOf(graders);
        }
    }

    static List<Criterion> read(JsonNode criteria, Draft draft) {
        List<Criterion> kept = new ArrayList<>();
        for (JsonNode node : criteria) {
            if (!(node instanceof ObjectNode one)) {
                continue;
            }
            String name = one.path("name").asString("criterion-" + (kept.size() + 1));
            String where = "testing_criteria '" + name + "'";
            switch (one.path("type").asString("")) {
                case "string_check", "text_similarity" -> keep(where, name, one, kept, draft);
                case "multi" -> {
                    draft.drop(where, "calculate_output: " + one.path("calculate_output").asString(""),
                            "a formula is a program; its graders are kept and count alike");
                    List<JsonNode> parts = new ArrayList<>();
                    one.path("graders").properties().forEach(part -> {
                        ObjectNode named = part.getValue().deepCopy().asObject();
                        parts.add(named.put("name", named.path("name").asString(part.getKey())));
                    });
                    kept.addAll(read(JsonMapper.shared().createArrayNode().addAll(parts), draft));
                }
                case "python" -> draft.drop(where, one.path("source").asString(""),
                        "it runs code, and a suite of Pareto executes nothing");
                case "label_model", "score_model" ->
                    draft.drop(where, one.path("model").asString("") + ": " + one.path("input"),
                            PromptfooAsserts.NEEDS_A_JUDGE);
                default -> draft.drop(where, one.toString(), "unknown type");
            }
        }
        return kept;
    }

    private static void keep(String where, String name, ObjectNode one, List<Criterion> kept, Draft draft) {
        String type = one.path("type").asString("");
        String input = one.path("input").asString("");
        if (!OUTPUT.matcher(input.strip()).matches()) {
            draft.drop(where, "input: " + input,
                    "graders read the whole answer, {{sample.output_text}}, and nothing else");
            return;
        }
        if (one.has("pass_threshold")) {
            draft.drop(where, "pass_threshold: " + one.get("pass_threshold"),
                    "the score counts, not a threshold on it");
        }
        try {
            kept.add(new Criterion(name,
                    one.path(type.equals("string_check") ? "operation" : "evaluation_metric").asString(""),
                    Template.mustache(one.path("reference").asString(""))));
        } catch (IllegalArgumentException e) {
            draft.drop(where, "reference: " + one.path("reference").asString(""), String.valueOf(e.getMessage()));
        }
    }

    static Applied apply(String where, List<Criterion> criteria, ObjectNode values, Draft draft) {
        List<String> graders = new ArrayList<>();
        JsonNode expected = null;
        for (Criterion criterion : criteria) {
            String reference = criterion.reference().render(values);
            JsonNode key = JsonMapper.shared().getNodeFactory().stringNode(reference);
            ObjectNode spec = spec(criterion, reference, expected == null || expected.equals(key));
            if (spec == null) {
                draft.dropOnce(criterion.name() + ": " + criterion.operation(), "no grader of Pareto says the same");
                continue;
            }
            String id = draft.grader(where, criterion.name().toLowerCase(Locale.ROOT), spec);
            if (id != null && !graders.contains(id)) {
                graders.add(id);
                expected = keyed(criterion) && expected == null ? key : expected;
            }
        }
        return new Applied(graders, expected);
    }

    private static boolean keyed(Criterion criterion) {
        return switch (criterion.operation()) {
            case "ne" -> false;
            default -> !criterion.reference().constant() || criterion.operation().equals("eq");
        };
    }

    private static @Nullable ObjectNode spec(Criterion criterion, String reference, boolean keyFree) {
        return switch (criterion.operation()) {
            case "eq" ->
                keyFree ? Specs.spec("exact") : Specs.regex("\\A\\s*" + Pattern.quote(reference.strip()) + "\\s*\\z");
            case "ne" -> Specs.not(reference);
            case "like", "ilike" -> keyFree && keyed(criterion)
                    ? Specs.values("contains_all", List.of(), criterion.operation().equals("ilike"))
                    : Specs.values("contains_all", List.of(reference), criterion.operation().equals("ilike"));
            case "fuzzy_match" -> keyFree ? Specs.spec("levenshtein") : null;
            case "bleu" -> keyFree ? Specs.spec("bleu") : null;
            case "rouge_l" -> keyFree ? Specs.spec("rouge_l") : null;
            case "cosine" -> keyFree ? Specs.spec("embedding_cosine") : null;
            default -> null;
        };
    }
}
