package dev.pareto.evals.journal;

import dev.pareto.evals.grade.Grader;
import dev.pareto.evals.grade.combine.Combined;
import dev.pareto.evals.grade.judge.Calibration;
import dev.pareto.evals.grade.judge.JudgePanel;
import dev.pareto.evals.grade.judge.ModelGrader;
import dev.pareto.evals.suite.Suite;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A judge of a run, and how it has proved itself.
 *
 * @param grader in which it judges
 * @param calibration against people's labels; null when nobody has looked
 * @param problems why its word may not decide a swap; empty when it may
 */
public record JudgeNote(String grader, String model, @Nullable Calibration calibration, List<String> problems) {

    public JudgeNote {
        problems = List.copyOf(problems);
    }

    static List<JudgeNote> of(Suite suite) {
        return suite.graders()
                .stream()
                .flatMap(grader -> judgesIn(grader.grader())
                        .map(judge -> new JudgeNote(grader.id(), judge.judge().model().toString(),
                                judge.judge().calibration(), judge.gateProblems())))
                .toList();
    }

    private static Stream<ModelGrader> judgesIn(Grader grader) {
        return switch (grader) {
            case ModelGrader judge -> Stream.of(judge);
            case JudgePanel panel -> panel.members().stream();
            case Combined combined -> combined.parts().stream().flatMap(part -> judgesIn(part.grader()));
            default -> Stream.empty();
        };
    }
}
