package dev.pareto.evals.grade.judge;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

import dev.pareto.evals.grade.Grade;
import dev.pareto.evals.grade.Grader;
import dev.pareto.evals.grade.JudgeClient;
import dev.pareto.evals.grade.Judgement;
import dev.pareto.evals.grade.Submission;
import dev.pareto.policies.catalog.ModelId;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/**
 * Several judges of one mind or none: more than half of the panel must say yes, or no. Judges that fail do not vote;
 * when that leaves no majority of the whole panel, there is no score.
 *
 * @param members three or more judges, an odd number, each another model
 */
public record JudgePanel(List<ModelGrader> members) implements Grader {

    /** Copies the members. */
    public JudgePanel {
        members = List.copyOf(members);
        long models = members.stream().map(member -> member.judge().model()).distinct().count();
        if (members.size() < 3 || members.size() % 2 == 0 || models != members.size()) {
            throw new IllegalArgumentException(
                    "a panel has an odd number of judges, three or more, each another model");
        }
    }

    @Override
    public Grade grade(Submission submission) {
        int yes = 0;
        int no = 0;
        int failed = 0;
        Judgement said = null;
        for (ModelGrader member : members) {
            Grade grade = member.grade(submission);
            Judgement more = grade.judgement();
            said = said == null ? more : more == null ? said : said.plus(more);
            Double score = grade.score();
            if (score == null) {
                failed++;
            } else if (score != 0.5) {
                yes += grade.pass() ? 1 : 0;
                no += grade.pass() ? 0 : 1;
            }
        }
        String count = yes + " for, " + no + " against, " + failed + " failed, of " + members.size();
        int majority = members.size() / 2 + 1;
        if (yes >= majority || no >= majority) {
            return new Grade(yes >= majority ? 1.0 : 0.0, yes >= majority, false, count, said);
        }
        return failed > 0 ? Grade.none(count).with(said) : new Grade(0.5, false, false, count, said);
    }

    @Override
    public @Nullable String problemWith(@Nullable JsonNode expected) {
        return members.stream()
                .map(member -> member.problemWith(expected))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    @Override
    public JudgePanel connected(JudgeClient client) {
        return new JudgePanel(members.stream().map(member -> member.connected(client)).toList());
    }

    @Override
    public Set<ModelId> judges() {
        return members.stream().map(member -> member.judge().model()).collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public List<String> gateProblems() {
        return members.stream().flatMap(member -> member.gateProblems().stream()).toList();
    }
}
