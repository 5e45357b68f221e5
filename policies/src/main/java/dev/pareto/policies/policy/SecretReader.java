package dev.pareto.policies.policy;

import dev.pareto.policies.catalog.Secret;
import dev.pareto.policies.yaml.Tree;
import dev.pareto.policies.yaml.YamlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Takes secrets from the environment or from a file, and refuses one that is written into the configuration. */
final class SecretReader {

    private static final long MAX_BYTES = 65_536;
    private static final String FILE = "file:";

    private final Path folder;

    SecretReader(Path folder) {
        this.folder = folder;
    }

    /** The secret; null when it is absent or its variable is empty. */
    @Nullable
    Secret read(@Nullable Tree tree, String key) {
        if (tree == null) {
            return null;
        }
        if (!(tree instanceof Tree.Scalar scalar)) {
            throw new YamlException(tree.place(), "'" + key + "' must be a single value, not " + tree.kind(), "");
        }
        if (scalar.text().startsWith(FILE)) {
            return fromFile(scalar, key);
        }
        if (scalar.text().isEmpty()) {
            return null;
        }
        if (!scalar.interpolated()) {
            throw new YamlException(tree.place(), "'" + key + "' holds a secret in plain sight",
                    "write " + key + ": ${NAME_OF_A_VARIABLE} or " + key + ": file:path/of/a/file");
        }
        return new Secret(scalar.text());
    }

    private @Nullable Secret fromFile(Tree.Scalar scalar, String key) {
        String name = scalar.text().substring(FILE.length());
        try {
            Path file = folder.resolve(name);
            if (Files.size(file) > MAX_BYTES) {
                throw new YamlException(scalar.place(), "'" + key + "' names a file of more than 64 kB", "");
            }
            String text = Files.readString(file).strip();
            return text.isEmpty() ? null : new Secret(text);
        } catch (IOException | InvalidPathException e) {
            throw new YamlException(scalar.place(), "'" + key + "' names a file that cannot be read: " + name,
                    "paths are relative to " + folder.getFileName());
        }
    }
}
