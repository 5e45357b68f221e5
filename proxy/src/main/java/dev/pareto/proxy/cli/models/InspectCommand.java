package dev.pareto.proxy.cli.models;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.pareto.engine.KernelChoice;
import dev.pareto.engine.LocalEngine;
import dev.pareto.engine.gguf.GgufException;
import dev.pareto.proxy.cli.terminal.UsageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

@Command(name = "inspect", description = "What a model's file says of itself.", mixinStandardHelpOptions = true)
final class InspectCommand implements Callable<Integer> {

    /**
     * What {@code --json} shows.
     *
     * @param kernels which loops would compute it on this machine
     */
    private record Inspected(@JsonUnwrapped ModelSummary summary, KernelChoice kernels) {}

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelFiles files;

    @Parameters(paramLabel = "MODEL", description = "a name from models list, or a path to a GGUF file")
    private String model;

    @Option(names = "--json", description = "print one JSON document and nothing else")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        var out = spec.commandLine().getOut();
        ModelSummary summary = summary();
        KernelChoice kernels = LocalEngine.kernels();
        if (json) {
            out.println(JsonMapper.shared().writeValueAsString(new Inspected(summary, kernels)));
            return 0;
        }
        out.printf("%s: %s, %s weights, context %s%n", summary.name(), summary.architecture(), summary.size(),
                summary.contextLength());
        line("title", summary.title());
        line("what", summary.description());
        line("licence", summary.licence());
        line("file", summary.file() + " (GGUF v" + summary.version() + ", " + summary.bytes() + " bytes, "
                + summary.tensors() + " tensors)");
        line("types", summary.types()
                .entrySet()
                .stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .map(type -> "%s %.1f MB".formatted(type.getKey(), type.getValue() / 1e6))
                .collect(Collectors.joining(", ")));
        line("shape", summary.layers() + " layers, width " + summary.embedding() + ", " + summary.heads() + " heads ("
                + summary.kvHeads() + " for keys and values)");
        line("tokenizer", summary.tokenizer() + ", " + summary.vocabulary() + " tokens");
        line("template", summary.chatTemplate() ? "in the file" : "none in the file");
        line("kernels", kernels.name() + " (" + kernels.why() + ")" + copies(summary, kernels));
        line("problem", LocalEngine.faultOf(summary.file()).orElse(null));
        return 0;
    }

    private ModelSummary summary() throws IOException {
        Path file = files.find(model);
        try {
            return ModelSummary.read(file.getFileName().toString().replaceFirst("\\.gguf$", ""), file);
        } catch (GgufException damaged) {
            throw new UsageException(file + ": " + damaged.getMessage(), damaged);
        }
    }

    /** Which of the model's types are decoded from a copy in another layout. */
    private static String copies(ModelSummary summary, KernelChoice kernels) {
        var copied = new TreeSet<>(kernels.copied());
        copied.retainAll(summary.types().keySet());
        return copied.isEmpty()
                ? ""
                : "; " + String.join(", ", copied) + " multiplied from copies in a layout of their own";
    }

    private void line(String label, @Nullable String value) {
        if (value != null) {
            spec.commandLine().getOut().printf("  %-10s %s%n", label, value);
        }
    }
}
