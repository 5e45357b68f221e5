package dev.pareto.proxy.cli.keys;

import dev.pareto.dashboards.store.KeyRepository;
import dev.pareto.policies.policy.Permission;
import dev.pareto.proxy.cli.terminal.UsageException;
import dev.pareto.proxy.key.NewKey;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import tools.jackson.databind.json.JsonMapper;

@Command(name = "create", mixinStandardHelpOptions = true, description = {
        "Makes a key and prints it, this once: only its hash is kept.",
        "A running gateway knows it within two seconds."})
final class KeysCreateCommand implements Callable<Integer> {

    private static final String NAME = "[!-~]{1,128}";

    @Spec
    private CommandSpec spec;

    @Mixin
    private KeyStore keys;

    @Parameters(paramLabel = "LABEL", description = "what you call it, e.g. ci or search-team")
    private String label;

    @Option(names = "--tenant", description = "whose spending and whose cache it is (default: the label)")
    private @Nullable String tenant;

    @Option(names = "--tag", paramLabel = "NAME=VALUE",
            description = "recorded with every call, e.g. team=search; may be repeated")
    private Map<String, String> tags = Map.of();

    @Option(names = "--may", paramLabel = "PERMISSION", converter = PermissionConverter.class,
            description = "what its bearer may do besides: send-policies (a whole policy in the header Pareto-Policy); may"
                    + " be repeated")
    private List<Permission> may = List.of();

    @Option(names = "--json", description = "print one JSON document and nothing else")
    private boolean json;

    /** So that a mistake is answered with what there is. */
    static final class PermissionConverter implements ITypeConverter<Permission> {

        @Override
        public Permission convert(String text) {
            try {
                return Permission.parse(text);
            } catch (IllegalArgumentException unknown) {
                throw new TypeConversionException(String.valueOf(unknown.getMessage()));
            }
        }
    }

    @Override
    public Integer call() {
        String owner = tenant == null ? label : tenant;
        for (String name : new String[]{label, owner}) {
            if (!name.matches(NAME)) {
                throw new UsageException("'" + name + "' is no name: use letters, digits and signs without spaces,"
                        + " at most 128");
            }
        }
        NewKey made = NewKey.create(label, owner, tags, Set.copyOf(may),
                Instant.now().truncatedTo(ChronoUnit.MICROS),
                new SecureRandom());
        boolean first;
        try (var store = keys.openOrCreate()) {
            var repository = new KeyRepository(store);
            first = repository.list().isEmpty();
            repository.add(made.stored());
        }
        print(made, first);
        return 0;
    }

    private void print(NewKey made, boolean first) {
        var out = spec.commandLine().getOut();
        if (json) {
            var document = KeyStore.json(made.stored());
            document.put("key", made.secret().reveal());
            out.println(JsonMapper.shared().writeValueAsString(document));
            return;
        }
        var err = spec.commandLine().getErr();
        out.println(made.secret().reveal());
        err.println("This is the only time the key is shown. It belongs to tenant " + made.stored().tenant()
                + "; ./pareto keys revoke " + made.stored().prefix() + " ends it.");
        if (first) {
            err.println("It is the first key of this store: from now on every caller must present one, unless"
                    + " gateway.require-keys says otherwise.");
        }
    }
}
