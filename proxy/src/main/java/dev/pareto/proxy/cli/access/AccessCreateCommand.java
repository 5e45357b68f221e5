package dev.pareto.proxy.cli.access;

import dev.pareto.dashboards.access.AdminKeyRepository;
import dev.pareto.proxy.access.AdminToken;
import dev.pareto.proxy.access.Role;
import dev.pareto.proxy.cli.terminal.UsageException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

@Command(name = "create", mixinStandardHelpOptions = true, description = {
        "Makes a key of the admin port and prints it, this once: only its hash is kept.",
        "From the first key on the port asks everybody for one; a running gateway knows it within two seconds."})
final class AccessCreateCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private AccessStore access;

    @Parameters(paramLabel = "NAME", description = "whose it is; what it does is written down under this name")
    private String name;

    @Option(names = "--role", required = true, description = "viewer, finance, operator or admin")
    private String role;

    @Option(names = "--days", description = "how long it is good (default: without an end)")
    private @Nullable Integer days;

    @Option(names = "--json", description = "print one JSON document and nothing else")
    private boolean json;

    @Override
    public Integer call() {
        Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
        AdminToken made = token(now);
        try (var store = access.open()) {
            var keys = new AdminKeyRepository(store);
            if (keys.list().isEmpty() && Role.parse(role) != Role.ADMIN) {
                throw new UsageException("the first key must be an admin's (--role admin): from then on the port asks"
                        + " everybody for a key");
            }
            keys.add(made.stored());
            AccessStore.note(store, now, "access create", name + ", " + role + ", " + made.stored().prefix());
        }
        var out = spec.commandLine().getOut();
        if (json) {
            var document = AccessStore.json(made.stored());
            document.put("key", made.secret().reveal());
            out.println(JsonMapper.shared().writeValueAsString(document));
            return 0;
        }
        out.println(made.secret().reveal());
        spec.commandLine()
                .getErr()
                .println("This is the only time the key is shown. Sign in with it on the pages, or set PARETO_ADMIN_KEY"
                        + " for commands; ./pareto access revoke " + made.stored().prefix() + " ends it.");
        return 0;
    }

    private AdminToken token(Instant now) {
        try {
            return AdminToken.create(name, Role.parse(role), "command line", now,
                    days == null ? null : Duration.ofDays(days), new SecureRandom());
        } catch (IllegalArgumentException wrong) {
            throw new UsageException(String.valueOf(wrong.getMessage()), wrong);
        }
    }
}
