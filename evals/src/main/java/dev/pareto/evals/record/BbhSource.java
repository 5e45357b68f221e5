package dev.pareto.evals.record;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import dev.pareto.evals.record.Published.Item;

/** BIG-Bench Hard in one file of {@code {"id", "task", "input", "target"}}: items without answers. */
final class BbhSource {

    private BbhSource() {}

    static boolean is(Path file) {
        return Files.isRegularFile(file) && JsonFiles.stem(file).equals("bbh");
    }

    /** A question that stands there twice is asked once. */
    static Published read(Path file) throws IOException {
        List<Item> items = new ArrayList<>();
        Set<String> asked = new HashSet<>();
        JsonFiles.lines(file, line -> {
            String question = JsonFiles.text(line, "input") + "\nEnd with the answer alone on the last line.";
            if (asked.add(question)) {
                items.add(new Item(JsonFiles.text(line, "id"), question, JsonFiles.text(line, "target"),
                        JsonFiles.text(line, "task")));
            }
        });
        return new Published("bbh", "BIG-Bench Hard", "github.com/suzgunmirac/BIG-Bench-Hard, MIT",
                "{id: answer, type: regex, pattern: '([^\\n]*\\S)\\s*$', primary: true}", items, List.of());
    }
}
