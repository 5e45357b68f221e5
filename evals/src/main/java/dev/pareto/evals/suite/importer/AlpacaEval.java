package dev.pareto.evals.suite.importer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.pareto.evals.suite.SuiteException;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Outputs of alpaca_eval ({@code [{instruction, output, generator, dataset}, …]}, one file or a folder with one per model).
 * There is no right answer, only a better one: the first file's outputs are kept as references and each model's as recordings.
 */
final class AlpacaEval implements Importer {

    @Override
    public void read(SourceFiles files, ImportOptions options, Draft draft) throws IOException, SuiteException {
        draft.name("alpaca-eval");
        draft.license("the data of alpaca_eval are CC BY-NC 4.0: not for commercial use");
        Path file = files.source();
        if (Files.isDirectory(file)) {
            throw new SuiteException(file, 0, "this is a folder", "name one model_outputs.json");
        }
        int number = 0;
        for (SourceFiles.Row row : files.rows(file)) {
            number++;
            JsonNode value = row.value();
            String instruction = value.path("instruction").asString("");
            if (instruction.isBlank()) {
                draft.drop(row.where(), "the whole row", "no 'instruction'");
                continue;
            }
            if (value.has("output_1") || value.has("preference")) {
                draft.drop(row.where(), "preference: " + value.path("preference"),
                        "a judge's verdict is no question; name"
                                + " model_outputs.json");
                continue;
            }
            ArrayNode messages = Specs.user(instruction);
            ObjectNode more = JsonMapper.shared().createObjectNode();
            if (value.path("dataset").isString()) {
                more.set("stratum", value.get("dataset"));
            }
            OpenEnded.add(row, "alpaca-" + number, messages, value.path("output"), options.grader(), more, draft);
            if (value.path("output").isString()) {
                draft.answer(value.path("generator").asString("unknown"), messages, value.path("output").asString(),
                        null, null,
                        null);
            }
        }
    }
}
