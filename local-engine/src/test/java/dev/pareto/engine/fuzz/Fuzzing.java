package dev.pareto.engine.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The profile {@code fuzz}: runs Jazzer on one target after another, each in a JVM of its own with a small heap, and fails
 * if any of them found something. Corpora, logs and findings are kept under {@code target/fuzz}.
 */
public final class Fuzzing {

    private static final Path SEEDS = Path.of("src", "test", "resources", "dev", "pareto", "engine", "fuzz");
    private static final Path WORK = Path.of("target", "fuzz");
    private static final int MOST_INPUT_BYTES = 64 << 10;
    /** On the clock, for what never ends; {@link Watched} is stricter with what does. */
    private static final int MOST_SECONDS = 60;
    private static final int LINES_SHOWN = 60;

    private Fuzzing() {}

    /** @param args seconds for each target, and the targets with commas between, or "all" */
    public static void main(String[] args) throws IOException, InterruptedException {
        int seconds = Integer.parseInt(args[0]);
        var targets = args[1].equals("all")
                ? List.of(Target.values())
                : Arrays.stream(args[1].split(",", -1)).map(Fuzzing::target).toList();
        var failed = new ArrayList<String>();
        for (var target : targets) {
            if (!run(target, seconds)) {
                failed.add(target.folder());
            }
        }
        if (!failed.isEmpty()) {
            System.out.println("Findings in " + failed + ". Copy the inputs from " + WORK + " to " + SEEDS
                    + ", where every build replays them, and mend the parser.");
            System.exit(1);
        }
    }

    private static Target target(String name) {
        return Arrays.stream(Target.values())
                .filter(target -> target.folder().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "there is no target '" + name + "'; there are " + Arrays.toString(Target.values())));
    }

    private static boolean run(Target target, int seconds) throws IOException, InterruptedException {
        var folder = Files.createDirectories(WORK.resolve(target.folder()));
        var corpus = Files.createDirectories(folder.resolve("corpus"));
        var log = folder.resolve("log");
        System.out.println(target.folder() + ": " + seconds + " s");
        int code = new ProcessBuilder(command(target, seconds, folder, corpus)).redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
                .waitFor();
        var lines = Files.readAllLines(log);
        if (code == 0) {
            lines.stream().filter(line -> line.startsWith("Done ")).forEach(System.out::println);
        } else {
            System.out.println(target.folder() + " FAILED with " + code + "; the end of " + log + ":");
            lines.subList(Math.max(0, lines.size() - LINES_SHOWN), lines.size()).forEach(System.out::println);
        }
        return code == 0;
    }

    private static List<String> command(Target target, int seconds, Path folder, Path corpus) {
        var command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g", "-XX:+EnableDynamicAgentLoading", "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow", "-cp", System.getProperty("java.class.path"),
                "com.code_intelligence.jazzer.Jazzer", "--target_class=" + target.className(),
                "--instrumentation_includes=dev.pareto.engine.gguf.**:dev.pareto.engine.text.**:dev.pareto.engine.grammar.**",
                "--reproducer_path=" + folder, "-artifact_prefix=" + folder + "/", "-max_total_time=" + seconds,
                "-timeout=" + MOST_SECONDS, "-rss_limit_mb=3072", "-max_len=" + MOST_INPUT_BYTES));
        var dictionary = SEEDS.resolve(target.folder() + ".dict");
        if (Files.exists(dictionary)) {
            command.add("-dict=" + dictionary);
        }
        command.addAll(List.of(corpus.toString(), SEEDS.resolve(target.folder()).toString()));
        return command;
    }
}
