package dev.pareto.proxy.cli.keys;

import dev.pareto.dashboards.store.KeyRepository;
import dev.pareto.dashboards.store.StoredKey;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

@Command(name = "list", mixinStandardHelpOptions = true, description = {
        "The keys of the store, oldest first; those of pareto.yaml (gateway.keys) are not among them."})
final class KeysListCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private KeyStore keys;

    @Option(names = "--json", description = "print one JSON document and nothing else")
    private boolean json;

    @Override
    public Integer call() {
        List<StoredKey> all;
        try (var store = keys.open()) {
            all = new KeyRepository(store).list();
        }
        var out = spec.commandLine().getOut();
        if (json) {
            out.println(JsonMapper.shared().writeValueAsString(all.stream().map(KeyStore::json).toList()));
            return 0;
        }
        String row = "%-18s %-24s %-24s %-20s %-20s %s%n";
        out.printf(row, "prefix", "label", "tenant", "created", "last used", "");
        for (StoredKey key : all) {
            out.printf(row, key.prefix(), key.name(), key.tenant(), second(key.createdAt()), second(key.lastUsedAt()),
                    key.revokedAt() == null ? "" : "revoked " + second(key.revokedAt()));
        }
        return 0;
    }

    private static String second(@Nullable Instant at) {
        return at == null ? "never" : at.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
