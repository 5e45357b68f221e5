package dev.pareto.evals.record;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.pareto.evals.record.Published.Answers;
import dev.pareto.evals.record.Published.Item;
import dev.pareto.evals.record.Published.Said;
import dev.pareto.evals.record.Published.Sink;

import tools.jackson.databind.JsonNode;

/**
 * A task of ZeroEval: a folder with {@code MODEL.jsonl.gz} of {@code {"id", "output"}} and, beside it, {@code TASK.items.jsonl} of
 * {@code {"id", "prompt", "answer"}}.
 */
final class ZeroEvalSource {

    /** Tasks whose answers are texts; those of the others are numbers. */
    private static final Map<String, String> COMPARE = Map.of("crux", "text");

    private ZeroEvalSource() {}

    static boolean is(Path folder) {
        return Files.isDirectory(folder) && Files.isRegularFile(itemsFile(folder));
    }

    static Published read(Path folder) throws IOException {
        String task = String.valueOf(folder.getFileName());
        List<Item> items = new ArrayList<>();
        JsonFiles.lines(itemsFile(folder), line -> items.add(new Item(JsonFiles.text(line, "id"),
                JsonFiles.text(line, "prompt"), key(line), null)));
        return new Published(task, "ZeroEval " + task + ", greedy", "github.com/WildEval/ZeroEval, Apache-2.0",
                "{id: answer, type: zeroeval, compare: " + COMPARE.getOrDefault(task, "number") + ", primary: true}",
                items, models(folder));
    }

    private static Path itemsFile(Path folder) {
        return folder.resolveSibling(folder.getFileName() + ".items.jsonl");
    }

    /** GSM8K's keys begin with a number sign. */
    private static String key(JsonNode line) {
        return JsonFiles.text(line, "answer").replaceFirst("^#+\\s*", "");
    }

    private static List<Answers> models(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> JsonFiles.isLines(file))
                    .sorted()
                    .<Answers>map(file -> new OfFile(JsonFiles.stem(file), file))
                    .toList();
        }
    }

    private record OfFile(String model, Path file) implements Answers {

        @Override
        public void forEach(Sink sink) throws IOException {
            JsonFiles.lines(file, line -> sink.take(JsonFiles.text(line, "id"),
                    Said.of(JsonFiles.text(line, "output"))));
        }
    }
}
