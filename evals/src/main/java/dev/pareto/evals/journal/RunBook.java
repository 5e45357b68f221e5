package dev.pareto.evals.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The journals below a folder of runs. Blocks on the disk; thread-safe. Keeps the last few it read, for pages that look again. */
public final class RunBook {

    /** Runs held in memory whole: those that somebody looks at, and those under way. */
    private static final int WHOLE = 4;
    private static final int SUMMARIES = 500;

    private static final System.Logger LOG = System.getLogger(RunBook.class.getName());

    private final Path runs;
    private final InstantSource clock;
    private final Map<Path, RunFile> files = new Newest<>(WHOLE);
    private final Map<Path, Kept> summaries = new Newest<>(SUMMARIES);

    /** What a list shows of a run, as of a size of its file. */
    private record Kept(long size, RunSummary summary) {}

    /** Forgets what was used least lately. */
    private static final class Newest<V> extends LinkedHashMap<Path, V> {
        private static final long serialVersionUID = 1;

        private final int most;

        Newest(int most) {
            super(16, 0.75f, true);
            this.most = most;
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<Path, V> eldest) {
            return size() > most;
        }
    }

    /** @param runs need not exist yet */
    public RunBook(Path runs, InstantSource clock) {
        this.runs = runs;
        this.clock = clock;
    }

    /** The folder. */
    public Path folder() {
        return runs;
    }

    /**
     * The newest runs, newest first. A journal that cannot be read is left out: it is told when it is asked for by its id.
     *
     * @param limit how many at most
     */
    public List<RunSummary> newest(int limit) throws IOException {
        List<RunSummary> found = new ArrayList<>();
        for (Path file : journals()) {
            if (found.size() == limit) {
                break;
            }
            try {
                found.add(summary(file));
            } catch (IOException unreadable) {
                LOG.log(System.Logger.Level.WARNING, "a run is not shown: " + unreadable.getMessage());
            }
        }
        return found;
    }

    /** A run that does not change any more is read once. */
    private RunSummary summary(Path file) throws IOException {
        long size = Files.size(file);
        synchronized (summaries) {
            Kept kept = summaries.get(file);
            if (kept != null && kept.size() == size && kept.summary().state() != RunRecord.State.RUNNING) {
                return kept.summary();
            }
        }
        RunSummary summary = RunSummary.of(look(file));
        synchronized (summaries) {
            summaries.put(file, new Kept(size, summary));
        }
        return summary;
    }

    /** The run of that id; empty when there is none. */
    public Optional<RunRecord> find(String id) throws IOException {
        if (!RunId.valid(id)) {
            return Optional.empty();
        }
        for (Path file : journals()) {
            if (file.getFileName().toString().equals(RunId.file(id))) {
                return Optional.of(look(file));
            }
        }
        return Optional.empty();
    }

    private RunRecord look(Path file) throws IOException {
        RunFile known;
        synchronized (files) {
            known = files.computeIfAbsent(file, RunFile::new);
        }
        return known.look(clock.instant());
    }

    /** By name, which is by time, newest first. */
    private List<Path> journals() throws IOException {
        if (!Files.isDirectory(runs)) {
            return List.of();
        }
        try (Stream<Path> tree = Files.walk(runs, 2)) {
            return tree.filter(file -> RunId.isJournal(file.getFileName().toString()))
                    .sorted(Comparator.comparing((Path file) -> file.getFileName().toString()).reversed())
                    .toList();
        }
    }
}
