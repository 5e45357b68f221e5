package dev.pareto.evals.suite.importer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.pareto.evals.suite.SuiteException;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * MT-bench as FastChat keeps it: {@code question.jsonl} with {@code turns}, {@code model_answer/*.jsonl} beside it. First
 * turns become items; a second turn depends on the model's own first answer, which a suite does not have.
 */
final class MtBench implements Importer {

    @Override
    public void read(SourceFiles files, ImportOptions options, Draft draft) throws IOException, SuiteException {
        draft.name("mt-bench");
        Path file = Files.isDirectory(files.source()) ? files.source().resolve("question.jsonl") : files.source();
        if (!Files.isRegularFile(file)) {
            throw new SuiteException(file, 0, "there is no question.jsonl",
                    "name the data folder of a benchmark of FastChat");
        }
        Map<String, ArrayNode> asked = new HashMap<>();
        for (SourceFiles.Row row : files.rows(file)) {
            JsonNode turns = row.value().path("turns");
            String id = row.value().path("question_id").asString("");
            if (!turns.isArray() || turns.isEmpty() || id.isEmpty()) {
                draft.drop(row.where(), "the whole row", "no 'question_id' or no 'turns'");
                continue;
            }
            for (int turn = 1; turn < turns.size(); turn++) {
                draft.drop(row.where(), "turn " + (turn + 1) + ": " + turns.get(turn).asString(""),
                        "it follows on the model's own answer; an item is asked once");
            }
            ArrayNode messages = Specs.user(turns.get(0).asString(""));
            asked.put(id, messages);
            ObjectNode more = JsonMapper.shared().createObjectNode();
            if (row.value().path("category").isString()) {
                more.set("stratum", row.value().get("category"));
            }
            OpenEnded.add(row, "mt-bench-" + id, messages, row.value().path("reference").path(0), options.grader(),
                    more, draft);
        }
        Path answers = files.folder().resolve("model_answer");
        for (Path answer : Files.isDirectory(answers) ? listed(answers) : List.<Path>of()) {
            for (SourceFiles.Row row : files.rows(answer)) {
                ArrayNode messages = asked.get(row.value().path("question_id").asString(""));
                JsonNode text = row.value().at("/choices/0/turns/0");
                if (messages != null && text.isString()) {
                    draft.answer(row.value().path("model_id").asString("unknown"), messages, text.asString(), null,
                            null, null);
                }
            }
        }
        if (Files.isDirectory(files.folder().resolve("model_judgment"))) {
            draft.drop("model_judgment", "the judge's verdicts",
                    "they are of another judge and prompt; calibrate your own");
        }
    }

    private static List<Path> listed(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(file -> SourceFiles.extension(file).equals("jsonl")).sorted().toList();
        }
    }
}
