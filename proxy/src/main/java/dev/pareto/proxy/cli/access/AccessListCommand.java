package dev.pareto.proxy.cli.access;

import dev.pareto.dashboards.access.AdminKey;
import dev.pareto.dashboards.access.AdminKeyRepository;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

@Command(name = "list", mixinStandardHelpOptions = true,
        description = "The admin port's keys, oldest first, revoked and expired ones too.")
final class AccessListCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private AccessStore access;

    @Option(names = "--json", description = "print one JSON document and nothing else")
    private boolean json;

    @Override
    public Integer call() {
        List<AdminKey> all;
        try (var store = access.open()) {
            all = new AdminKeyRepository(store).list();
        }
        var out = spec.commandLine().getOut();
        if (json) {
            out.println(JsonMapper.shared().writeValueAsString(all.stream().map(AccessStore::json).toList()));
            return 0;
        }
        Instant now = Instant.now();
        String row = "%-18s %-24s %-10s %-22s %-22s %s%n";
        out.printf(row, "prefix", "name", "role", "last used", "expires", "");
        for (AdminKey key : all) {
            out.printf(row, key.prefix(), key.name(), key.role(), AccessStore.second(key.lastUsedAt(), "never"),
                    AccessStore.second(key.expiresAt(), "never"),
                    key.good(now) ? "" : key.revokedAt() != null ? "revoked" : "expired");
        }
        return 0;
    }
}
