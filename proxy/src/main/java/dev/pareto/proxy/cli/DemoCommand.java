package dev.pareto.proxy.cli;

import dev.pareto.evals.suite.Suite;
import dev.pareto.evals.suite.SuiteException;
import dev.pareto.evals.suite.SuiteReader;
import dev.pareto.policies.policy.ConfigException;
import dev.pareto.proxy.cli.serve.RunningGateway;
import dev.pareto.proxy.cli.terminal.UsageException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "demo", mixinStandardHelpOptions = true, description = {
        "The whole loop in two minutes, without any key: traffic on a (simulated) closed model, an eval, a verdict,",
        "the swap to the open model in this process, and the savings on the page."})
final class DemoCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(names = "--port", defaultValue = "8080", description = "data port (default: ${DEFAULT-VALUE})")
    private int port;

    @Option(names = "--admin-port", defaultValue = "8081", description = "admin port (default: ${DEFAULT-VALUE})")
    private int adminPort;

    @Option(names = "--suites-dir", defaultValue = "${env:PARETO_HOME:-.}/evals/suites",
            description = "where the suites are (default: ${DEFAULT-VALUE})")
    private Path suites;

    @Option(names = "--once", description = "end after the tour instead of running on")
    private boolean once;

    @Override
    public Integer call() throws IOException, ConfigException, InterruptedException, SuiteException {
        PrintWriter out = spec.commandLine().getOut();
        Path folder = Files.createTempDirectory("pareto-demo");
        Path config = folder.resolve("pareto.yaml");
        try (InputStream text = Objects.requireNonNull(DemoCommand.class.getResourceAsStream("demo.yaml"))) {
            Files.copy(text, config);
        }
        var overrides = new RunningGateway.Overrides("127.0.0.1", port, adminPort, folder.resolve("data"));
        try (var gateway = RunningGateway.start(config, overrides, spec.commandLine().getErr());
                var http = HttpClient.newHttpClient()) {
            out.printf("Pareto demo. Everything here is local; the closed model is simulated and says so.%n%n"
                    + "  pages  %s/   ← open this and watch%n  API    %s/v1%n%n", gateway.admin(), gateway.data());
            Suite support = new SuiteReader().read(suites.resolve("support"));
            Suite words = new SuiteReader().read(suites.resolve("word-problems"));
            try (var traffic = new DemoTraffic(http, gateway.data(), support, words)) {
                tour(gateway, traffic, out);
                if (!once) {
                    out.println("Traffic goes on until you press Ctrl-C.");
                    gateway.awaitEnd();
                }
            }
        }
        return 0;
    }

    private void tour(RunningGateway gateway, DemoTraffic traffic, PrintWriter out)
            throws IOException, InterruptedException {
        out.println("1. Callers ask the routes 'support' and 'word-problems'. Where does a request go today, and why?");
        tell(traffic, out);
        traffic.start();
        out.println("2. Is the open model good enough for support? Ask both, margin 3 points, stated before the run.");
        compare(gateway, "support");
        out.println("3. And for word problems, which it was never trained for?");
        compare(gateway, "word-problems");
        out.println("4. The next requests go where the verdicts say:");
        tell(traffic, out);
        out.printf("5. Spend and savings, to the last digit: %s/%n%n", gateway.admin());
    }

    private static void tell(DemoTraffic traffic, PrintWriter out) throws IOException, InterruptedException {
        for (String route : DemoTraffic.ROUTES) {
            out.printf("   %-14s → %s%n", route, traffic.askOnce(route));
        }
        out.println();
    }

    /** The command that a user would type. */
    private void compare(RunningGateway gateway, String suite) {
        var out = spec.commandLine().getOut();
        String[] command = {"eval", "compare", "--suite", suite, "--candidate", "local/support-desk", "--baseline",
                "simulated/gpt-4o", "--sequential", "--concurrency", "24", "--examples", "2", "--suites-dir",
                suites.toString(), "--gateway", gateway.data().toString(), "--admin", gateway.admin().toString(),
                "--data", gateway.config().gateway().dataDir()};
        out.println("   ./pareto eval compare --suite " + suite
                + " --candidate local/support-desk --baseline simulated/gpt-4o --sequential");
        out.flush();
        int status = Main.commandLine(out, spec.commandLine().getErr()).execute(command);
        if (status != 0) {
            throw new UsageException("the comparison on " + suite + " did not end well; see above");
        }
    }
}
