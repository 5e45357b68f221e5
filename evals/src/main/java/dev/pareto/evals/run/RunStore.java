package dev.pareto.evals.run;

import static java.util.Objects.requireNonNull;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

import dev.pareto.evals.JsonLines;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Paid answers on disk, found by what was asked: one append-only JSONL file for each suite, model, sampling, fingerprint and
 * sample, its first line saying so. A line is written with one call, so a crash leaves at most one torn line at the end, which
 * the next opening cuts off. Only where each answer lies is held in memory.
 */
public final class RunStore {

    private static final int MAX_LINE_BYTES = 16 << 20;

    private final Path directory;

    /** Keeps its files below {@code directory}, which is created when needed. */
    public RunStore(Path directory) {
        this.directory = requireNonNull(directory, "directory is null");
    }

    /** The folder. */
    public Path directory() {
        return directory;
    }

    /** Where the answers of a key are kept. */
    public Path file(RunKey key) {
        String model = key.model().toString().replaceAll("[^A-Za-z0-9._-]", "_");
        return directory.resolve(key.suite()).resolve(model + "-" + key.answersSha256().substring(0, 16) + ".jsonl");
    }

    /**
     * Opens the answers of a key for reading and appending; one opener at a time, on the whole machine.
     *
     * @throws IOException also when another process has it open or the file belongs to another key
     */
    public Log open(RunKey key) throws IOException {
        Path file = file(key);
        Files.createDirectories(requireNonNull(file.getParent(), "a file has a folder"));
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        try {
            FileLock lock = lock(channel);
            if (lock == null) {
                throw new IOException("another run is writing " + file + "; wait for it or stop it");
            }
            Log log = new Log(file, channel);
            log.load(key);
            return log;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static @Nullable FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    /** The answers of one key. Thread-safe. */
    public static final class Log implements AutoCloseable {

        private final Path file;
        private final FileChannel channel;
        /** Where the line of each prompt begins, and its length. */
        private final Map<String, Place> places = new HashMap<>();
        private long end;

        private record Place(long offset, int length) {}

        private Log(Path file, FileChannel channel) {
            this.file = file;
            this.channel = channel;
        }

        /** The file. */
        public Path file() {
            return file;
        }

        /** How many answers are kept. */
        public synchronized int size() {
            return places.size();
        }

        /** The answer to a prompt, by its hash; null when there is none yet. */
        public synchronized @Nullable StoredAnswer find(String promptSha256) throws IOException {
            Place place = places.get(promptSha256);
            if (place == null) {
                return null;
            }
            ByteBuffer line = ByteBuffer.allocate(place.length());
            while (line.hasRemaining()) {
                if (channel.read(line, place.offset() + line.position()) < 0) {
                    throw new IOException(file + " was cut short while it was in use");
                }
            }
            return StoredAnswer.of(JsonMapper.shared().readTree(line.array()));
        }

        /** Keeps an answer; it survives the end of this process, however it ends. */
        public synchronized void append(StoredAnswer answer) throws IOException {
            places.put(answer.promptSha256(), write(answer.json()));
        }

        @Override
        public synchronized void close() throws IOException {
            if (channel.isOpen()) {
                channel.force(true);
                channel.close();
            }
        }

        private void load(RunKey key) throws IOException {
            try {
                // by the locked channel itself: closing another one of the same file would give the lock away on POSIX
                InputStream in = new BufferedInputStream(Channels.newInputStream(channel), 1 << 16);
                JsonLines lines = new JsonLines(in, MAX_LINE_BYTES);
                for (byte[] line = lines.next(); line != null && lines.terminated(); line = lines.next()) {
                    JsonNode json = JsonMapper.shared().readTree(line);
                    if (lines.number() == 1) {
                        requireKey(key, json);
                    } else {
                        places.put(StoredAnswer.of(json).promptSha256(), new Place(end, line.length));
                    }
                    end = lines.consumed();
                }
            } catch (JsonLines.BadLineException | JacksonException | IllegalArgumentException e) {
                throw new IOException(file + " is damaged in the middle: " + e.getMessage()
                        + "; move it away to ask again", e);
            }
            channel.truncate(end);
            channel.position(end);
            if (end == 0) {
                write(key.answersJson());
            }
        }

        private void requireKey(RunKey key, JsonNode header) throws IOException {
            if (!JsonMapper.shared().readTree(key.answersJson().toString()).equals(header)) {
                throw new IOException(file + " holds the answers of another key; move it away");
            }
        }

        private Place write(JsonNode json) throws IOException {
            ByteBuffer line = ByteBuffer.wrap((json + "\n").getBytes(StandardCharsets.UTF_8));
            Place place = new Place(end, line.remaining() - 1);
            while (line.hasRemaining()) {
                end += channel.write(line);
            }
            return place;
        }
    }
}
