package dev.pareto.evals.journal;

import static java.util.Objects.requireNonNull;

import dev.pareto.evals.JsonLines;
import dev.pareto.evals.journal.RunRecord.Pair;
import dev.pareto.evals.run.Order;
import dev.pareto.policies.price.Money;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One journal as far as it has been read; each look reads only what was added. Guarded by itself. */
final class RunFile {

    /** What an earlier or later version writes is not all known here. */
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                    DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();
    private static final int MAX_LINE_BYTES = 4 << 20;
    /** A process on another machine cannot be seen; its file can. */
    private static final Duration FRESH = Duration.ofSeconds(60);

    private final Path file;
    private final Map<String, Pair> pairs = new LinkedHashMap<>();
    private @Nullable RunHeader header;
    private @Nullable Double evidence;
    private RunJournal.@Nullable End end;
    private @Nullable Money beside;
    private long read;

    RunFile(Path file) {
        this.file = file;
    }

    /** @throws IOException when it cannot be read or is no journal */
    synchronized RunRecord look(Instant now) throws IOException {
        if (Files.size(file) > read) {
            readOn();
        }
        RunHeader known = header;
        if (known == null) {
            throw new IOException(file + " has no header");
        }
        Instant lastAt = Files.getLastModifiedTime(file).toInstant();
        boolean alive = known.writerAlive() || lastAt.isAfter(now.minus(FRESH));
        RunRecord.State state = end != null
                ? RunRecord.State.ENDED
                : alive ? RunRecord.State.RUNNING : RunRecord.State.CUT_OFF;
        Set<String> counted = counted();
        return new RunRecord(known, state, pairs(pair -> counted.contains(pair.item())), evidence, lastAt,
                end == null ? null : end.at(), end == null ? null : end.stop(), end == null ? null : end.verdict(),
                beside, pairs(pair -> !counted.contains(pair.item())));
    }

    private Set<String> counted() {
        RunJournal.Counted first = end == null ? null : end.counted();
        if (first == null || first.items() < 0 || first.items() >= pairs.size()) {
            return pairs.keySet();
        }
        return Set.copyOf(Order.seeded(List.copyOf(pairs.keySet()), id -> id, first.orderSeed())
                .subList(0, first.items()));
    }

    private List<Pair> pairs(Predicate<Pair> which) {
        return pairs.values().stream().filter(which).toList();
    }

    private void readOn() throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            in.skipNBytes(read);
            JsonLines lines = new JsonLines(in, MAX_LINE_BYTES);
            long from = read;
            for (byte[] line = lines.next(); line != null && lines.terminated(); line = lines.next()) {
                take(JSON.readTree(line));
                read = from + lines.consumed();
            }
        } catch (JsonLines.BadLineException | JacksonException | IllegalArgumentException damaged) {
            throw new IOException(file + " is damaged after byte " + read + ": " + damaged.getMessage(), damaged);
        }
    }

    private void take(JsonNode line) {
        if (line.has("mark")) {
            Mark mark = JSON.treeToValue(line.get("mark"), Mark.class);
            pairs.merge(mark.item(), Pair.of(mark), (known, added) -> known.with(mark));
        } else if (line.has("beside")) {
            Money paid = JSON.treeToValue(line.get("beside"), RunJournal.Paid.class).money();
            Money known = beside;
            beside = known == null || !known.currency().equals(paid.currency()) ? paid : known.plus(paid);
        } else if (line.has("evidence")) {
            evidence = line.get("evidence").doubleValue();
        } else if (line.has("end")) {
            end = JSON.treeToValue(line.get("end"), RunJournal.End.class);
        } else if (line.has("run")) {
            header = requireNonNull(JSON.treeToValue(line.get("run"), RunHeader.class));
        }
    }
}
