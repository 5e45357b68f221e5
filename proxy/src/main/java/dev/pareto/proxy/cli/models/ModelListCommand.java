package dev.pareto.proxy.cli.models;

import dev.pareto.engine.LocalEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** Those that the gateway serves, and those that it cannot serve with the reason. */
@Command(name = "list", description = "The open models on this machine.", mixinStandardHelpOptions = true)
final class ModelListCommand implements Callable<Integer> {

    /** A file that is no model for the engine, as {@code --json} shows it. */
    private record Unusable(String name, Path file, String problem) {}

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
        List<Unusable> unusable = new ArrayList<>();
        for (Map.Entry<String, Path> entry : files.all().entrySet()) {
            String problem = problem(entry.getValue());
            if (problem == null) {
                models.add(ModelSummary.read(entry.getKey(), entry.getValue()));
            } else {
                unusable.add(new Unusable(entry.getKey(), entry.getValue(), problem));
            }
        }
        if (json) {
            List<Record> all = new ArrayList<>(models);
            all.addAll(unusable);
            out.println(JsonMapper.shared().writeValueAsString(all));
            return 0;
        }
        out.printf("%-28s %-10s %9s  %-8s %10s %10s  %s%n", "model", "family", "weights", "type", "file", "memory",
                "context");
        for (ModelSummary model : models) {
            out.printf("%-28s %-10s %9s  %-8s %7.1f MB %10s  %s%n", "local/" + model.name(), model.architecture(),
                    model.size(),
                    model.mainType(), model.bytes() / 1e6, megabytes(model.memory()), model.contextLength());
        }
        for (Unusable model : unusable) {
            out.printf("%-28s cannot be served: %s%n", "local/" + model.name(), model.problem());
        }
        return 0;
    }

    private static String megabytes(@Nullable Long bytes) {
        return bytes == null ? "unknown" : "%.1f MB".formatted(bytes / 1e6);
    }

    private static @Nullable String problem(Path file) {
        try {
            return LocalEngine.faultOf(file).orElse(null);
        } catch (IOException unreadable) {
            return "the file cannot be read: " + unreadable.getMessage();
        }
    }
}
