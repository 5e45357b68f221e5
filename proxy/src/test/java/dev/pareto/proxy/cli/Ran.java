package dev.pareto.proxy.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import picocli.CommandLine;

/** What a command printed and how it ended. */
public record Ran(int status, String out, String err) {

    /** Runs the whole command line. */
    public static Ran of(List<String> arguments) {
        return run(Main::commandLine, arguments);
    }

    /** Runs {@code models …} with folders of its own for models and data. */
    public static Ran models(Path home, String... arguments) {
        return run(Main::commandLine, home, Stream.concat(Stream.of("models"), Stream.of(arguments)).toList());
    }

    /** Runs one command by itself, as {@link Main} would. */
    public static Ran command(Object command, Path home, String... arguments) {
        return run((out, err) -> new CommandLine(command).setOut(out)
                .setErr(err)
                .setExecutionExceptionHandler(Main.commandLine(out, err).getExecutionExceptionHandler()), home,
                List.of(arguments));
    }

    @FunctionalInterface
    private interface Line {
        CommandLine with(PrintWriter out, PrintWriter err);
    }

    private static Ran run(Line line, Path home, List<String> arguments) {
        var all = new ArrayList<>(arguments);
        all.add("--models-dir=" + home.resolve("models"));
        all.add("--data=" + home.resolve("data"));
        return run(line, all);
    }

    private static Ran run(Line line, List<String> arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        int status = line.with(new PrintWriter(out, true), new PrintWriter(err, true))
                .execute(arguments.toArray(String[]::new));
        return new Ran(status, out.toString(), err.toString());
    }

    /** A tiny model of the engine's own tests. */
    public static Path goldenModel(String name) {
        Path root = Stream.iterate(Path.of("").toAbsolutePath(), Objects::nonNull, Path::getParent)
                .filter(folder -> Files.isDirectory(folder.resolve(".mvn")))
                .findFirst()
                .orElseThrow();
        return root.resolve("local-engine/src/test/resources/dev/pareto/engine/model").resolve(name + ".gguf");
    }
}
