package dev.pareto.proxy.cli.eval;

import dev.pareto.proxy.cli.terminal.UsageException;
import dev.pareto.evals.record.Published;
import dev.pareto.evals.record.RecordingConverter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

@Command(name = "record", mixinStandardHelpOptions = true, description = {
        "Makes a suite and recordings of published model outputs, to be served by a recorded vendor.",
        "SOURCE: a ZeroEval task folder, RouteLLM's folder, bbh.jsonl, a .jsonl log of",
        "{\"model\", \"prompt\", \"output\", \"expected\"?, \"latency_ms\"?, …}, or made-up:N."})
final class EvalRecordCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "SOURCE")
    private String source;

    @Option(names = "--to", required = true, paramLabel = "FOLDER", description = "where suite and recordings go")
    private Path folder;

    @Option(names = "--models", split = ",", description = "record these only (default: all)")
    private @Nullable List<String> models;

    @Option(names = "--route", description = "the route that the suite speaks for (default: the suite's name)")
    private @Nullable String route;

    @Option(names = "--margin", defaultValue = "0.02",
            description = "how much worse is still good enough (default: ${DEFAULT-VALUE})")
    private double margin;

    @Option(names = "--json", description = "print one JSON document and nothing else")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        if (!(margin > 0 && margin < 1)) {
            throw new UsageException("--margin " + margin + ": write 2 points as 0.02");
        }
        try {
            var converter = new RecordingConverter();
            Published published = converter.read(source);
            RecordingConverter.Made made = converter.write(published, folder,
                    route == null ? published.suite() : route, margin, models == null ? Set.of() : Set.copyOf(models));
            tell(made);
            return 0;
        } catch (IOException unusable) {
            throw new UsageException(String.valueOf(unusable.getMessage()), unusable);
        }
    }

    private void tell(RecordingConverter.Made made) {
        var out = spec.commandLine().getOut();
        if (json) {
            out.println(new JsonMapper().writeValueAsString(made));
            return;
        }
        out.printf("Suite %s with %d items in %s.%n", made.suite(), made.items(), folder);
        made.answers()
                .forEach((model, answers) -> out.printf("  %-48s %d answers%s%n", model, answers,
                        made.dropped().containsKey(model)
                                ? ", " + made.dropped().get(model) + " dropped: their items are not there"
                                : answers < made.items()
                                        ? ", " + (made.items() - answers) + " items without one"
                                        : ""));
        if (!made.answers().isEmpty()) {
            out.printf("Serve them with a vendor of pareto.yaml:%n  recorded: {recorded: '%s', models: [%s]}%n",
                    folder.toAbsolutePath().resolve("recordings"),
                    String.join(", ", made.answers().keySet().stream().map(name -> "'" + name + "'").toList()));
        }
    }
}
