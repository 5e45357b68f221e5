package dev.pareto.proxy.cli;

import dev.pareto.evals.suite.Suite;
import dev.pareto.evals.suite.SuiteException;
import dev.pareto.evals.suite.SuiteReader;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.policy.ConfigException;
import dev.pareto.proxy.cli.remote.GatewayClient;
import dev.pareto.proxy.cli.serve.RunningGateway;
import dev.pareto.proxy.cli.terminal.UsageException;
import dev.pareto.proxy.swap.SwapClock;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "demo", mixinStandardHelpOptions = true, description = {
        "The whole loop in a few minutes, without any key: traffic on a (simulated) closed model, evals of the open model",
        "in this process, verdicts, the swap step by step, a fault, and the way back; with savings and swaps on the pages."})
final class DemoCommand implements Callable<Integer> {

    private static final ModelId OPEN = new ModelId("local", "support-desk");
    private static final ModelId CLOSED = new ModelId("simulated", "gpt-4o");

    /** Requests a second: few while the evals run, and for the ramp enough that one in a hundred is some. */
    private static final int CALM = 3;
    private static final int BUSY = 50;
    private static final Duration VERDICT_TAKES_HOLD = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Duration HEALTHY = Duration.ofSeconds(15);
    private static final Set<String> MOVING = Set.of("OFFLINE", "SHADOW", "RAMP", "OPEN");
    private static final Set<String> ENDED = Set.of("OPEN", "ROLLED_BACK", "STALE", "CLOSED");

    @Spec
    private CommandSpec spec;

    @Option(names = "--port", defaultValue = "8080", description = "data port (default: ${DEFAULT-VALUE})")
    private int port;

    @Option(names = "--admin-port", defaultValue = "8081", description = "admin port (default: ${DEFAULT-VALUE})")
    private int adminPort;

    @Option(names = "--suites-dir", defaultValue = "${env:PARETO_HOME:-.}/evals/suites",
            description = "where the suites are (default: ${DEFAULT-VALUE})")
    private Path suites;

    @Option(names = "--speed", defaultValue = "3600", paramLabel = "N",
            description = "how many times as fast the swap's clock runs, and nothing else (default: ${DEFAULT-VALUE},"
                    + " an hour of its life a second)")
    private int speed;

    @Option(names = "--once", description = "end after the tour instead of running on")
    private boolean once;

    @Override
    public Integer call() throws IOException, ConfigException, InterruptedException, SuiteException {
        if (speed < 1 || speed > 1_000_000) {
            throw new UsageException("--speed " + speed + ": a number from 1 (days take days) to 1000000");
        }
        PrintWriter out = spec.commandLine().getOut();
        Path folder = Files.createTempDirectory("pareto-demo");
        Path config = resource("demo.yaml", folder.resolve("pareto.yaml"));
        Suite triage = triage(folder.resolve("triage"));
        Suite words = new SuiteReader().read(suites.resolve("word-problems"));
        var overrides = new RunningGateway.Overrides("127.0.0.1", port, adminPort, folder.resolve("data"));
        try (var gateway = RunningGateway.start(config, overrides, SwapClock.faster(InstantSource.system(), speed),
                spec.commandLine().getErr());
                var http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
                var client = new GatewayClient(gateway.data(), gateway.admin(), null);
                var traffic = new DemoTraffic(http, client, gateway.data(), OPEN, triage, words)) {
            out.printf("Pareto demo. Everything here is local; the closed model is simulated and says so.%n%n"
                    + "  pages  %s/   ← open this and watch%n  API    %s/v1%n%n", gateway.admin(), gateway.data());
            evals(gateway, traffic, folder.resolve("triage"), out);
            swap(gateway, client, traffic, out);
            out.printf("7. Spend and savings, to the last digit: %s/%n%n", gateway.admin());
            if (!once) {
                out.println("Traffic goes on until you press Ctrl-C.");
                gateway.awaitEnd();
            }
        }
        return 0;
    }

    private void evals(RunningGateway gateway, DemoTraffic traffic, Path triage, PrintWriter out)
            throws IOException, InterruptedException {
        out.println("1. Callers ask the routes 'support' and 'word-problems'. Where does a request go today, and why?");
        tell(traffic, out);
        traffic.pace(CALM);
        out.println("2. Is the open model good enough for word problems, which it was never trained for? Ask both.");
        compare(gateway, "word-problems");
        out.println("3. And to sort support tickets, which it was? The margin is stated before the first question.");
        compare(gateway, triage.toString());
    }

    private void swap(RunningGateway gateway, GatewayClient client, DemoTraffic traffic, PrintWriter out)
            throws IOException, InterruptedException {
        out.printf(
                "4. A verdict opens nothing at once: on 'support' the swap goes up by steps of at least a day each. For this%n"
                        + "   tour its clock runs %d times as fast. (%s/swaps, or in another terminal%n"
                        + "   ./pareto swap show support%s)%n%n",
                speed, gateway.admin(), admin(gateway));
        var swap = new DemoSwap(client, DemoTraffic.SUPPORT, out);
        traffic.pace(BUSY);
        if (!swap.until(MOVING, VERDICT_TAKES_HOLD) || !swap.until(ENDED, PATIENCE) || !swap.stands("OPEN")) {
            out.printf("%n   It does not open: it is %s%n%n", swap.words());
            return;
        }
        out.println();
        tell(traffic, out);
        DemoTraffic.Tickets before = traffic.tickets();
        Thread.sleep(HEALTHY);
        DemoTraffic.Tickets healthy = traffic.tickets().since(before);
        out.printf("   In %d s the open model answered %d of %d tickets, %d of them wrong.%n%n", HEALTHY.toSeconds(),
                healthy.open(), healthy.asked(), healthy.wrong());
        out.println("5. Now somebody breaks it: a release of the application sends its tickets with temperature 2.");
        traffic.temperature(2);
        before = traffic.tickets();
        long broken = System.nanoTime();
        boolean back = swap.until(Set.of("ROLLED_BACK"), PATIENCE);
        DemoTraffic.Tickets hurt = traffic.tickets().since(before);
        out.printf(
                "%n   %s %.1f s after the release; the open model had answered %d tickets since, %d of them wrong.%n%n",
                back ? "Taken back by itself" : "Not taken back, it is " + swap.words(),
                (System.nanoTime() - broken) / 1e9, hurt.open(), hurt.wrong());
        traffic.pace(CALM);
        traffic.temperature(0);
        out.println(
                "6. The next requests go where verdicts and swaps say. After a cool-down the swap waits for a new verdict:");
        out.println("   the release is mended, so the command of step 3 would begin the ramp again.");
        tell(traffic, out);
    }

    private static void tell(DemoTraffic traffic, PrintWriter out) throws IOException, InterruptedException {
        for (String route : DemoTraffic.ROUTES) {
            out.printf("   %-14s → %s%n", route, traffic.askOnce(route));
        }
        out.println();
        out.flush();
    }

    /** The command that a user would type. */
    private void compare(RunningGateway gateway, String suite) {
        var out = spec.commandLine().getOut();
        String[] command = {"eval", "compare", "--suite", suite, "--candidate", OPEN.toString(), "--baseline",
                CLOSED.toString(), "--sequential", "--concurrency", "24", "--examples", "2", "--suites-dir",
                suites.toString(), "--gateway", gateway.data().toString(), "--admin", gateway.admin().toString(),
                "--data", gateway.config().gateway().dataDir()};
        out.printf("   ./pareto eval compare --suite %s --candidate %s --baseline %s --sequential%s%n", suite, OPEN,
                CLOSED,
                admin(gateway));
        out.flush();
        int status = Main.commandLine(out, spec.commandLine().getErr()).execute(command);
        if (status != 0) {
            throw new UsageException("the comparison on " + suite + " did not end well; see above");
        }
        out.println();
    }

    /** What another terminal has to add to a command to find this gateway; nothing where it is found by itself. */
    private static String admin(RunningGateway gateway) {
        return (gateway.data().getPort() == 8080 ? "" : " --gateway " + gateway.data())
                + (gateway.admin().getPort() == 8081 ? "" : " --admin " + gateway.admin());
    }

    /** The triage part of the support suite, as a suite of its own. */
    private Suite triage(Path folder) throws IOException, SuiteException {
        resource("demo-triage.yaml", Files.createDirectories(folder).resolve("suite.yaml"));
        try (Stream<String> items = Files.lines(suites.resolve("support").resolve("items.jsonl"))) {
            List<String> own = items.filter(line -> line.contains("\"stratum\":\"triage\"")).toList();
            Files.write(folder.resolve("items.jsonl"), own);
        }
        return new SuiteReader().read(folder);
    }

    private static Path resource(String name, Path to) throws IOException {
        try (InputStream text = Objects.requireNonNull(DemoCommand.class.getResourceAsStream(name))) {
            Files.copy(text, to);
        }
        return to;
    }
}
