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

    /** Behind the name of the thread, which may hold blanks. */
    private static final int NICE = 16;

    @Test
    @EnabledOnOs(OS.LINUX)
    void giveWayAndTheThreadThatAskedDoesNot() throws IOException {
        int before = nice(Path.of("/proc/thread-self"));
        assumeThat(compilers()).as("compilers of this JVM").isNotEmpty();

        CompilerThreads.giveWay();

        assertThat(compilers()).allMatch(nice -> nice >= 5);
        assertThat(nice(Path.of("/proc/thread-self"))).isEqualTo(before);
    }

    private static List<Integer> compilers() throws IOException {
        try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
            return threads.filter(thread -> stat(thread).contains(" CompilerThre)"))
                    .map(CompilerThreadsTest::nice)
                    .toList();
        }
    }

    private static int nice(Path thread) {
        String stat = stat(thread);
        return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[NICE]);
    }

    /** Empty for a thread that has just ended. */
    private static String stat(Path thread) {
        try {
            return Files.readString(thread.resolve("stat"));
        } catch (IOException ended) {
            return "";
        }
    }
}
