package dev.pareto.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

final class CompilerThreadsTest {

    @Test
    @EnabledOnOs(OS.LINUX)
    void giveWayAndTheThreadThatAskedDoesNot() throws IOException {
        int before = BackgroundThreadsTest.nice();
        assumeThat(compilers()).as("compilers of this JVM").isNotEmpty();

        CompilerThreads.giveWay();

        assertThat(compilers()).allMatch(nice -> nice >= 5);
        assertThat(BackgroundThreadsTest.nice()).isEqualTo(before);
    }

    private static List<Integer> compilers() throws IOException {
        try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
            return threads.map(CompilerThreadsTest::stat)
                    .filter(stat -> stat.contains(" CompilerThre)"))
                    .map(BackgroundThreadsTest::niceIn)
                    .toList();
        }
    }

    /** Empty for a thread that has just ended: the JVM lets compilers go that it needs no more. */
    private static String stat(Path thread) {
        try {
            return Files.readString(thread.resolve("stat"));
        } catch (IOException ended) {
            return "";
        }
    }
}
