package dev.pareto.dashboards.testing.books;

import com.sun.management.OperatingSystemMXBean;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CountDownLatch;

/**
 * A PostgreSQL server on this machine for books that are kept: {@code BooksServer FOLDER PORT [bulk]}. Makes the folder at the first
 * start, has a database {@code books}, and runs until it is ended. With {@code bulk} it does not wait for the disk: for
 * {@link BooksGenerator}, never for times.
 */
public final class BooksServer {

    private static final String DATABASE = "books";

    private BooksServer() {}

    /** What PostgreSQL's manual recommends to begin with; the 128 MB that it has otherwise are for starting anywhere. */
    private static String quarterOfMemory() {
        var machine = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        return (machine.getTotalMemorySize() >> 22) + "MB";
    }

    /** @param args the folder, the port, and how */
    public static void main(String[] args) throws IOException, SQLException, InterruptedException {
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setDataDirectory(Path.of(args[0]))
                .setCleanDataDirectory(false)
                .setPort(Integer.parseInt(args[1]))
                .setServerConfig("shared_buffers", quarterOfMemory())
                .setServerConfig("max_wal_size", "4GB");
        if (args.length > 2) {
            builder.setServerConfig("wal_level", "minimal")
                    .setServerConfig("max_wal_senders", "0")
                    .setServerConfig("autovacuum", "off");
        } else {
            // as a server stands by itself; for tests it comes without
            builder.setServerConfig("fsync", "on")
                    .setServerConfig("full_page_writes", "on")
                    .setServerConfig("synchronous_commit", "on");
        }
        try (EmbeddedPostgres server = builder.start()) {
            try (Connection connection = server.getPostgresDatabase().getConnection();
                    Statement statement = connection.createStatement();
                    ResultSet row = statement
                            .executeQuery("SELECT 1 FROM pg_database WHERE datname = '" + DATABASE + "'")) {
                if (!row.next()) {
                    statement.execute("CREATE DATABASE " + DATABASE);
                }
            }
            System.out.println(server.getJdbcUrl("postgres", DATABASE));
            new CountDownLatch(1).await();
        }
    }
}
