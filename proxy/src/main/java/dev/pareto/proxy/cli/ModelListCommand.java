package dev.pareto.proxy.cli;

import dev.pareto.engine.gguf.GgufException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

@Command(name = "list", description = "The open models on this machine.", mixinStandardHelpOptions = true)
final class ModelListCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelFiles files;

    @Option(names = "--json", description = "print one JSON document and nothing else")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        var out = spec.commandLine().getOut();
        List<ModelSummary> models = new ArrayList<>();
        for (Map.Entry<String, Path> entry : files.all().entrySet()) {
            try {
                models.add(ModelSummary.read(entry.getKey(), entry.getValue()));
            } catch (GgufException damaged) {
                spec.commandLine().getErr().println("pareto: " + entry.getValue() + ": " + damaged.getMessage());
            }
        }
        if (json) {
            out.println(JsonMapper.shared().writeValueAsString(models));
            return 0;
        }
        out.printf("%-28s %-10s %9s  %-8s %10s  %s%n", "model", "family", "weights", "type", "file", "context");
        for (ModelSummary model : models) {
            out.printf("%-28s %-10s %9s  %-8s %7.1f MB  %s%n", "local/" + model.name(), model.architecture(),
                    model.size(),
                    model.mainType(), model.bytes() / 1e6, model.contextLength());
        }
        return 0;
    }
}
