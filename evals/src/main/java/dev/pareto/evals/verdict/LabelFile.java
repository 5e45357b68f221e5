package dev.pareto.evals.verdict;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * People's marks of some answers, 0 to 1: a record file whose sides have {@code human} beside the judge's score, or one whose scores
 * are people's. The answers to mark must be drawn at random; those on which the models differ would say too much.
 */
public final class LabelFile {

    private final Path file;
    private final Map<String, PairRecord> byId = new HashMap<>();
    private final boolean beside;

    private LabelFile(Path file, List<PairRecord> records) {
        this.file = file;
        records.forEach(record -> byId.put(record.id(), record));
        this.beside = records.stream()
                .anyMatch(record -> record.candidate().human() != null || record.incumbent().human() != null);
    }

    /** Reads labels. */
    public static LabelFile read(Path file) throws IOException {
        return new LabelFile(file, RecordFile.read(file));
    }

    /**
     * The records with the labels that there are for them.
     *
     * @throws IOException when a label is of no record, or of the answer of another model
     */
    public List<PairRecord> onto(List<PairRecord> records) throws IOException {
        Set<String> unknown = new HashSet<>(byId.keySet());
        records.forEach(record -> unknown.remove(record.id()));
        if (unknown.size() == byId.size()) {
            throw new IOException(file + ": its labels are of other items, e.g. '" + unknown.iterator().next() + "'");
        }
        for (PairRecord record : records) {
            PairRecord label = byId.get(record.id());
            if (label != null && !(sameAnswer(label.candidate(), record.candidate())
                    && sameAnswer(label.incumbent(), record.incumbent()))) {
                throw new IOException(file + ": the label of '" + record.id() + "' is of an answer by "
                        + label.candidate().served() + " and " + label.incumbent().served()
                        + ", and those of now are by "
                        + record.candidate().served() + " and " + record.incumbent().served());
            }
        }
        return records.stream().map(this::labelled).toList();
    }

    private PairRecord labelled(PairRecord record) {
        PairRecord label = byId.get(record.id());
        return label == null
                ? record
                : new PairRecord(record.id(), record.cluster(), record.stratum(), record.critical(),
                        record.candidate().labelled(mark(label.candidate())),
                        record.incumbent().labelled(mark(label.incumbent())));
    }

    private @Nullable Double mark(PairRecord.Side side) {
        return beside ? side.human() : side.score();
    }

    private static boolean sameAnswer(PairRecord.Side label, PairRecord.Side now) {
        return label.served() == null || now.served() == null || label.served().equals(now.served());
    }
}
