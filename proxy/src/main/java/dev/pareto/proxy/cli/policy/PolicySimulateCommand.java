package dev.pareto.proxy.cli.policy;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pareto.policies.policy.ConfigException;
import dev.pareto.policies.policy.ConfigReader;
import dev.pareto.policies.policy.ParetoConfig;
import dev.pareto.policies.replay.Replay;
import dev.pareto.policies.replay.ReplayChart;
import dev.pareto.policies.replay.ReplayJson;
import dev.pareto.policies.replay.ReplayReport;
import dev.pareto.proxy.cli.terminal.UsageException;
import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "simulate", mixinStandardHelpOptions = true, description = {
        "What would have happened under another policy: recorded decisions are made again, by features, not prompts.",
        "NEW.yaml is a whole configuration, or one of policies and routes that take the place of those of their names."})
final class PolicySimulateCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private DecisionSource source;

    @Option(names = "--policy", required = true, paramLabel = "NEW.yaml", description = "what to try")
    private Path policy;

    @Option(names = "--svg", paramLabel = "FILE", description = "also draw it")
    private @Nullable Path svg;

    @Option(names = "--json", description = "print one JSON document and nothing else")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        ParetoConfig config = changed(source, policy);
        DecisionSource.Found found = source.read();
        ReplayReport report = Replay.run(policy.getFileName().toString(), found.records(), config)
                .withNotes(
                        found.notes());
        if (svg != null) {
            Files.writeString(svg, ReplayChart.svg(report), UTF_8);
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(ReplayJson.write(report));
        } else {
            print(report, out);
        }
        return 0;
    }

    static ParetoConfig changed(DecisionSource source, Path file) {
        try {
            return new ConfigReader().readChanged(source.config, file, System.getenv());
        } catch (ConfigException refused) {
            throw new UsageException(String.valueOf(refused.getMessage()), refused);
        }
    }

    private static void print(ReplayReport report, PrintWriter out) {
        out.printf("%s on decisions from %s to %s%n", report.policy(), report.from(), report.to());
        out.printf("%-34s %8s %9s %8s  %-40s %-32s %s%n", "tenant / route", "requests", "by data", "eff. n",
                "cost of a request, was -> would be", "p95 s", "accuracy");
        for (ReplayReport.Row row : report.rows()) {
            ReplayReport.Support support = row.support();
            String name = row.route() == null
                    ? "all"
                    : (row.tenant() == null ? "" : row.tenant() + " / ") + row.route();
            out.printf(Locale.ROOT, "%-34s %8d %8.0f%% %8.0f  %-40s %-32s %s%n", name, support.requests(),
                    100.0 * support.supported() / Math.max(1, support.requests()), support.effective(),
                    figure(row.cost(), PolicySimulateCommand::amount),
                    figure(row.seconds(), value -> String.format(Locale.ROOT, "%.2f", value)),
                    figure(row.accuracy(), value -> String.format(Locale.ROOT, "%.3f", value)));
            if (row.route() == null) {
                out.println("  traffic: " + row.traffic());
            }
        }
        out.println(
                """
                by data: the recording policy could have made the same choice, so what came of it tells; the rest is \
                told by prices and forecasts alone. Intervals (doubly robust, 95 in 100) are of the data's part.""");
        report.notes().forEach(note -> out.println("note: " + note));
    }

    private interface Says {
        String of(double value);
    }

    /** Three digits, written out: small amounts are usual here. */
    static String amount(double value) {
        return BigDecimal.valueOf(value).round(new MathContext(3)).toPlainString();
    }

    private static String figure(ReplayReport.Figure figure, Says says) {
        ReplayReport.Point point = figure.together();
        String was = figure.recorded() == null ? "?" : says.of(figure.recorded());
        if (point == null) {
            return was + " -> unknown";
        }
        return was + " -> " + says.of(point.value()) + (point.low() == null || point.high() == null
                ? ""
                : " (" + says.of(point.low()) + " to " + says.of(point.high()) + ")");
    }
}
