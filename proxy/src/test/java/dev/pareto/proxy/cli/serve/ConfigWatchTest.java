package dev.pareto.proxy.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pareto.policies.policy.ConfigException;
import dev.pareto.policies.policy.ConfigSource;
import dev.pareto.policies.policy.ParetoConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a look at the configuration's files leads to; nobody waits for the clock here. */
final class ConfigWatchTest {

    @TempDir
    private Path folder;

    private final StringWriter log = new StringWriter();
    private final List<ParetoConfig> inForce = new ArrayList<>();
    private boolean failing;

    private ConfigWatch watch() throws IOException, ConfigException {
        write("");
        return new ConfigWatch(new ConfigSource(folder.resolve("pareto.yaml"), Map.of(), UnaryOperator.identity()),
                config -> {
                    if (failing) {
                        throw new UncheckedIOException("the models folder cannot be read", new IOException());
                    }
                    inForce.add(config);
                }, new PrintWriter(log, true));
    }

    private void write(String more) throws IOException {
        Files.writeString(folder.resolve("pareto.yaml"), "vendors: {local: {engine: embedded}}\n" + more);
    }

    @Test
    void aGoodFileComesIntoForceOnce() throws Exception {
        try (var watch = watch()) {
            watch.look();
            assertThat(inForce).isEmpty();
            write("# a word\n");
            watch.look();
            watch.look();
            assertThat(inForce).hasSize(1);
        }
    }

    @Test
    void aBadFileIsToldAndLeftAlone() throws Exception {
        try (var watch = watch()) {
            write("routs: {}\n");
            watch.look();
            assertThat(inForce).isEmpty();
            assertThat(log.toString()).contains("refused").contains("routs");
        }
    }

    @Test
    void aFailureDoesNotEndTheWatch() throws Exception {
        try (var watch = watch()) {
            failing = true;
            write("# a word\n");
            watch.look();
            assertThat(log.toString()).contains("the models folder cannot be read").hasLineCount(1);
            failing = false;
            write("# another word\n");
            watch.look();
            assertThat(inForce).hasSize(1);
        }
    }
}
