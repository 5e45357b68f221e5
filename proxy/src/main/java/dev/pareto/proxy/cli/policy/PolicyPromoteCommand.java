package dev.pareto.proxy.cli.policy;

import dev.pareto.dashboards.report.DecisionExport;
import dev.pareto.policies.policy.ConfigException;
import dev.pareto.policies.policy.ConfigReader;
import dev.pareto.policies.promote.Ended;
import dev.pareto.proxy.cli.terminal.UsageException;
import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "promote", mixinStandardHelpOptions = true, description = {
        "Puts a policy in force, watches, and undoes itself when a guard breaks; ends with 3 then.",
        "A whole configuration takes the place of the gateway's, a file of policies and routes that of the one of its name in policies/."})
final class PolicyPromoteCommand implements Callable<Integer> {

    private static final int UNDONE = 3;

    @Spec
    private CommandSpec spec;

    @Mixin
    private DecisionSource source;

    @Parameters(index = "0", paramLabel = "NEW.yaml")
    private Path file;

    @Option(names = "--watch", defaultValue = "30m", converter = Span.class,
            description = "how long, e.g. 90s, 30m, 2h; as much time before is what it is compared with (default: ${DEFAULT-VALUE})")
    private Duration watch;

    @Option(names = "--max-errors", paramLabel = "SHARE",
            description = "failed requests that are still good, e.g. 0.02 (default: before, and a point more)")
    private @Nullable Double errors;

    @Option(names = "--max-p95", paramLabel = "SECONDS", description = "(default: before, and half as much again)")
    private @Nullable Double p95;

    @Option(names = "--max-cost", paramLabel = "AMOUNT",
            description = "mean of a request (default: before, and half as much again)")
    private @Nullable BigDecimal cost;

    @Option(names = "--max-spend", paramLabel = "AMOUNT", description = "all requests together (default: any)")
    private @Nullable BigDecimal spend;

    /** {@code 90s}, {@code 30m}, {@code 2h}. */
    static final class Span implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            if (!text.matches("\\d{1,6}[smh]")) {
                throw new IllegalArgumentException("write 90s, 30m or 2h, not '" + text + "'");
            }
            return Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
        }
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        Path target = target();
        PolicySimulateCommand.changed(source, file);
        var promotion = new Promotion(InstantSource.system(), Thread::sleep, this::between, line -> {
            out.println(line);
            out.flush();
        });
        Promotion.Outcome outcome = promotion.run(file, target, watch, this::fault,
                limits -> limits.with(errors, p95, cost, spend));
        switch (outcome) {
            case Promotion.Outcome.Kept kept -> {
                out.println("kept: " + kept.requests() + " requests in "
                        + watch.toString().substring(2).toLowerCase(Locale.ROOT) + ", no guard broke");
                return 0;
            }
            case Promotion.Outcome.Undone undone -> {
                out.println("undone after " + undone.requests() + " requests: " + undone.reason());
                return UNDONE;
            }
        }
    }

    private Path target() {
        try {
            return ConfigReader.isWhole(file, System.getenv())
                    ? source.config
                    : source.config.resolveSibling("policies").resolve(file.getFileName());
        } catch (ConfigException refused) {
            throw new UsageException(String.valueOf(refused.getMessage()), refused);
        }
    }

    private @Nullable String fault() {
        try {
            new ConfigReader().read(source.config, System.getenv());
            return null;
        } catch (ConfigException refused) {
            return refused.getMessage();
        }
    }

    private List<Promotion.Request> between(Instant from, Instant to) {
        List<Promotion.Request> requests = new ArrayList<>();
        source.ledger(from, to, line -> add(line, requests));
        return requests;
    }

    private static void add(DecisionExport.Line line, List<Promotion.Request> requests) {
        requests.add(new Promotion.Request(line.requestId(),
                new Ended(line.decidedAt(), line.failed(), line.millis() / 1e3, line.cost())));
    }
}
