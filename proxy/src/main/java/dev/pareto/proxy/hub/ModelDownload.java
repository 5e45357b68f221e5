package dev.pareto.proxy.hub;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Downloads one file of a hub into a folder: into a part file that a later call continues, verified against the hub's
 * checksum, and moved to its name only when it is whole.
 */
public final class ModelDownload {

    private static final int ATTEMPTS = 5;
    private static final long HEADROOM = 256L << 20;

    /** Told of each piece that arrives; {@code done} counts from the file's first byte. */
    public interface Progress {
        void advanced(HubFile file, long done);
    }

    private final Hub hub;
    private final Path folder;
    private final Duration idleLimit;
    private final Progress progress;

    /** @param idleLimit how long the hub may send nothing before the connection is given up and resumed */
    public ModelDownload(Hub hub, Path folder, Duration idleLimit, Progress progress) {
        this.hub = hub;
        this.folder = folder;
        this.idleLimit = idleLimit;
        this.progress = progress;
    }

    /** The file's path here, downloaded now or found whole. */
    public Path download(ModelReference reference, String revision, HubFile file)
            throws IOException, InterruptedException {
        Files.createDirectories(folder);
        Path target = folder.resolve(file.name());
        if (Files.exists(target)) {
            return existing(target, file);
        }
        // The name binds the part to the content, so that a changed file is never continued with another's bytes.
        String mark = file.sha256() == null ? revision : file.sha256();
        Path part = folder.resolve(file.name() + "." + mark.substring(0, 7) + ".part");
        if (Files.exists(part) && Files.size(part) > file.bytes()) {
            Files.delete(part);
        }
        requireSpace(file, part);
        fetch(reference, revision, file, part);
        verify(file, part);
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        return target;
    }

    private Path existing(Path target, HubFile file) throws IOException {
        if (Files.size(target) == file.bytes() && (file.sha256() == null || file.sha256().equals(sha256(target)))) {
            progress.advanced(file, file.bytes());
            return target;
        }
        throw new HubException(target + " exists and is another file: move it away or pull into another folder");
    }

    private void requireSpace(HubFile file, Path part) throws IOException {
        long missing = file.bytes() - (Files.exists(part) ? Files.size(part) : 0);
        long free = Files.getFileStore(folder).getUsableSpace();
        if (missing > free - HEADROOM) {
            throw new HubException("%s needs %,d MB more and the disk of %s has %,d MB free (256 MB are kept)"
                    .formatted(file.name(), missing >> 20, folder.toAbsolutePath(), free >> 20));
        }
    }

    private void fetch(ModelReference reference, String revision, HubFile file, Path part)
            throws IOException, InterruptedException {
        IOException last = null;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            long have = Files.exists(part) ? Files.size(part) : 0;
            if (have == file.bytes() && Files.exists(part)) {
                return;
            }
            try {
                append(hub.open(reference, revision, file, have), file, part, have);
                if (Files.size(part) == file.bytes()) {
                    return;
                }
                last = new IOException("the connection ended early");
            } catch (IOException broken) {
                last = broken;
            }
        }
        throw new HubException("the download of " + file.name() + " broke off " + ATTEMPTS + " times ("
                + (last == null ? "no reason given" : last.getMessage()) + "); run the same command again to continue");
    }

    private void append(HttpResponse<InputStream> response, HubFile file, Path part, long have) throws IOException {
        boolean continued = response.statusCode() == 206
                && response.headers().firstValue("Content-Range").orElse("").startsWith("bytes " + have + "-");
        long done = continued ? have : 0;
        var lastByteAt = new AtomicLong(System.nanoTime());
        try (InputStream body = response.body();
                OutputStream out = Files.newOutputStream(part, StandardOpenOption.CREATE, continued
                        ? StandardOpenOption.APPEND
                        : StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            Thread watchdog = watch(body, lastByteAt);
            try {
                byte[] buffer = new byte[1 << 16];
                for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
                    lastByteAt.set(System.nanoTime());
                    done += read;
                    if (done > file.bytes()) {
                        throw new HubException(
                                "the hub sent more than the " + file.bytes() + " bytes of " + file.name());
                    }
                    out.write(buffer, 0, read);
                    progress.advanced(file, done);
                }
            } finally {
                watchdog.interrupt();
            }
        }
    }

    /** A read has no time limit of its own: closing the stream from outside ends one that waits for ever. */
    private Thread watch(InputStream body, AtomicLong lastByteAt) {
        return Thread.ofVirtual().name("download-watchdog").start(() -> {
            try {
                while (System.nanoTime() - lastByteAt.get() < idleLimit.toNanos()) {
                    Thread.sleep(idleLimit.dividedBy(4));
                }
                body.close();
            } catch (InterruptedException | IOException _) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private static void verify(HubFile file, Path part) throws IOException {
        if (file.sha256() != null && !file.sha256().equals(sha256(part))) {
            Files.delete(part);
            throw new HubException(file.name() + " arrived damaged (its SHA-256 is not " + file.sha256()
                    + ") and was deleted; run the same command again");
        }
    }

    private static String sha256(Path path) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[1 << 20];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }
}
