package dev.pareto.proxy.cli.verdict;

import dev.pareto.evals.verdict.Design;
import dev.pareto.evals.verdict.Verdict;
import dev.pareto.evals.verdict.VerdictComputer;
import dev.pareto.evals.verdict.VerdictJson;
import dev.pareto.proxy.cli.terminal.UsageException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "compute", mixinStandardHelpOptions = true, description = {
        "The verdict of any paired records, without a gateway.",
        "One JSON object a line: {\"id\", \"candidate\", \"incumbent\", \"cluster\"?, \"stratum\"?}, scores in [0, 1]."})
final class VerdictComputeCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "RECORDS.jsonl")
    private Path records;

    @Option(names = "--margin", required = true, description = "how much worse is still good enough, 0.02 for 2 points")
    private double margin;

    @Option(names = "--alpha", defaultValue = "0.05", description = "one-sided level (default: ${DEFAULT-VALUE})")
    private double alpha;

    @Option(names = "--sequential", description = "the anytime-valid test in the records' order")
    private boolean sequential;

    @Option(names = "--json", description = "print one JSON document and nothing else")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        try {
            Design design = Design.ofRecords(margin, alpha,
                    sequential ? Design.Test.SEQUENTIAL : Design.Test.FIXED);
            Verdict verdict = new VerdictComputer().fromRecords(records, design, Instant.now());
            spec.commandLine()
                    .getOut()
                    .println(json ? VerdictJson.write(verdict) : verdict.sentence());
            return 0;
        } catch (IllegalArgumentException unusable) {
            throw new UsageException(String.valueOf(unusable.getMessage()), unusable);
        }
    }
}
