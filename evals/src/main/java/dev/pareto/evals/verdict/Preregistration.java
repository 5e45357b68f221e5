package dev.pareto.evals.verdict;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;

import dev.pareto.evals.CanonicalJson;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes a design down before the first question is asked, and never again: a resumed run keeps the first moment, a
 * changed margin is another design with its own.
 */
public final class Preregistration {

    private final Path directory;
    private final InstantSource clock;

    /** Keeps one small file per design in {@code directory}. */
    public Preregistration(Path directory, InstantSource clock) {
        this.directory = directory;
        this.clock = clock;
    }

    /**
     * The design with the moment at which it was first written down for this suite and these models.
     *
     * @param subject what it is a design for, e.g. suite hash and both models
     */
    public Design register(Design design, String subject) throws IOException {
        Files.createDirectories(directory);
        ObjectNode json = design.json();
        json.put("subject", subject);
        Path file = directory
                .resolve("design-" + CanonicalJson.sha256(json).substring(0, 16) + ".json");
        Instant now = clock.instant();
        json.put("preregistered_at", now.toString());
        try {
            Files.writeString(file, json.toPrettyString() + "\n", StandardOpenOption.CREATE_NEW,
                    StandardOpenOption.WRITE, StandardOpenOption.SYNC);
            return design.at(now);
        } catch (FileAlreadyExistsException e) {
            JsonNode earlier = JsonMapper.shared().readTree(Files.readString(file));
            return design.at(Instant.parse(earlier.path("preregistered_at").asString()));
        }
    }
}
