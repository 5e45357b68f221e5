package dev.pareto.dashboards.testing;

import static org.assertj.core.api.Assumptions.assumeThat;

import dev.pareto.dashboards.store.PostgresStore;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;

/** The databases of one test class on a real PostgreSQL server, which all classes of a run share and which ends with it. */
public final class Postgres implements AutoCloseable {

    private final Server server;
    private final List<String> names = new ArrayList<>();

    private Postgres(Server server) {
        this.server = server;
    }

    /** Skips the tests where there is no server for this platform. */
    public static Postgres startOrSkip() {
        assumeThat(System.getProperty("os.name") + " " + System.getProperty("os.arch"))
                .as("the platform that the PostgreSQL of these tests is built for")
                .isEqualTo("Linux amd64");
        return new Postgres(Server.OF_THIS_RUN);
    }

    /** The address of a new database with the newest schema and no row: a copy of one that was migrated. */
    public String newDatabase() {
        return named(server.copy());
    }

    /** The address of a new database in which nothing is, so that who opens it migrates it. */
    public String emptyDatabase() {
        return named(server.create(""));
    }

    private String named(String name) {
        names.add(name);
        return server.url(name);
    }

    /** Drops the databases, whoever may still be connected. */
    @Override
    public void close() {
        names.forEach(name -> server.run("DROP DATABASE " + name + " WITH (FORCE)"));
        names.clear();
    }

    /** The server itself, which being embedded ends with this process. */
    private static final class Server {

        private static final String MIGRATED = "migrated";
        private static final Path MEMORY = Path.of("/dev/shm");
        private static final String FOLDER = "pareto-postgres-";
        /** Of this run's databases at once it takes less than half. */
        private static final long ROOM = 2L << 30;
        private static final Server OF_THIS_RUN = new Server();

        private final EmbeddedPostgres embedded;
        private final AtomicInteger databases = new AtomicInteger();
        private @Nullable CompletableFuture<String> next;

        private Server() {
            try {
                // nothing here outlives a machine that fails, and nobody replicates it; fsync is off in any embedded server
                EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                        .setServerConfig("max_connections", "200")
                        .setServerConfig("full_page_writes", "off")
                        .setServerConfig("wal_level", "minimal")
                        .setServerConfig("max_wal_senders", "0")
                        .setServerConfig("max_wal_size", "256MB");
                Path folder = inMemory();
                embedded = (folder == null ? builder : builder.setDataDirectory(folder)).start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Where there is room in memory, for copying databases takes a busy disk longer than the tests do; else null. */
        private static @Nullable Path inMemory() throws IOException {
            if (!Files.isWritable(MEMORY) || Files.getFileStore(MEMORY).getUsableSpace() < ROOM) {
                return null;
            }
            try (DirectoryStream<Path> earlier = Files.newDirectoryStream(MEMORY, FOLDER + "*")) {
                for (Path one : earlier) {
                    long run = Long.parseLong(one.getFileName().toString().substring(FOLDER.length()));
                    // of this user's, which was killed
                    if (Files.isWritable(one) && ProcessHandle.of(run).isEmpty()) {
                        FileSystemUtils.deleteRecursively(one);
                    }
                }
            }
            return MEMORY.resolve(FOLDER + ProcessHandle.current().pid());
        }

        /** One is always made ahead: copying takes longer than most of what is done before the next is asked for. */
        private synchronized String copy() {
            CompletableFuture<String> ready = next;
            String name = ready == null ? firstCopy() : ready.join();
            next = CompletableFuture.supplyAsync(() -> create(" TEMPLATE " + MIGRATED + " STRATEGY FILE_COPY"));
            return name;
        }

        private String firstCopy() {
            run("CREATE DATABASE " + MIGRATED);
            // closed at once, for a database in which somebody is cannot be copied; a month that begins after this gets its partitions
            // where a copy is opened
            PostgresStore.open(url(MIGRATED), null, null, "migrates").close();
            return create(" TEMPLATE " + MIGRATED + " STRATEGY FILE_COPY");
        }

        private String create(String how) {
            String name = "books_" + databases.incrementAndGet();
            run("CREATE DATABASE " + name + how);
            return name;
        }

        private String url(String database) {
            return embedded.getJdbcUrl("postgres", database);
        }

        private void run(String sql) {
            try (Connection connection = embedded.getPostgresDatabase().getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute(sql);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
