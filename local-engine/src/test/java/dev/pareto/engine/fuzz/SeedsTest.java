package dev.pareto.engine.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Replays the seeds and every input that once was a finding. */
final class SeedsTest {

    static Stream<Arguments> seeds() {
        return Arrays.stream(Target.values())
                .flatMap(target -> files(target).stream()
                        .map(file -> Arguments.of(target, String.valueOf(file.getFileName()))));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("seeds")
    @Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void everySeedIsReadOrRefusedWithinItsBounds(Target target, String seed) throws IOException {
        target.read(Files.readAllBytes(folder(target).resolve(seed)));
    }

    @ParameterizedTest
    @EnumSource
    void everyTargetHasSeeds(Target target) {
        assertThat(files(target)).isNotEmpty();
    }

    private static List<Path> files(Target target) {
        try (var files = Files.list(folder(target))) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException("the seeds of " + target + " cannot be listed", e);
        }
    }

    private static Path folder(Target target) {
        try {
            return Path.of(Objects.requireNonNull(SeedsTest.class.getResource(target.folder()), target.folder())
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
