package dev.pareto.proxy.cli.keys;

import dev.pareto.dashboards.store.KeyRepository;
import dev.pareto.dashboards.store.StoredKey;
import dev.pareto.proxy.cli.terminal.UsageException;
import dev.pareto.proxy.key.Callers;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "revoke", mixinStandardHelpOptions = true, description = {
        "Ends a key for good; a running gateway refuses it within two seconds."})
final class KeysRevokeCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private KeyStore keys;

    @Parameters(paramLabel = "KEY", description = "its prefix or label, or the whole key")
    private String named;

    @Override
    public Integer call() {
        try (var store = keys.open()) {
            var repository = new KeyRepository(store);
            StoredKey key = find(repository.list());
            repository.revoke(key.id(), Instant.now());
            spec.commandLine().getOut().println("revoked " + key.prefix() + " (" + key.name() + ")");
        }
        return 0;
    }

    private StoredKey find(List<StoredKey> all) {
        String hash = Callers.sha256(named);
        List<StoredKey> found = all.stream()
                .filter(key -> key.revokedAt() == null)
                .filter(key -> key.prefix().equals(named) || key.name().equals(named) || key.sha256().equals(hash))
                .toList();
        if (found.isEmpty()) {
            // not the argument itself: it may be a whole key
            throw new UsageException("no key in force has this prefix or label; see ./pareto keys list");
        }
        if (found.size() > 1) {
            throw new UsageException(found.size() + " keys have the label " + named + "; name one by its prefix: "
                    + found.stream().map(StoredKey::prefix).collect(Collectors.joining(", ")));
        }
        return found.getFirst();
    }
}
