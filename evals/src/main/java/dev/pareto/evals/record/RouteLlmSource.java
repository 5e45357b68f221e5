package dev.pareto.evals.record;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.pareto.evals.record.Published.Answers;
import dev.pareto.evals.record.Published.Item;
import dev.pareto.evals.record.Published.Said;
import dev.pareto.evals.record.Published.Sink;

import org.jspecify.annotations.Nullable;

/**
 * RouteLLM's GSM8K: {@code gsm8k_responses.csv} with a column {@code MODEL_response} for each model, and the keys in
 * {@code gsm8k_test.jsonl} behind {@code ####}.
 */
final class RouteLlmSource {

    private static final String RESPONSES = "gsm8k_responses.csv";
    private static final String KEYS = "gsm8k_test.jsonl";
    private static final String SUFFIX = "_response";
    private static final int MAX_CELL = 1 << 20;

    private RouteLlmSource() {}

    static boolean is(Path folder) {
        return Files.isRegularFile(folder.resolve(RESPONSES)) && Files.isRegularFile(folder.resolve(KEYS));
    }

    static Published read(Path folder) throws IOException {
        Map<String, String> keys = new HashMap<>();
        JsonFiles.lines(folder.resolve(KEYS), line -> {
            String answer = JsonFiles.text(line, "answer");
            keys.put(JsonFiles.text(line, "question").strip(),
                    answer.substring(answer.lastIndexOf("####") + 4).strip().replace(",", ""));
        });
        List<Item> items = new ArrayList<>();
        Map<String, List<String>> outputs = new LinkedHashMap<>();
        try (Reader in = Files.newBufferedReader(folder.resolve(RESPONSES))) {
            Csv csv = new Csv(in);
            List<String> header = csv.next();
            if (header == null || !header.contains("prompt")) {
                throw new IOException(folder.resolve(RESPONSES) + " has no column 'prompt'");
            }
            for (List<String> row = csv.next(); row != null; row = csv.next()) {
                String question = row.get(header.indexOf("prompt"));
                String key = keys.get(question.strip());
                if (key == null) {
                    throw new IOException(folder.resolve(RESPONSES) + ": row " + (items.size() + 1)
                            + " asks something that " + KEYS + " does not");
                }
                items.add(new Item(Integer.toString(items.size()), question, key, null));
                for (int column = 0; column < header.size(); column++) {
                    String name = header.get(column);
                    if (name.endsWith(SUFFIX)) {
                        outputs.computeIfAbsent(name.substring(0, name.length() - SUFFIX.length()),
                                model -> new ArrayList<>()).add(row.get(column));
                    }
                }
            }
        }
        return new Published("routellm-gsm8k", "GSM8K as RouteLLM asked it",
                "github.com/lm-sys/RouteLLM, Apache-2.0; GSM8K, MIT", "{id: answer, type: number, primary: true}",
                items,
                outputs.entrySet().stream().<Answers>map(e -> new Column(e.getKey(), e.getValue())).toList());
    }

    private record Column(String model, List<String> outputs) implements Answers {

        @Override
        public void forEach(Sink sink) throws IOException {
            for (int i = 0; i < outputs.size(); i++) {
                sink.take(Integer.toString(i), Said.of(outputs.get(i)));
            }
        }
    }

    /** RFC 4180: cells may be quoted, and then hold commas, line ends and doubled quotes. */
    private static final class Csv {

        private final Reader in;

        Csv(Reader in) {
            this.in = new BufferedReader(in);
        }

        @Nullable
        List<String> next() throws IOException {
            int c = in.read();
            if (c < 0) {
                return null;
            }
            List<String> cells = new ArrayList<>();
            StringBuilder cell = new StringBuilder();
            boolean quoted = false;
            for (; c >= 0; c = in.read()) {
                if (quoted && c == '"') {
                    in.mark(1);
                    quoted = in.read() == '"';
                    if (quoted) {
                        cell.append('"');
                    } else {
                        in.reset();
                    }
                } else if (!quoted && c == '"') {
                    quoted = true;
                } else if (!quoted && c == ',') {
                    cells.add(cell.toString());
                    cell.setLength(0);
                } else if (!quoted && c == '\n') {
                    break;
                } else if (quoted || c != '\r') {
                    cell.append((char) c);
                }
                if (cell.length() > MAX_CELL) {
                    throw new IOException("a cell of more than " + MAX_CELL + " characters");
                }
            }
            cells.add(cell.toString());
            return cells;
        }
    }
}
