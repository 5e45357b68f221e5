package dev.pareto.evals.check;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The records that a verdict names.
 *
 * @param all every one of them
 * @param usable those whose incumbent has a score
 * @param sha256 of the file
 */
record PairFile(List<Pair> all, List<Pair> usable, String sha256) {

    static PairFile read(Path file) throws IOException {
        MessageDigest digest = Canonical.digest();
        List<Pair> pairs = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                new DigestInputStream(Files.newInputStream(file), digest), StandardCharsets.UTF_8))) {
            int number = 0;
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                number++;
                String text = number == 1 && line.startsWith("\uFEFF") ? line.substring(1) : line;
                if (text.isBlank()) {
                    continue;
                }
                Pair pair = pair(file, number, text);
                if (!ids.add(pair.id())) {
                    throw new IOException(file + ":" + number + ": the id '" + pair.id() + "' stands there twice");
                }
                pairs.add(pair);
            }
        }
        List<Pair> usable = pairs.stream().filter(pair -> !Double.isNaN(pair.y())).toList();
        if (usable.isEmpty()) {
            throw new IOException(file + ": no record has a score of the incumbent");
        }
        return new PairFile(List.copyOf(pairs), usable, Canonical.hex(digest.digest()));
    }

    private static Pair pair(Path file, int number, String line) throws IOException {
        try {
            JsonNode json = JsonMapper.shared().readTree(line);
            String id = text(json, "id");
            return Pair.of(id == null ? "line-" + number : id, text(json, "cluster"), text(json, "stratum"),
                    json.path("critical").asBoolean(false), json.path("candidate"), json.path("incumbent"));
        } catch (JacksonException malformed) {
            throw new IOException(file + ":" + number + ": not JSON", malformed);
        }
    }

    private static @Nullable String text(JsonNode json, String key) {
        JsonNode value = json.path(key);
        return value.isMissingNode() || value.isNull() ? null : value.asString();
    }
}
