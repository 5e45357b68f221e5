package dev.pareto.proxy.cli.policy;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "export", mixinStandardHelpOptions = true, description = {
        "The ledger's decisions and what came of them, a JSON object a line: features and figures, no prompts."})
final class PolicyExportCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private DecisionSource source;

    @Option(names = "--out", paramLabel = "F.jsonl[.gz]", description = "a file (default: standard output)")
    private @Nullable Path out;

    @Override
    public Integer call() throws IOException {
        if (out == null) {
            PrintWriter console = spec.commandLine().getOut();
            source.ledger(line -> console.println(line.json()));
            console.flush();
            return 0;
        }
        long[] lines = new long[1];
        try (Writer file = new OutputStreamWriter(out.toString().endsWith(".gz")
                ? new GZIPOutputStream(Files.newOutputStream(out))
                : Files.newOutputStream(out), UTF_8); PrintWriter writer = new PrintWriter(file)) {
            source.ledger(line -> {
                writer.println(line.json());
                lines[0]++;
            });
            if (writer.checkError()) {
                throw new IOException("could not write " + out);
            }
        }
        spec.commandLine().getOut().println(lines[0] + " decisions in " + out);
        return 0;
    }
}
