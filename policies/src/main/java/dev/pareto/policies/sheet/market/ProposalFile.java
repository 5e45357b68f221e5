package dev.pareto.policies.sheet.market;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Keeps proposals in one JSON file, replaced whole. */
public final class ProposalFile {

    private static final long MAX_BYTES = 50_000_000;

    private final Path file;
    private final JsonMapper mapper = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    public ProposalFile(Path file) {
        this.file = file;
    }

    /**
     * @return none when there is no file
     * @throws IllegalArgumentException when it is not ours
     */
    public Proposals read() throws IOException {
        if (!Files.exists(file)) {
            return new Proposals(List.of());
        }
        if (Files.size(file) > MAX_BYTES) {
            throw new IllegalArgumentException(file + " is larger than 50 MB");
        }
        try {
            return mapper.readValue(Files.readString(file), Proposals.class);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(file + " is no file of proposals: " + e.getOriginalMessage(), e);
        }
    }

    public void write(Proposals proposals) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(fresh, mapper.writeValueAsString(proposals));
        Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }
}
