package dev.pareto.proxy.cli.policy;

import dev.pareto.policies.policy.ParetoConfig;
import dev.pareto.policies.replay.Replay;
import dev.pareto.policies.replay.ReplayJson;
import dev.pareto.policies.replay.ReplayReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "diff", mixinStandardHelpOptions = true, description = {
        "Which recorded requests two policies send to different models, and what that changes in money, time and accuracy.",
        "Each file is a whole configuration, or one of policies and routes on top of the gateway's."})
final class PolicyDiffCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private DecisionSource source;

    @Parameters(index = "0", paramLabel = "OLD.yaml")
    private Path before;

    @Parameters(index = "1", paramLabel = "NEW.yaml")
    private Path after;

    @Option(names = "--json", description = "print one JSON document and nothing else")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        ParetoConfig old = PolicySimulateCommand.changed(source, before);
        ParetoConfig now = PolicySimulateCommand.changed(source, after);
        DecisionSource.Found found = source.read();
        List<ReplayReport.Move> moves = Replay.moves(found.records(), old, now);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(ReplayJson.write(moves));
            return 0;
        }
        long moved = moves.stream().mapToLong(ReplayReport.Move::requests).sum();
        out.printf("%d of %d requests change their model%n", moved, found.records().size());
        for (ReplayReport.Move move : moves) {
            out.printf(Locale.ROOT, "%s: %d from %s to %s: cost %s, together %s; p95 %s s; accuracy %s; e.g. %s%n",
                    move.route(), move.requests(), move.from() == null ? "nobody" : move.from(),
                    move.to() == null ? "nobody" : move.to(), pair(move.costBefore(), move.costAfter(), "%.3g"),
                    sum(move), pair(move.secondsBefore(), move.secondsAfter(), "%.2f"),
                    pair(move.accuracyBefore(), move.accuracyAfter(), "%.3f"), String.join(", ", move.examples()));
        }
        found.notes().forEach(note -> out.println("note: " + note));
        return 0;
    }

    private static String pair(@Nullable Double one, @Nullable Double other, String format) {
        return (one == null ? "?" : String.format(Locale.ROOT, format, one)) + " -> "
                + (other == null ? "?" : String.format(Locale.ROOT, format, other));
    }

    private static String sum(ReplayReport.Move move) {
        Double before = move.costBefore();
        Double after = move.costAfter();
        return before == null || after == null
                ? "?"
                : String.format(Locale.ROOT, "%+.3g", (after - before) * move.requests());
    }
}
