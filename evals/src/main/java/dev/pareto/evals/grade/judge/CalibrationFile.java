package dev.pareto.evals.grade.judge;

import java.io.BufferedInputStream;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import dev.pareto.evals.CanonicalJson;
import dev.pareto.evals.JsonLines;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Calibrations as files: one line {@code {"fingerprint": "…", "kind": "judge_binary", "seal": "…"}}, then one per label,
 * {@code {"id": "…", "human": true, "judge": false}}, for pairs {@code {"id", "human", "judge", "swapped"}}, each true
 * when the first answer is the better one; null where the judge could not be read. The fingerprint is of the judge's model and
 * wording; the seal is a SHA-256 over it, the kind and every label, so that no column can be edited unseen. A file without one is of
 * hand: it can be read, and opens no gate.
 */
public final class CalibrationFile {

    private static final int MAX_LINE_BYTES = 1 << 16;
    private static final int MAX_LABELS = 1_000_000;
    private static final Set<String> KEYS = Set.of("id", "human", "judge", "swapped");

    private CalibrationFile() {}

    /**
     * Reads a calibration.
     *
     * @throws IOException when the file cannot be read or is no calibration; its message names the line
     */
    public static Calibration read(Path file) throws IOException {
        List<Calibration.Label> labels = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        String fingerprint = null;
        String seal = null;
        String kind = "";
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            JsonLines lines = new JsonLines(in, MAX_LINE_BYTES);
            for (byte[] bytes = lines.next(); bytes != null; bytes = lines.next()) {
                JsonNode line = JsonMapper.shared().readTree(bytes);
                if (fingerprint == null) {
                    fingerprint = line.path("fingerprint").asString("");
                    require(!fingerprint.isEmpty(), file, lines.number(), "the first line must tell the 'fingerprint'");
                    kind = line.path("kind").asString("");
                    seal = line.path("seal").isString() ? line.path("seal").stringValue() : null;
                    continue;
                }
                require(labels.size() < MAX_LABELS, file, lines.number(), "more than " + MAX_LABELS + " labels");
                labels.add(label(file, lines.number(), line));
                require(ids.add(labels.getLast().id()), file, lines.number(), "the id stands in the file already");
            }
        } catch (JsonLines.BadLineException e) {
            throw new IOException(file + ": line " + e.line() + ": " + e.reason(), e);
        } catch (JacksonException e) {
            throw new IOException(file + ": not JSON: " + e.getOriginalMessage(), e);
        }
        if (fingerprint == null || labels.isEmpty()) {
            throw new IOException(file + ": there are no labels");
        }
        if (seal != null && !seal.equals(seal(fingerprint, kind, labels))) {
            throw new IOException(file + ": its labels are not those that were sealed: something in it was edited;"
                    + " eval calibrate --labels … --out makes it anew");
        }
        try {
            Calibration found = Calibration.of(fingerprint, labels, kind.equals("judge_pairwise"));
            return seal == null ? found.unsealed() : found;
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    /** Writes what {@link #read} reads. */
    public static void write(Path file, String fingerprint, String kind, List<Calibration.Label> labels)
            throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            ObjectNode head = JsonNodeFactory.instance.objectNode();
            out.write(head.put("fingerprint", fingerprint)
                    .put("kind", kind)
                    .put("seal", seal(fingerprint, kind, labels))
                    .toString());
            for (Calibration.Label label : labels) {
                ObjectNode line = JsonNodeFactory.instance.objectNode();
                line.put("id", label.id()).put("human", label.human()).put("judge", label.judge());
                if (kind.equals("judge_pairwise")) {
                    line.put("swapped", label.swapped());
                }
                out.write('\n' + line.toString());
            }
            out.write('\n');
        }
    }

    /** Over what the file tells of a label, and no more. */
    private static String seal(String fingerprint, String kind, List<Calibration.Label> labels) {
        StringBuilder text = new StringBuilder("calibration/1|" + fingerprint + "|" + kind);
        for (Calibration.Label label : labels) {
            text.append('\n').append(label.id().length()).append(':').append(label.id());
            text.append('|')
                    .append(label.human())
                    .append('|')
                    .append(label.judge())
                    .append('|')
                    .append(kind.equals("judge_pairwise") ? label.swapped() : null);
        }
        return CanonicalJson.sha256(text.toString());
    }

    private static Calibration.Label label(Path file, int number, JsonNode line) throws IOException {
        require(line.isObject() && KEYS.containsAll(line.propertyNames()), file, number,
                "a label has " + new TreeSet<>(KEYS));
        require(line.path("id").isString() && line.path("human").isBoolean(), file, number,
                "a label needs a text 'id' and 'human', true or false");
        return new Calibration.Label(line.path("id").stringValue(), line.path("human").booleanValue(),
                word(file, number, line.get("judge")), word(file, number, line.get("swapped")));
    }

    private static @Nullable Boolean word(Path file, int number, @Nullable JsonNode value) throws IOException {
        if (value == null || value.isNull()) {
            return null;
        }
        require(value.isBoolean(), file, number, "'judge' and 'swapped' are true, false or null");
        return value.booleanValue();
    }

    private static void require(boolean condition, Path file, int number, String problem) throws IOException {
        if (!condition) {
            throw new IOException(file + ": line " + number + ": " + problem);
        }
    }
}
