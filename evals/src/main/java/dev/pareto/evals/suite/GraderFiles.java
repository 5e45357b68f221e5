package dev.pareto.evals.suite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

import dev.pareto.evals.CanonicalJson;
import dev.pareto.evals.grade.judge.Calibration;
import dev.pareto.evals.grade.judge.CalibrationFile;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The files that graders name: rubrics, schemas, calibrations. They lie in the suite's folder and count for its version. */
final class GraderFiles {

    private static final int MAX_BYTES = 1 << 20;
    private static final int MAX_CALIBRATION_BYTES = 64 << 20;

    private final Section top;
    private final boolean calibrated;
    private final SequencedMap<String, String> hashes = new LinkedHashMap<>();

    /** @param calibrated whether judges have their calibrations; else no such file is looked for */
    GraderFiles(Section top, boolean calibrated) {
        this.top = top;
        this.calibrated = calibrated;
    }

    /** SHA-256 by name, of all files read so far. */
    SequencedMap<String, String> hashes() {
        return Collections.unmodifiableSequencedMap(hashes);
    }

    /** The text of the file that the key names. */
    String text(Section section, String key) throws SuiteException {
        Path file = file(section, key, MAX_BYTES);
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw section.error(key, "cannot read " + file.getFileName() + ": " + e.getMessage(), "write it in UTF-8");
        }
    }

    /** JSON that stands under the key itself, or in the file that it names. */
    JsonNode json(Section section, String key) throws SuiteException {
        JsonNode value = section.required(key);
        if (!value.isString()) {
            return value;
        }
        try {
            return JsonMapper.shared().readTree(text(section, key));
        } catch (JacksonException e) {
            throw section.error(key, "'" + value.asString() + "' is not JSON: " + e.getOriginalMessage(),
                    "mend the file");
        }
    }

    /** The calibration in the file that the key names; null where none are wanted. */
    @Nullable
    Calibration calibration(Section section, String key) throws SuiteException {
        if (!calibrated) {
            section.requiredText(key);
            return null;
        }
        Path file = file(section, key, MAX_CALIBRATION_BYTES);
        try {
            return CalibrationFile.read(file);
        } catch (IOException e) {
            throw section.error(key, "no calibration: " + e.getMessage(),
                    "mend the file, or calibrate the judge again");
        }
    }

    private Path file(Section section, String key, int maxBytes) throws SuiteException {
        String name = section.requiredText(key);
        Path folder = top.file().toAbsolutePath().normalize().getParent();
        Path file = folder == null ? Path.of(name) : folder.resolve(name).normalize();
        if (folder == null || !file.startsWith(folder) || !Files.isRegularFile(file)) {
            throw section.error(key, "'" + name + "' is not a file in the suite's folder",
                    "put the file beside the suite and name it relative to it");
        }
        try {
            if (Files.size(file) > maxBytes) {
                throw section.error(key, "'" + name + "' is larger than " + maxBytes + " bytes", "shorten it");
            }
            hashes.put(name, CanonicalJson.sha256(Files.readAllBytes(file)));
        } catch (IOException e) {
            throw section.error(key, "cannot read '" + name + "': " + e.getMessage(), "check the file");
        }
        return file;
    }
}
