package dev.pareto.proxy.cli.access;

import dev.pareto.dashboards.access.ActJournal;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

@Command(name = "journal", mixinStandardHelpOptions = true,
        description = "What was done on the admin port, and what was refused, newest first.")
final class AccessJournalCommand implements Callable<Integer> {

    private static final int MOST = 10_000;

    @Spec
    private CommandSpec spec;

    @Mixin
    private AccessStore access;

    @Option(names = "--limit", defaultValue = "100",
            description = "how many, at most 10000 (default: ${DEFAULT-VALUE})")
    private int limit;

    @Option(names = "--json", description = "print one JSON document and nothing else")
    private boolean json;

    @Override
    public Integer call() {
        List<ActJournal.Act> acts;
        try (var store = access.open()) {
            acts = new ActJournal(store).newest(Math.clamp(limit, 1, MOST), null);
        }
        var out = spec.commandLine().getOut();
        if (json) {
            out.println(JsonMapper.shared().writeValueAsString(acts));
            return 0;
        }
        for (ActJournal.Act act : acts) {
            out.printf("%s  %s%s  %s  %d  %s%n", AccessStore.second(act.at(), ""), act.who(),
                    act.role().isEmpty() ? "" : " (" + act.role() + ")", act.act(), act.status(), act.detail());
        }
        return 0;
    }
}
