package dev.pareto.evals.suite.importer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.pareto.evals.CanonicalJson;
import dev.pareto.evals.suite.SuiteException;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The files of a source, read whole and bounded; a source may name only files of its own folder. Remembers the hash of each, so that
 * an import can say what it was made from. Not thread-safe.
 */
final class SourceFiles {

    static final int MAX_BYTES = 256 << 20;
    static final int MAX_ROWS = 200_000;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Path source;
    private final Path folder;
    private final SortedMap<String, String> hashes = new TreeMap<>();
    private long bytes;

    /** One record of a data file. {@code where} names file and line. */
    record Row(String where, ObjectNode value) {}

    SourceFiles(Path source) {
        this.source = source.toAbsolutePath().normalize();
        Path parent = this.source.getParent();
        this.folder = Files.isDirectory(this.source) || parent == null ? this.source : parent;
    }

    Path source() {
        return source;
    }

    Path folder() {
        return folder;
    }

    /** SHA-256 of every file read so far, by its name within the source's folder. */
    SortedMap<String, String> hashes() {
        return hashes;
    }

    /** How a message calls a file. */
    String name(Path file) {
        Path absolute = file.toAbsolutePath().normalize();
        return absolute.startsWith(folder)
                ? folder.relativize(absolute).toString()
                : String.valueOf(file.getFileName());
    }

    /** A file that another names, with or without {@code file://}. */
    Path named(Path by, String name) throws SuiteException {
        String plain = name.startsWith("file://") ? name.substring("file://".length()) : name;
        Path parent = by.toAbsolutePath().normalize().getParent();
        Path file = (parent == null ? folder : parent).resolve(plain).normalize();
        if (!file.startsWith(folder)) {
            throw new SuiteException(by, 0, "'" + name + "' lies outside the source's folder",
                    "put it below " + folder);
        }
        if (!Files.isRegularFile(file)) {
            throw new SuiteException(by, 0, "there is no file '" + name + "'", "put it where the source says it is");
        }
        return file;
    }

    String text(Path file) throws IOException, SuiteException {
        long size = Files.size(file);
        if (bytes + size > MAX_BYTES) {
            throw new SuiteException(file, 0, "the source is larger than " + (MAX_BYTES >> 20) + " MiB", "split it");
        }
        bytes += size;
        byte[] content = Files.readAllBytes(file);
        hashes.put(name(file), CanonicalJson.sha256(content));
        return new String(content, StandardCharsets.UTF_8);
    }

    /** A YAML or JSON file. */
    JsonNode tree(Path file) throws IOException, SuiteException {
        return extension(file).equals("json") ? json(file, text(file), 0) : YamlTree.parse(file, text(file));
    }

    /** The records of a JSONL, JSON, YAML or CSV file; a JSON or YAML file holds a list. */
    List<Row> rows(Path file) throws IOException, SuiteException {
        List<Row> rows = switch (extension(file)) {
            case "jsonl", "ndjson" -> lines(file);
            case "csv" -> records(file);
            case "json", "yaml", "yml" -> elements(file, tree(file));
            default ->
                throw new SuiteException(file, 0, "unknown kind of file", "name a .jsonl, .json, .yaml or .csv file");
        };
        if (rows.size() > MAX_ROWS) {
            throw new SuiteException(file, 0, "more than " + MAX_ROWS + " records", "split the file");
        }
        return rows;
    }

    List<Row> elements(Path file, JsonNode list) throws SuiteException {
        List<Row> rows = new ArrayList<>();
        if (!list.isArray()) {
            throw new SuiteException(file, 0, "expected a list",
                    "write [{…}, …], or one object per line in a .jsonl file");
        }
        for (int i = 0; i < list.size(); i++) {
            rows.add(new Row(name(file) + "[" + i + "]", object(file, 0, list.get(i))));
        }
        return rows;
    }

    private List<Row> lines(Path file) throws IOException, SuiteException {
        List<Row> rows = new ArrayList<>();
        int number = 0;
        for (String line : text(file).lines().toList()) {
            number++;
            if (!line.isBlank()) {
                rows.add(new Row(name(file) + ":" + number, object(file, number, json(file, line, number))));
            }
        }
        return rows;
    }

    private List<Row> records(Path file) throws IOException, SuiteException {
        List<Csv.Row> records;
        try {
            records = Csv.rows(text(file));
        } catch (Csv.UnclosedQuote e) {
            throw new SuiteException(file, e.line(), "a quote that nothing closes", "close it or double it");
        }
        List<Row> rows = new ArrayList<>();
        List<String> header = records.isEmpty() ? List.of() : records.getFirst().fields();
        for (Csv.Row cells : records.subList(Math.min(1, records.size()), records.size())) {
            if (cells.fields().size() > header.size()) {
                throw new SuiteException(file, cells.line(), "more fields than the header has",
                        "quote fields with commas");
            }
            ObjectNode row = JSON.createObjectNode();
            for (int i = 0; i < cells.fields().size(); i++) {
                row.put(header.get(i).strip(), cells.fields().get(i));
            }
            rows.add(new Row(name(file) + ":" + cells.line(), row));
        }
        return rows;
    }

    static JsonNode json(Path file, String text, int line) throws SuiteException {
        try {
            return JSON.readTree(text);
        } catch (JacksonException e) {
            int at = e.getLocation() == null ? 0 : Math.max(0, e.getLocation().getLineNr());
            throw new SuiteException(file, line > 0 ? line : at, "not JSON: " + e.getOriginalMessage(), "mend it");
        } catch (NumberFormatException e) {
            throw new SuiteException(file, line, "a number beyond all bounds: " + e.getMessage(), "mend it");
        }
    }

    private static ObjectNode object(Path file, int line, JsonNode node) throws SuiteException {
        if (node instanceof ObjectNode object) {
            return object;
        }
        throw new SuiteException(file, line, "a record that is no object", "write {\"…\": …}");
    }

    static String extension(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }
}
