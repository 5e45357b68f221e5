package dev.pareto.proxy.cli.access;

import dev.pareto.dashboards.access.AdminKey;
import dev.pareto.dashboards.access.AdminKeyRepository;
import dev.pareto.proxy.cli.terminal.UsageException;
import dev.pareto.proxy.key.Callers;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "revoke", mixinStandardHelpOptions = true, description = {
        "Ends a key of the admin port for good, with all that is signed in by it, within two seconds.",
        "The port goes on asking for keys when the last one is revoked; access create makes another one."})
final class AccessRevokeCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private AccessStore access;

    @Parameters(paramLabel = "KEY", description = "its prefix or name, or the whole key")
    private String named;

    @Override
    public Integer call() {
        Instant now = Instant.now();
        try (var store = access.open()) {
            var keys = new AdminKeyRepository(store);
            AdminKey key = find(keys.list());
            keys.revoke(key.id(), now);
            AccessStore.note(store, now, "access revoke", key.name() + ", " + key.role() + ", " + key.prefix());
            spec.commandLine()
                    .getOut()
                    .println("revoked " + key.prefix() + " (" + key.name() + ", " + key.role() + ")");
        }
        return 0;
    }

    private AdminKey find(List<AdminKey> all) {
        String hash = Callers.sha256(named);
        List<AdminKey> found = all.stream()
                .filter(key -> key.revokedAt() == null)
                .filter(key -> key.prefix().equals(named) || key.name().equals(named) || key.sha256().equals(hash))
                .toList();
        if (found.size() != 1) {
            // not the argument itself: it may be a whole key
            throw new UsageException(found.isEmpty()
                    ? "no key in force has this prefix or name; see ./pareto access list"
                    : found.size() + " keys have this name; name one by its prefix");
        }
        return found.getFirst();
    }
}
