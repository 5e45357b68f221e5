package dev.pareto.evals.verdict;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

import dev.pareto.evals.CanonicalJson;
import dev.pareto.evals.JsonLines;
import dev.pareto.policies.price.Money;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Paired records as JSONL: {@code {"id", "stratum"?, "cluster"?, "critical"?, "candidate": SIDE, "incumbent": SIDE}} where SIDE is
 * {@code {"score", "human"?, "format_failure"?, "truncated"?, "refused"?, "failed_graders"?, "latency_ms"?, "cost"?, "currency"?,
 * "served"?, "error"?}}, or just a score as a number, a boolean, or null for "no answer". Other keys are
 * ignored and named, unless they look like one of these misspelt.
 */
public final class RecordFile {

    private static final int MAX_LINE_BYTES = 1 << 20;
    private static final int MAX_RECORDS = 1_000_000;

    private RecordFile() {}

    /**
     * What a file held when it was read.
     *
     * @param records in the order of the file
     * @param sha256 of its bytes, read once: a pipe has no second time, and a file may change
     * @param ignored keys that were not read, the first twenty, with what they are keys of
     */
    public record Content(List<PairRecord> records, String sha256, List<String> ignored) {

        /** Copies the lists. */
        public Content {
            records = List.copyOf(records);
            ignored = List.copyOf(ignored);
        }
    }

    /** Writes the records and returns the SHA-256 of the file. */
    public static String write(Path file, List<PairRecord> records) throws IOException {
        StringBuilder text = new StringBuilder();
        for (PairRecord record : records) {
            text.append(json(record)).append('\n');
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        Files.write(file, bytes);
        return CanonicalJson.sha256(bytes);
    }

    /**
     * Reads records.
     *
     * @throws IOException with file and line when one cannot be used
     */
    public static List<PairRecord> read(Path file) throws IOException {
        return content(file).records();
    }

    /** Likewise, with the hash of what was read. */
    public static Content content(Path file) throws IOException {
        List<PairRecord> records = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        MessageDigest digest = CanonicalJson.digest();
        RecordReader reader = new RecordReader();
        int line = 0;
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest);
                InputStream buffered = new BufferedInputStream(in, 1 << 16)) {
            JsonLines lines = new JsonLines(buffered, MAX_LINE_BYTES);
            for (byte[] bytes = lines.next(); bytes != null; bytes = lines.next()) {
                line = lines.number();
                if (blank(bytes)) {
                    continue;
                }
                PairRecord record = reader.record(bytes);
                if (!ids.add(record.id())) {
                    throw new IllegalArgumentException("the id '" + record.id()
                            + "' stands there twice: an item counted twice makes the evidence look stronger than it is;"
                            + " average repeated answers to one item, or drop one");
                }
                if (records.size() == MAX_RECORDS) {
                    throw new IllegalArgumentException("more than " + MAX_RECORDS + " records");
                }
                records.add(record);
            }
        } catch (JsonLines.BadLineException e) {
            throw new IOException(file + ":" + e.line() + ": " + e.reason(), e);
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ":" + line + ": " + e.getMessage()
                    + "; a line reads {\"id\": …, \"candidate\": 0 or 1, \"incumbent\": 0 or 1}", e);
        }
        if (records.isEmpty()) {
            throw new IOException(file + ": there are no records");
        }
        requireSide(file, records, "candidate", PairRecord::candidate);
        requireSide(file, records, "incumbent", PairRecord::incumbent);
        return new Content(records, HexFormat.of().formatHex(digest.digest()), reader.ignored());
    }

    /** One record without a side is an item without an answer; a file of them is a misspelt name. */
    private static void requireSide(Path file, List<PairRecord> records, String name,
            Function<PairRecord, PairRecord.Side> side) throws IOException {
        if (records.stream().map(side).allMatch(one -> one.score() == null)) {
            throw new IOException(file + ": no record has a score of the " + name + "; a line reads"
                    + " {\"id\": …, \"candidate\": 0 or 1, \"incumbent\": 0 or 1}");
        }
    }

    private static boolean blank(byte[] line) {
        for (byte letter : line) {
            if (letter != ' ' && letter != '\t') {
                return false;
            }
        }
        return true;
    }

    private static ObjectNode json(PairRecord record) {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        json.put("id", record.id());
        if (record.cluster() != null) {
            json.put("cluster", record.cluster());
        }
        if (record.stratum() != null) {
            json.put("stratum", record.stratum());
        }
        if (record.critical()) {
            json.put("critical", true);
        }
        json.set("candidate", json(record.candidate()));
        json.set("incumbent", json(record.incumbent()));
        return json;
    }

    private static ObjectNode json(PairRecord.Side side) {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        json.put("score", side.score());
        if (side.human() != null) {
            json.put("human", side.human());
        }
        json.put("format_failure", side.formatFailure());
        if (side.truncated()) {
            json.put("truncated", true);
        }
        if (side.refused()) {
            json.put("refused", true);
        }
        if (!side.failedGraders().isEmpty()) {
            json.set("failed_graders",
                    JsonMapper.shared().valueToTree(side.failedGraders().stream().sorted().toList()));
        }
        json.put("latency_ms", side.latencyMillis());
        Money cost = side.cost();
        json.put("cost", cost == null ? null : cost.plain());
        json.put("currency", cost == null ? null : cost.currency());
        PairRecord.Served served = side.served();
        if (served != null) {
            ObjectNode by = json.putObject("served").put("model", served.model());
            if (served.fingerprint() != null) {
                by.put("fingerprint", served.fingerprint());
            }
            if (served.simulated()) {
                by.put("simulated", true);
            }
        }
        if (side.error() != null) {
            json.put("error", side.error());
        }
        return json;
    }
}
