package dev.pareto.engine;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * The models that come with the engine's jar. Weights are mapped from files, so a model is copied into a folder before
 * its first use; later starts find it there. Safe for several processes that share the folder.
 */
public final class EmbeddedModels {

    /** The small model that sorts and answers support tickets. */
    public static final String SUPPORT_DESK = "support-desk";

    private final Path folder;
    private final Function<String, @Nullable InputStream> resources;

    /** Copies go to this folder, which is made if it is missing. */
    public EmbeddedModels(Path folder) {
        this(folder, name -> EmbeddedModels.class.getResourceAsStream("models/" + name));
    }

    EmbeddedModels(Path folder, Function<String, @Nullable InputStream> resources) {
        this.folder = folder;
        this.resources = resources;
    }

    /** Whether the jar holds this model. */
    public boolean contains(String name) {
        try (var found = resources.apply(name + ".gguf.sha256")) {
            return found != null;
        } catch (IOException _) {
            return false;
        }
    }

    /**
     * The file of an embedded model, copied now unless an intact copy is there.
     *
     * @throws NoSuchFileException if the jar has no such model
     * @throws IOException if the jar is damaged or the folder cannot be written
     */
    public Path extract(String name) throws IOException {
        var expected = expectedChecksum(name);
        var target = folder.resolve(name + ".gguf");
        if (Files.isRegularFile(target) && Checksum.of(target).equals(expected)) {
            return target;
        }
        Files.createDirectories(folder);
        var copy = Files.createTempFile(folder, name, ".part");
        try {
            String actual;
            try (var in = open(name + ".gguf"); var out = Files.newOutputStream(copy)) {
                actual = Checksum.copy(in, out);
            }
            if (!actual.equals(expected)) {
                throw new IOException("the embedded model " + name + " is damaged: its SHA-256 is " + actual
                        + ", not " + expected + "; get the jar again");
            }
            return Files.move(copy, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(copy);
        }
    }

    private String expectedChecksum(String name) throws IOException {
        try (var in = open(name + ".gguf.sha256")) {
            // As sha256sum writes it: the checksum, then the name.
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII).strip().split("\\s", 2)[0];
        }
    }

    private InputStream open(String resource) throws NoSuchFileException {
        var in = resources.apply(resource);
        if (in == null) {
            throw new NoSuchFileException(resource, null, "not in the engine's jar");
        }
        return in;
    }
}
