package dev.pareto.evals.journal;

import dev.pareto.evals.journal.RunFigures.Estimate;
import dev.pareto.evals.run.Run;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A run without its items.
 *
 * @param evidence how far a sequential test is on its way to a decision, 0 to 1; null when there is none
 * @param lastAt when it wrote last
 * @param endedAt null unless it ended
 * @param stop why it ended; null unless it did
 * @param verdict the id of what came of it; null when nothing did
 */
public record RunSummary(RunHeader header, RunRecord.State state, @Nullable Double evidence, Instant lastAt,
        @Nullable Instant endedAt, Run.@Nullable Stop stop, @Nullable String verdict, RunFigures figures) {

    /** The same once a verdict is filed: two intervals of one difference would contradict each other. */
    public RunSummary decided(Estimate verdict) {
        return new RunSummary(header, state, evidence, lastAt, endedAt, stop, this.verdict, figures.decided(verdict));
    }

    /** What the record comes to. */
    public static RunSummary of(RunRecord run) {
        return new RunSummary(run.header(), run.state(), run.evidence(), run.lastAt(), run.endedAt(), run.stop(),
                run.verdict(), RunFigures.of(run));
    }
}
