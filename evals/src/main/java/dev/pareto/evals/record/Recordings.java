package dev.pareto.evals.record;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import dev.pareto.evals.JsonLines;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Recorded answers on disk. Only where each one lies is held in memory, about a hundred bytes for each; its words are read when
 * they are asked for. Thread-safe.
 */
public final class Recordings implements AutoCloseable {

    private static final int MAX_LINE_BYTES = 16 << 20;
    private static final int MAX_RECORDINGS = 5_000_000;

    private final Map<Key, Place> places = new HashMap<>();
    private final Set<String> models = new TreeSet<>();
    /** Not channels: an interrupted reader would close one for all. */
    private final List<RandomAccessFile> files = new ArrayList<>();

    /** 128 bits of the prompt's hash are enough to tell prompts apart; the line read is checked against all of it. */
    private record Key(String model, long high, long low) {

        static Key of(String model, String sha256) {
            return new Key(model, Long.parseUnsignedLong(sha256, 0, 16, 16),
                    Long.parseUnsignedLong(sha256, 16, 32, 16));
        }
    }

    private record Place(int file, long offset, int length) {}

    private Recordings() {}

    /**
     * Reads where the recordings of files, and of the {@code *.jsonl} files of folders, lie.
     *
     * @throws IOException with file and line when one cannot be used, or a prompt was recorded twice for a model
     */
    public static Recordings open(List<Path> places) throws IOException {
        Recordings recordings = new Recordings();
        try {
            for (Path place : places) {
                for (Path file : files(place)) {
                    recordings.index(file);
                }
            }
            return recordings;
        } catch (IOException | RuntimeException e) {
            recordings.close();
            throw e;
        }
    }

    private static List<Path> files(Path place) throws IOException {
        if (!Files.exists(place)) {
            throw new NoSuchFileException(place.toString());
        }
        if (!Files.isDirectory(place)) {
            return List.of(place);
        }
        try (Stream<Path> all = Files.list(place)) {
            List<Path> found = all.filter(file -> file.toString().endsWith(".jsonl"))
                    .filter(file -> !file.endsWith("items.jsonl"))
                    .sorted()
                    .toList();
            if (found.isEmpty()) {
                throw new IOException(place + " holds no .jsonl file with recordings");
            }
            return found;
        }
    }

    private void index(Path file) throws IOException {
        int number = files.size();
        files.add(new RandomAccessFile(file.toFile(), "r"));
        long offset = 0;
        int line = 0;
        Map<String, String> names = new HashMap<>();
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            JsonLines lines = new JsonLines(in, MAX_LINE_BYTES);
            for (byte[] bytes = lines.next(); bytes != null; bytes = lines.next()) {
                line = lines.number();
                if (bytes.length > 0) {
                    Recording recording = Recording.of(JsonMapper.shared().readTree(bytes));
                    String model = names.computeIfAbsent(recording.model(), name -> name);
                    models.add(model);
                    if (places.put(Key.of(model, recording.promptSha256()),
                            new Place(number, offset, bytes.length)) != null) {
                        throw new IllegalArgumentException("the prompt " + recording.promptSha256() + " of " + model
                                + " was recorded before; keep one of the answers");
                    }
                    if (places.size() > MAX_RECORDINGS) {
                        throw new IllegalArgumentException("more than " + MAX_RECORDINGS + " recordings");
                    }
                }
                offset = lines.consumed();
            }
        } catch (JsonLines.BadLineException e) {
            throw new IOException(file + ":" + e.line() + ": " + e.reason(), e);
        } catch (JacksonException e) {
            throw new IOException(file + ":" + line + ": not JSON: " + e.getOriginalMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ":" + line + ": " + e.getMessage(), e);
        }
    }

    /** The answer of a model to a prompt; empty when there is none. */
    public Optional<Recording> find(String model, String promptSha256) throws IOException {
        Place place = places.get(Key.of(model, promptSha256));
        if (place == null) {
            return Optional.empty();
        }
        byte[] bytes = new byte[place.length()];
        RandomAccessFile file = files.get(place.file());
        synchronized (file) {
            file.seek(place.offset());
            file.readFully(bytes);
        }
        try {
            Recording recording = Recording.of(JsonMapper.shared().readTree(bytes));
            return recording.promptSha256().equals(promptSha256) && recording.model().equals(model)
                    ? Optional.of(recording)
                    : Optional.empty();
        } catch (JacksonException | IllegalArgumentException e) {
            throw new IOException("a file of recordings was changed while it was in use", e);
        }
    }

    /** Models that were recorded, sorted. */
    public List<String> models() {
        return List.copyOf(models);
    }

    /** How many answers there are. */
    public int size() {
        return places.size();
    }

    @Override
    public void close() throws IOException {
        for (RandomAccessFile file : files) {
            file.close();
        }
    }
}
