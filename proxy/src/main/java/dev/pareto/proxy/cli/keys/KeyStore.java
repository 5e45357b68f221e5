package dev.pareto.proxy.cli.keys;

import dev.pareto.dashboards.store.Store;
import dev.pareto.dashboards.store.StoredKey;
import dev.pareto.policies.policy.GatewaySettings;
import dev.pareto.policies.policy.Permission;
import dev.pareto.proxy.Stores;
import dev.pareto.proxy.cli.serve.StoreOptions;
import dev.pareto.proxy.cli.terminal.UsageException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the gateway keeps its keys. A gateway that runs on the same folder looks there every second. */
final class KeyStore {

    @Option(names = "--config", defaultValue = "${env:PARETO_HOME:-.}/pareto.yaml",
            description = "the gateway's configuration, which names its data folder (default: ${DEFAULT-VALUE})")
    private Path config;

    @Option(names = "--data", description = "the gateway's data folder (default: the configuration's)")
    private @Nullable Path data;

    /** The store, made where there is none yet. */
    Store openOrCreate() {
        return Stores.open(settings());
    }

    /** The store of a gateway that ran before. */
    Store open() {
        GatewaySettings settings = settings();
        Path file = Path.of(settings.dataDir(), "pareto.db");
        if (settings.ledger() == null && !Files.exists(file)) {
            throw new UsageException("there is no store at " + file
                    + "; name the gateway's data folder with --data, or make a first key with ./pareto keys create");
        }
        return Stores.open(settings);
    }

    private GatewaySettings settings() {
        return StoreOptions.settings(config, data);
    }

    /** What {@code --json} shows of a key. */
    static Map<String, @Nullable Object> json(StoredKey key) {
        var json = new LinkedHashMap<String, @Nullable Object>();
        json.put("id", key.id());
        json.put("prefix", key.prefix());
        json.put("label", key.name());
        json.put("tenant", key.tenant());
        json.put("tags", key.tags());
        json.put("may", key.may().stream().map(Permission::text).sorted().toList());
        json.put("created", key.createdAt().toString());
        json.put("last_used", key.lastUsedAt() == null ? null : key.lastUsedAt().toString());
        json.put("revoked", key.revokedAt() == null ? null : key.revokedAt().toString());
        return json;
    }
}
