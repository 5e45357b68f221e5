package dev.pareto.evals.record;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

import dev.pareto.evals.JsonLines;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Files of one JSON object a line, packed or not. */
final class JsonFiles {

    private static final int MAX_LINE_BYTES = 16 << 20;

    private JsonFiles() {}

    /** Takes one object. */
    @FunctionalInterface
    interface Line {
        void take(JsonNode json) throws IOException;
    }

    /** Reads every line that is not blank. Errors name file and line. */
    static void lines(Path file, Line taker) throws IOException {
        int number = 0;
        try (InputStream raw = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
                InputStream in = packed(file)
                        ? new BufferedInputStream(new GZIPInputStream(raw, 1 << 14), 1 << 16)
                        : raw) {
            JsonLines lines = new JsonLines(in, MAX_LINE_BYTES);
            for (byte[] bytes = lines.next(); bytes != null; bytes = lines.next()) {
                number = lines.number();
                if (bytes.length > 0) {
                    taker.take(JsonMapper.shared().readTree(bytes));
                }
            }
        } catch (JsonLines.BadLineException e) {
            throw new IOException(file + ":" + e.line() + ": " + e.reason(), e);
        } catch (JacksonException e) {
            throw new IOException(file + ":" + number + ": not JSON: " + e.getOriginalMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ":" + number + ": " + e.getMessage(), e);
        }
    }

    static boolean isLines(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.endsWith(".jsonl") || name.endsWith(".jsonl.gz");
    }

    /** The file's name without its endings. */
    static String stem(Path file) {
        return String.valueOf(file.getFileName()).replaceFirst("\\.jsonl(\\.gz)?$", "");
    }

    static String text(JsonNode json, String key) {
        JsonNode value = json.get(key);
        if (value == null || !value.isValueNode() || value.isNull()) {
            throw new IllegalArgumentException("needs '" + key + "', a text");
        }
        return value.asString();
    }

    private static boolean packed(Path file) {
        return file.toString().endsWith(".gz");
    }
}
