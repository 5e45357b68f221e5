package dev.pareto.proxy.cli.verdict;

import dev.pareto.proxy.cli.remote.GatewayClient;
import dev.pareto.proxy.cli.remote.GatewayOptions;
import dev.pareto.proxy.cli.terminal.UsageException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

@Command(name = "export", mixinStandardHelpOptions = true, description = {
        "Writes every verdict on file, oldest first, one JSON object a line: what verdict check --chain FILE reads.",
        "Prints the hash of the newest; keep it elsewhere, for --newest."})
final class VerdictExportCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private GatewayOptions where;

    @Parameters(paramLabel = "FILE.jsonl", description = "replaced when it is there")
    private Path file;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path folder = file.toAbsolutePath().getParent();
        if (Files.isDirectory(file) || (folder != null && !Files.isDirectory(folder))) {
            throw new UsageException(Files.isDirectory(file)
                    ? file + " is a folder; name a file to write"
                    : "there is no folder " + folder + " to write " + file.getFileName() + " in");
        }
        List<JsonNode> all;
        try (GatewayClient gateway = where.connect()) {
            all = gateway.chain();
        }
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (JsonNode verdict : all) {
                out.write(verdict + "\n");
            }
        }
        spec.commandLine()
                .getOut()
                .println(all.isEmpty()
                        ? "There is no verdict."
                        : all.size() + (all.size() == 1 ? " verdict" : " verdicts") + " written to " + file
                                + ", the newest " + all.getLast().path("sha256").asString(""));
        return 0;
    }
}
