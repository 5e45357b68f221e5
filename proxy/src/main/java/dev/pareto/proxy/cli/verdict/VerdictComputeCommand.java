package dev.pareto.proxy.cli.verdict;

import dev.pareto.evals.verdict.BreakEven;
import dev.pareto.evals.verdict.Design;
import dev.pareto.evals.verdict.PairRecord;
import dev.pareto.evals.verdict.RecordFile;
import dev.pareto.evals.verdict.Verdict;
import dev.pareto.evals.verdict.VerdictComputer;
import dev.pareto.evals.verdict.VerdictJson;
import dev.pareto.policies.price.Money;
import dev.pareto.proxy.cli.terminal.UsageException;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "compute", mixinStandardHelpOptions = true, description = {
        "The verdict of any paired records, without a gateway.",
        "One JSON object a line: {\"id\", \"candidate\", \"incumbent\", \"cluster\"?, \"stratum\"?}, scores in [0, 1];",
        "a score may be an object {\"score\", \"human\"?, \"cost\"?, \"latency_ms\"?, …}.",
        "Records of one cluster were sampled together and count as one draw; strata are weighed by their records."})
final class VerdictComputeCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "RECORDS.jsonl")
    private Path records;

    @ArgGroup(exclusive = true, multiplicity = "1")
    private Tolerance tolerance = new Tolerance();

    /** How much worse is still good enough. */
    static final class Tolerance {

        @Option(names = "--margin", description = "how much worse is still good enough, 0.02 for 2 points")
        private @Nullable Double margin;

        @Option(names = "--fail-cost", paramLabel = "USD",
                description = "what a wrong answer costs; the margin follows from it and from the records' costs")
        private @Nullable BigDecimal failCost;
    }

    @Option(names = "--alpha", defaultValue = "0.05", description = "one-sided level (default: ${DEFAULT-VALUE})")
    private double alpha;

    @Option(names = "--sequential",
            description = {"the anytime-valid test, in the order of the hexadecimal SHA-256(\"swap-1|\" + id);",
                    "clusters are drawn whole, by their mean, in the order of SHA-256(\"swap-1|\" + cluster)"})
    private boolean sequential;

    @Option(names = "--json", description = "print one JSON document and nothing else")
    private boolean json;

    @Override
    public Integer call() {
        if (!(alpha > 0 && alpha < 0.5)) {
            throw new UsageException("alpha " + alpha + " is not within (0, 0.5); write 5 % as 0.05");
        }
        if (Files.isDirectory(records)) {
            throw new UsageException(records + " is a folder; name a file of records");
        }
        try {
            RecordFile.Content read = RecordFile.content(records);
            if (!read.ignored().isEmpty()) {
                spec.commandLine()
                        .getErr()
                        .println("note: ignored, for no verdict reads them: " + String.join(", ", read.ignored()));
            }
            Verdict verdict = new VerdictComputer().fromRecords(read, records, design(read.records()), Instant.now());
            spec.commandLine()
                    .getOut()
                    .println(json
                            ? VerdictJson.write(verdict)
                            : verdict.sentence() + System.lineSeparator() + verdict.quality().intervals()
                                    + labels(verdict));
            return 0;
        } catch (IllegalArgumentException | IOException unusable) {
            throw new UsageException(reason(unusable), unusable);
        }
    }

    private static String labels(Verdict verdict) {
        Verdict.HumanLabels human = verdict.quality().human();
        return human == null || human.unused() == null
                ? ""
                : System.lineSeparator() + "People's labels of " + human.labelled() + " records were not used: "
                        + human.unused() + ".";
    }

    private String reason(Exception unusable) {
        return unusable instanceof NoSuchFileException
                ? "there is no file " + records
                : String.valueOf(unusable.getMessage());
    }

    private Design design(List<PairRecord> read) {
        Design.Test test = sequential ? Design.Test.SEQUENTIAL : Design.Test.FIXED;
        if (tolerance.margin != null) {
            return Design.ofRecords(tolerance.margin, alpha, test, read);
        }
        BigDecimal failCost = tolerance.failCost == null ? BigDecimal.ZERO : tolerance.failCost;
        return Design.ofRecords(new BreakEven(mean(read, PairRecord::incumbent), mean(read, PairRecord::candidate),
                failCost, "mean costs of the records"), alpha, test, read);
    }

    private static BigDecimal mean(List<PairRecord> records, Function<PairRecord, PairRecord.Side> side) {
        BigDecimal sum = BigDecimal.ZERO;
        for (PairRecord record : records) {
            Money cost = side.apply(record).cost();
            if (cost == null || !cost.currency().equals("USD")) {
                throw new IllegalArgumentException("a margin from money needs a cost in USD in every record, and "
                        + record.id() + " has none; state --margin instead");
            }
            sum = sum.add(cost.amount());
        }
        return sum.divide(BigDecimal.valueOf(records.size()), Money.SCALE, RoundingMode.HALF_EVEN);
    }
}
