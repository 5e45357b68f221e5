package dev.pareto.proxy.cli.access;

import dev.pareto.dashboards.access.ActJournal;
import dev.pareto.dashboards.access.AdminKey;
import dev.pareto.dashboards.store.Store;
import dev.pareto.proxy.Stores;
import dev.pareto.proxy.cli.serve.StoreOptions;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the gateway keeps its admin keys; whoever can write there administers it anyway, so no key is asked for. */
final class AccessStore {

    @Option(names = "--config", defaultValue = "${env:PARETO_HOME:-.}/pareto.yaml",
            description = "the gateway's configuration, which names its data folder (default: ${DEFAULT-VALUE})")
    private Path config;

    @Option(names = "--data", description = "the gateway's data folder (default: the configuration's)")
    private @Nullable Path data;

    Store open() {
        return Stores.open(StoreOptions.settings(config, data));
    }

    /** What {@code --json} shows of a key. */
    static Map<String, @Nullable Object> json(AdminKey key) {
        var json = new LinkedHashMap<String, @Nullable Object>();
        json.put("id", key.id());
        json.put("prefix", key.prefix());
        json.put("name", key.name());
        json.put("role", key.role());
        json.put("created_by", key.createdBy());
        json.put("created", key.createdAt().toString());
        json.put("expires", text(key.expiresAt()));
        json.put("last_used", text(key.lastUsedAt()));
        json.put("revoked", text(key.revokedAt()));
        return json;
    }

    private static @Nullable String text(@Nullable Instant at) {
        return at == null ? null : at.toString();
    }

    /** To the second, for a terminal. */
    static String second(@Nullable Instant at, String never) {
        return at == null ? never : at.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** Writes down what the command did, as the admin port would. */
    static void note(Store store, Instant now, String act, String detail) {
        new ActJournal(store).write(new ActJournal.Act(0, now, "command line of " + System.getProperty("user.name"), "",
                act, detail, 200));
    }
}
