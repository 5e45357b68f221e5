package dev.pareto.evals.journal;

import dev.pareto.evals.JsonLines;
import dev.pareto.evals.run.RunKey;
import dev.pareto.evals.run.RunStore;
import dev.pareto.evals.suite.Item;
import dev.pareto.evals.suite.Suite;
import dev.pareto.evals.suite.SuiteException;
import dev.pareto.evals.suite.SuiteReader;
import dev.pareto.policies.catalog.ModelId;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What was asked and answered in an item's whole length. The journal holds neither: questions lie in the suite, answers in the store.
 *
 * @param messages the question; null when the suite cannot be read any more or has no such item
 * @param expected the key as JSON text; null when there is none
 * @param note why something is missing or may differ from what was asked then; null when nothing is
 * @param answers of each model, whole where the store still has them; null where there is none
 */
public record ItemWords(@Nullable List<Map<String, Object>> messages, @Nullable String expected, @Nullable String note,
        List<@Nullable String> answers) {

    private static final int MAX_LINE_BYTES = 16 << 20;

    /** Reads the words of one item of a run. */
    public static ItemWords of(RunRecord run, RunRecord.Pair pair, RunStore store) throws IOException {
        RunHeader header = run.header();
        Suite suite = suite(header);
        Item item = suite == null
                ? null
                : suite.items().stream().filter(one -> one.id().equals(pair.item())).findFirst().orElse(null);
        List<@Nullable String> answers = new ArrayList<>();
        for (int model = 0; model < header.models().size(); model++) {
            Mark mark = pair.side(model);
            String whole = suite == null || mark == null || mark.prompt() == null
                    ? null
                    : answer(store.file(key(header, header.models().get(model), suite)), mark.prompt());
            answers.add(whole != null || mark == null ? whole : mark.answer());
        }
        String note = item == null
                ? "The suite in " + header.suiteFolder() + " has no such item any more."
                : suite != null && header.suiteVersion().startsWith(suite.version())
                        ? null
                        : "The suite has changed since this run.";
        return new ItemWords(item == null ? null : item.messages(),
                item == null || item.expected() == null ? null : item.expected().toString(), note, answers);
    }

    private static @Nullable Suite suite(RunHeader header) throws IOException {
        try {
            return new SuiteReader().read(Path.of(header.suiteFolder()));
        } catch (SuiteException gone) {
            return null;
        }
    }

    private static RunKey key(RunHeader header, RunHeader.ModelRef model, Suite suite) {
        return new RunKey(header.suite(), header.suiteVersion(), ModelId.parse(model.model()), suite.sampling(),
                model.fingerprint(), 0);
    }

    /** Reads beside the writer; whole lines only. Null when it is not there. */
    private static @Nullable String answer(Path file, String prompt) throws IOException {
        if (!Files.isRegularFile(file)) {
            return null;
        }
        byte[] wanted = prompt.getBytes(StandardCharsets.UTF_8);
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            JsonLines lines = new JsonLines(in, MAX_LINE_BYTES);
            for (byte[] line = lines.next(); line != null && lines.terminated(); line = lines.next()) {
                if (contains(line, wanted)) {
                    JsonNode json = JsonMapper.shared().readTree(line);
                    if (json.path("prompt_sha256").asString("").equals(prompt)) {
                        return json.path("text").asString("");
                    }
                }
            }
            return null;
        } catch (JsonLines.BadLineException | JacksonException damaged) {
            throw new IOException(file + " is damaged: " + damaged.getMessage(), damaged);
        }
    }

    /** Spares parsing lines that cannot be the one. */
    private static boolean contains(byte[] line, byte[] wanted) {
        for (int i = 0; i + wanted.length <= line.length; i++) {
            if (Arrays.equals(line, i, i + wanted.length, wanted, 0, wanted.length)) {
                return true;
            }
        }
        return false;
    }
}
