package dev.pareto.evals.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pareto.policies.catalog.ModelId;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two processes never write one store. */
final class RunStoreLockTest {

    private static final RunKey KEY = new RunKey("s", "v", new ModelId("a", "b"), Map.of(), null, 0);

    @TempDir
    private Path folder;

    @Test
    void anOpenStoreKeepsOtherProcessesOutUntilItIsClosed() throws Exception {
        var store = new RunStore(folder);
        try (RunStore.Log first = store.open(KEY)) {
            assertThat(lockable(first.file())).as("new").isEqualTo("no");
        }
        try (RunStore.Log again = store.open(KEY)) {
            assertThat(lockable(again.file())).as("read from the disk").isEqualTo("no");
        }
        assertThat(lockable(store.file(KEY))).as("closed").isEqualTo("yes");
    }

    /** What another process says of it. */
    private static String lockable(Path file) throws IOException, InterruptedException {
        Process other = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"), Other.class.getName(),
                file.toString()).redirectErrorStream(true).start();
        String said = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        other.waitFor();
        return said;
    }

    /** Run in a process of its own. */
    static final class Other {

        private Other() {}

        public static void main(String[] arguments) throws IOException {
            try (FileChannel channel = FileChannel.open(Path.of(arguments[0]), StandardOpenOption.WRITE)) {
                System.out.println(channel.tryLock() == null ? "no" : "yes");
            }
        }
    }
}
