package dev.pareto.dashboards.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A lock file beside a SQLite file: one gateway writes it at a time. */
final class FileClaim implements Store.Claim {

    private static final Logger LOG = LoggerFactory.getLogger(FileClaim.class);

    private final FileChannel channel;
    private final DataSource source;

    private FileClaim(FileChannel channel, DataSource source) {
        this.channel = channel;
        this.source = source;
    }

    /** @param source of the connections to write with */
    static FileClaim on(Path file, DataSource source) {
        Path path = file.resolveSibling(file.getFileName() + ".lock");
        try {
            FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (tryLock(channel) == null) {
                channel.close();
                throw new StoreException("another gateway writes the ledger " + file
                        + "; stop it, or give this one a data folder of its own");
            }
            return new FileClaim(channel, source);
        } catch (IOException e) {
            throw new StoreException("the ledger cannot be locked with " + path + ": " + e.getMessage(), e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    @Override
    public String replica() {
        return "local";
    }

    @Override
    public Connection connect() throws SQLException {
        return source.getConnection();
    }

    @Override
    public Store.@Nullable Claim beside() {
        return null;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.warn("The ledger could not release its lock: {}", e.getMessage());
        }
    }
}
