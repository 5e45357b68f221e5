package dev.pareto.evals.grade.instructions;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;

import dev.pareto.evals.grade.BoundedText;
import dev.pareto.evals.grade.Grade;
import dev.pareto.evals.grade.TextGrader;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/**
 * Instruction following as IFEval measures it (Zhou et al. 2023, arXiv 2311.07911): the key lists
 * {@code instruction_id_list} and {@code kwargs}; every one of its 25 kinds is checked by a program.
 *
 * @param mode how strictly
 * @param partial whether the score is the share of instructions that are followed, rather than all or nothing
 */
public record IfEval(Mode mode, boolean partial) implements TextGrader {

    /** Which text must follow an instruction. */
    public enum Mode {
        /** The answer as it is. */
        STRICT,
        /** The answer with or without its first line, its last line and its asterisks, whichever follows. */
        LOOSE
    }

    /** Checks the mode. */
    public IfEval {
        requireNonNull(mode, "mode is null");
    }

    @Override
    public Grade grade(String answer, @Nullable JsonNode expected) {
        if (expected == null) {
            throw new IllegalArgumentException("the item has no instructions in 'expected'");
        }
        List<Named> instructions = instructions(expected);
        List<String> texts = mode == Mode.STRICT ? List.of(answer) : variants(answer);
        List<String> broken = new ArrayList<>();
        for (Named instruction : instructions) {
            try {
                if (texts.stream().noneMatch(text -> !text.isBlank() && instruction.rule.followed(text))) {
                    broken.add(instruction.id);
                }
            } catch (BoundedText.StepsExceeded | StackOverflowError e) {
                return Grade.none("a pattern of " + instruction.id + " takes too many steps");
            }
        }
        double followed = 1 - (double) broken.size() / instructions.size();
        return new Grade(partial ? followed : broken.isEmpty() ? 1.0 : 0.0, broken.isEmpty(), false,
                broken.isEmpty() ? "follows " + instructions.size() : "breaks " + broken);
    }

    /** Which of the key's instructions the answer follows, in their order. */
    public List<Boolean> followed(String answer, JsonNode expected) {
        List<String> texts = mode == Mode.STRICT ? List.of(answer) : variants(answer);
        return instructions(expected).stream()
                .map(named -> texts.stream().anyMatch(text -> !text.isBlank() && named.rule.followed(text)))
                .toList();
    }

    @Override
    public @Nullable String problemWith(@Nullable JsonNode expected) {
        if (expected == null) {
            return "needs 'instruction_id_list' and 'kwargs' in 'expected'";
        }
        try {
            instructions(expected);
            return null;
        } catch (IllegalArgumentException e) {
            return "cannot read 'expected': " + e.getMessage();
        }
    }

    private record Named(String id, Instruction rule) {}

    private static List<Named> instructions(JsonNode expected) {
        JsonNode ids = expected.path("instruction_id_list");
        JsonNode kwargs = expected.path("kwargs");
        if (!ids.isArray() || ids.isEmpty() || !kwargs.isArray() || kwargs.size() != ids.size()) {
            throw new IllegalArgumentException("'instruction_id_list' and 'kwargs' must be lists of one length");
        }
        List<Named> instructions = new ArrayList<>();
        for (int i = 0; i < ids.size(); i++) {
            String id = ids.get(i).asString("");
            instructions.add(new Named(id, Instruction.of(id, new Arguments(id, kwargs.get(i)))));
        }
        return instructions;
    }

    private static List<String> variants(String answer) {
        int first = answer.indexOf('\n');
        int last = answer.lastIndexOf('\n');
        String withoutFirst = first < 0 ? "" : answer.substring(first + 1).strip();
        String withoutLast = last < 0 ? "" : answer.substring(0, last).strip();
        String withoutBoth = first < 0 || first >= last ? "" : answer.substring(first + 1, last).strip();
        List<String> variants = new ArrayList<>();
        for (String text : List.of(answer, withoutFirst, withoutLast, withoutBoth)) {
            variants.add(text);
            variants.add(text.replace("*", ""));
        }
        return variants;
    }
}
