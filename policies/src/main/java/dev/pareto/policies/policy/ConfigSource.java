package dev.pareto.policies.policy;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.yaml.Place;
import dev.pareto.policies.yaml.YamlException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/**
 * The configuration in force, replaced as a whole or not at all: a file that is refused leaves the last good one in place.
 * Readers never wait; reloads take turns.
 */
public final class ConfigSource {

    private final Path file;
    private final Map<String, String> env;
    private final UnaryOperator<ParetoConfig> finish;
    private final ConfigReader reader = new ConfigReader();
    private final AtomicReference<ParetoConfig> current;

    /** What became of a reload. */
    public sealed interface Reload {

        /** The new configuration is in force. */
        record Accepted(ParetoConfig config) implements Reload {}

        /** The last good one stays in force. */
        record Refused(ConfigException reason) implements Reload {}
    }

    /**
     * @param finish what every accepted configuration goes through, e.g. adding the models found in a folder; its
     *            {@link IllegalArgumentException} refuses the configuration
     * @throws ConfigException when the first reading is refused: there is nothing to fall back on
     */
    public ConfigSource(Path file, Map<String, String> env, UnaryOperator<ParetoConfig> finish)
            throws ConfigException {
        this.file = requireNonNull(file, "file is null");
        this.env = Map.copyOf(env);
        this.finish = requireNonNull(finish, "finish is null");
        this.current = new AtomicReference<>(read());
    }

    public ParetoConfig current() {
        return current.get();
    }

    /** The files whose change calls for a {@link #reload}; also watch the {@code policies} folder for new ones. */
    public List<Path> files() {
        return ConfigReader.files(file);
    }

    public synchronized Reload reload() {
        try {
            ParetoConfig config = read();
            current.set(config);
            return new Reload.Accepted(config);
        } catch (ConfigException e) {
            return new Reload.Refused(e);
        }
    }

    private ParetoConfig read() throws ConfigException {
        ParetoConfig config = reader.read(file, env);
        try {
            return finish.apply(config);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(new YamlException(new Place(file.toString(), 1, 1),
                    String.valueOf(e.getMessage()), ""));
        }
    }
}
