package dev.pareto.proxy.cli.serve;

import dev.pareto.dashboards.store.Store;
import dev.pareto.policies.policy.ConfigException;
import dev.pareto.policies.policy.ConfigReader;
import dev.pareto.policies.policy.GatewaySettings;
import dev.pareto.proxy.Stores;
import dev.pareto.proxy.cli.terminal.UsageException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where a command finds the store of a gateway. */
public final class StoreOptions {

    private StoreOptions() {}

    /**
     * The settings with the data folder as a whole path.
     *
     * @param data the data folder, which then holds the store; null for what the configuration says
     */
    public static GatewaySettings settings(Path config, @Nullable Path data) {
        if (data != null) {
            return in(GatewaySettings.DEFAULT, data);
        }
        try {
            GatewaySettings stated = new ConfigReader().read(config, System.getenv()).gateway();
            return in(stated, RunningGateway.dataFolder(config, stated));
        } catch (ConfigException refused) {
            throw new UsageException(refused.getMessage() + "; or name the gateway's data folder with --data", refused);
        }
    }

    /**
     * The store of a gateway that ran before.
     *
     * @throws UsageException when there is none
     */
    public static Store open(Path config, @Nullable Path data) {
        GatewaySettings settings = settings(config, data);
        Path file = Path.of(settings.dataDir(), "pareto.db");
        if (settings.ledger() == null && !Files.exists(file)) {
            throw new UsageException("there is no ledger at " + file + "; name the gateway's data folder with --data");
        }
        return Stores.open(settings);
    }

    private static GatewaySettings in(GatewaySettings stated, Path folder) {
        return new GatewaySettings(stated.host(), stated.port(), stated.adminHost(), stated.adminPort(),
                stated.adminNames(), stated.maxBodyBytes(), folder.toString(), stated.requireKeys(), stated.keys(),
                stated.engine(), stated.speculation(), stated.samples(), stated.feedback(), stated.ledger(),
                stated.books());
    }
}
