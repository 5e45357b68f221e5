package dev.pareto.evals.suite.sample;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import dev.pareto.evals.CanonicalJson;

/**
 * Samples at rest: a folder for each route, in it files of one day, each deleted whole when its expiry has come. Bounded: what does not
 * fit is refused. One writer at a time; readers may be other processes.
 */
public final class SampleStore implements AutoCloseable {

    /** A sample larger than this is not kept. */
    public static final int MAX_SAMPLE_BYTES = 256 << 10;
    /** More than this of one route in one day is not kept. */
    static final long MAX_BYTES_OF_DAY = 256L << 20;

    private static final String SUFFIX = ".samples";

    private final Path folder;
    private final SampleKey key;
    private final Duration keep;
    private final InstantSource clock;
    private final SecureRandom random;
    private final Map<String, Open> open = new HashMap<>();

    private record Open(LocalDate day, SampleFile file) {}

    /** What is kept of a route. Times are of the files, to the day. */
    public record Held(String route, int files, long bytes, Instant firstExpiry, Instant lastExpiry) {}

    /**
     * @param folder made when the first sample comes
     * @param keep how long a sample rests at least; its file goes at the end of that day
     */
    public SampleStore(Path folder, SampleKey key, Duration keep, InstantSource clock, SecureRandom random) {
        this.folder = requireNonNull(folder, "folder is null");
        this.key = requireNonNull(key, "key is null");
        this.keep = requireNonNull(keep, "keep is null");
        this.clock = requireNonNull(clock, "clock is null");
        this.random = requireNonNull(random, "random is null");
        if (keep.isNegative() || keep.isZero()) {
            throw new IllegalArgumentException("samples must be kept for some time, not " + keep);
        }
    }

    /** Keeps a sample. Returns false when it is too large or the day's room is used up. */
    public synchronized boolean append(Sample sample) throws IOException {
        byte[] plain = sample.bytes();
        if (plain.length > MAX_SAMPLE_BYTES) {
            return false;
        }
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        Open current = open.get(sample.route());
        if (current == null || !current.day().equals(today)) {
            if (current != null) {
                current.file().close();
            }
            purge(folder, clock.instant());
            current = new Open(today, create(sample.route(), today));
            open.put(sample.route(), current);
        }
        if (current.file().bytes() + plain.length > MAX_BYTES_OF_DAY) {
            return false;
        }
        current.file().append(plain);
        return true;
    }

    private SampleFile create(String route, LocalDate day) throws IOException {
        Path of = Files.createDirectories(folderOf(folder, route));
        byte[] tail = new byte[4];
        random.nextBytes(tail);
        Instant expiry = day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant().plus(keep);
        return SampleFile.create(of.resolve(day + "-" + HexFormat.of().formatHex(tail) + SUFFIX), key, expiry, random);
    }

    /** A name that is safe as a folder, and differs where routes differ; {@code Held.route} shows it. */
    private static Path folderOf(Path folder, String route) {
        String plain = route.replaceAll("[^A-Za-z0-9._-]+", "_");
        return folder.resolve(plain.substring(0, Math.min(60, plain.length())) + "-"
                + CanonicalJson.sha256(route).substring(0, 8));
    }

    /** Everything of a route that has not expired, oldest day first. @throws IOException when the key does not fit */
    public List<Sample> read(String route) throws IOException {
        Instant now = clock.instant();
        List<Sample> samples = new ArrayList<>();
        for (Path file : files(folderOf(folder, route))) {
            if (SampleFile.expiry(file).isAfter(now)) {
                for (byte[] record : SampleFile.read(file, key)) {
                    samples.add(Sample.of(record));
                }
            }
        }
        return samples;
    }

    /** What is kept, by route; needs no key. */
    public static List<Held> held(Path folder) throws IOException {
        Map<String, Held> held = new TreeMap<>();
        for (Path file : allFiles(folder)) {
            Instant expiry = SampleFile.expiry(file);
            Path parent = requireNonNull(file.getParent(), "a file has a folder");
            String name = String.valueOf(parent.getFileName());
            held.merge(name, new Held(name, 1, Files.size(file), expiry, expiry),
                    (a, b) -> new Held(name, a.files() + b.files(), a.bytes() + b.bytes(),
                            a.firstExpiry().isBefore(b.firstExpiry()) ? a.firstExpiry() : b.firstExpiry(),
                            a.lastExpiry().isAfter(b.lastExpiry()) ? a.lastExpiry() : b.lastExpiry()));
        }
        return List.copyOf(held.values());
    }

    /** Deletes what has expired; needs no key. Returns how many files went. */
    public static int purge(Path folder, Instant now) throws IOException {
        int gone = 0;
        for (Path file : allFiles(folder)) {
            if (!SampleFile.expiry(file).isAfter(now) && Files.deleteIfExists(file)) {
                gone++;
            }
        }
        return gone;
    }

    /**
     * Deletes everything of a route at once; needs no key. A writer that has a file of today open goes on writing into nothing
     * until tomorrow. Returns how many files went.
     */
    public static int forget(Path folder, String route) throws IOException {
        int gone = 0;
        for (Path file : files(folderOf(folder, route))) {
            gone += Files.deleteIfExists(file) ? 1 : 0;
        }
        return gone;
    }

    @Override
    public synchronized void close() throws IOException {
        for (Open current : open.values()) {
            current.file().close();
        }
        open.clear();
    }

    private static List<Path> allFiles(Path folder) throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path route : listed(folder)) {
            if (Files.isDirectory(route)) {
                files.addAll(files(route));
            }
        }
        return files;
    }

    private static List<Path> files(Path route) throws IOException {
        return listed(route).stream().filter(file -> file.toString().endsWith(SUFFIX)).toList();
    }

    private static List<Path> listed(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }
}
