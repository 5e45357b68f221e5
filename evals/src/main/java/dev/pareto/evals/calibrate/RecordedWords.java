package dev.pareto.evals.calibrate;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.zip.GZIPInputStream;

import dev.pareto.evals.CanonicalJson;
import dev.pareto.evals.grade.judge.Calibration;

import org.jspecify.annotations.Nullable;

/**
 * What judges once said of LLMBar's pairs: a CSV, plain or {@code .gz}, of {@code id, judge, strategy, human_label, winner_order_ab,
 * winner_order_ba}, labels 1 or 2 for the first or second answer, empty where a reply could not be read.
 *
 * @param fingerprint of the recording; no judge of ours has it, so that a recording opens no gate
 * @param labels of the judge that was asked for
 */
public record RecordedWords(String fingerprint, List<Calibration.Label> labels) {

    private static final String HEAD = "id,judge,strategy,human_label,winner_order_ab,winner_order_ba";
    private static final long MAX_CHARACTERS = 256L << 20;

    /** Copies the labels. */
    public RecordedWords {
        labels = List.copyOf(labels);
    }

    /**
     * Reads a recording.
     *
     * @param judge as the file names it
     * @param strategy how it was asked, as the file names it
     * @param wanted which pairs, by id
     * @throws IOException when it is none, or has nothing of that judge; says what it has
     */
    public static RecordedWords read(Path file, String judge, String strategy, Predicate<String> wanted)
            throws IOException {
        List<Calibration.Label> labels = new ArrayList<>();
        Set<String> others = new TreeSet<>();
        try (InputStream in = Files.newInputStream(file);
                BufferedReader lines = new BufferedReader(new InputStreamReader(
                        file.toString().endsWith(".gz") ? new GZIPInputStream(in) : in, StandardCharsets.UTF_8))) {
            if (!HEAD.equals(lines.readLine())) {
                throw new IOException(file + ": line 1: expected " + HEAD);
            }
            int number = 1;
            long characters = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                characters += line.length();
                String[] cells = line.split(",", -1);
                if (cells.length != 6 || characters > MAX_CHARACTERS) {
                    throw new IOException(file + ": line " + number + ": expected six cells");
                }
                if (!cells[1].equals(judge) || !cells[2].equals(strategy)) {
                    others.add(cells[1] + " " + cells[2]);
                } else if (wanted.test(cells[0])) {
                    labels.add(new Calibration.Label(cells[0], Boolean.TRUE.equals(word(file, number, cells[3])),
                            word(file, number, cells[4]), word(file, number, cells[5])));
                }
            }
        }
        if (labels.isEmpty()) {
            throw new IOException(file + " has nothing of " + judge + " " + strategy + "; it has " + others);
        }
        return new RecordedWords(
                "recorded-" + CanonicalJson.sha256(Files.readAllBytes(file)) + "-" + judge + "-" + strategy, labels);
    }

    private static @Nullable Boolean word(Path file, int number, String winner) throws IOException {
        return switch (winner) {
            case "" -> null;
            case "1" -> true;
            case "2" -> false;
            default -> throw new IOException(file + ": line " + number + ": '" + winner + "' is neither 1 nor 2");
        };
    }
}
