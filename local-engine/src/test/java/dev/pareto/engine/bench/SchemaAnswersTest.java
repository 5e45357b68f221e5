package dev.pareto.engine.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import dev.pareto.engine.bench.SchemaAnswers.Judged;
import dev.pareto.engine.bench.SchemaAnswers.Outcome;
import dev.pareto.engine.bench.SchemaAnswers.Tally;

/** The whole engine against another's validator; the profile {@code bench} runs as many schemas as one likes. */
final class SchemaAnswersTest {

    private static final int SCHEMAS = 300;

    @TempDir
    private Path folder;

    @Test
    @Timeout(value = 300, unit = TimeUnit.SECONDS)
    void everyAnswerIsValidAlsoWhereTokensRunOut() throws IOException {
        var tally = new Tally();
        var faults = new ArrayList<Judged>();
        try (var answers = new SchemaAnswers(folder)) {
            answers.judge(1, SCHEMAS, judged -> {
                tally.accept(judged);
                if (judged.isFault()) {
                    faults.add(judged);
                }
            });
        }
        assertThat(faults).isEmpty();
        assertThat(tally.of(Outcome.VALID)).as("%s", tally).isGreaterThan(SCHEMAS * 3 / 4);
        assertThat(tally.of(Outcome.HURRIED)).as("%s", tally).isPositive();
    }
}
