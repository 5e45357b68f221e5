package dev.pareto.proxy.crash;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;

import dev.pareto.dashboards.store.Store;
import dev.pareto.proxy.testing.GatewayProcess;

/** Where the books of a killed gateway lie, made from outside to refuse every commit of a running gateway. */
interface FaultyStore extends AutoCloseable {

    /** What the gateway's configuration says of it. */
    String yaml();

    /** For reading beside the gateway, and for proving the books. */
    Store open(Path data);

    /**
     * From now on no commit succeeds.
     *
     * @return how many milliseconds this must last at least until callers are told
     */
    int refuse(GatewayProcess gateway) throws Exception;

    /** Commits succeed again. */
    void accept(GatewayProcess gateway) throws Exception;

    @Override
    void close() throws IOException, SQLException;
}
