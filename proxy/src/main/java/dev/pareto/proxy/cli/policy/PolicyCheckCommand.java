package dev.pareto.proxy.cli.policy;

import dev.pareto.policies.check.Explanation;
import dev.pareto.policies.check.PolicyCheck;
import dev.pareto.policies.check.Remark;
import dev.pareto.policies.policy.ConfigException;
import dev.pareto.policies.policy.ConfigReader;
import dev.pareto.policies.policy.ParetoConfig;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

@Command(name = "check", mixinStandardHelpOptions = true, description = {
        "Says what each route, policy, floor and commitment will do, and what in them cannot be meant: candidates that nobody reaches,",
        "limits that nobody meets, prices that are missing, fall-backs that go round.",
        "Ends with 1 when there is an error; with --strict also when there is a warning."})
final class PolicyCheckCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(names = "--config", defaultValue = "${env:PARETO_HOME:-.}/pareto.yaml",
            description = "the gateway's configuration; its folder policies/ is read, too (default: ${DEFAULT-VALUE})")
    private Path config;

    @Option(names = "--strict", description = "a warning is a failure, too")
    private boolean strict;

    @Option(names = "--json", description = "print one JSON document and nothing else")
    private boolean json;

    @Override
    public Integer call() throws ConfigException {
        ParetoConfig read = new ConfigReader().read(config, System.getenv());
        List<Remark> remarks = PolicyCheck.of(read, Instant.now());
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(JsonMapper.shared().writeValueAsString(document(read, remarks)));
        } else {
            explanations(read).forEach((kind, sentences) -> sentences
                    .forEach((name, sentence) -> out.println(kind + " " + name + ": " + sentence)));
            read.warnings().forEach(warning -> out.println("warning: " + warning));
            remarks.forEach(out::println);
            out.println(remarks.isEmpty() && read.warnings().isEmpty()
                    ? "Nothing stands out."
                    : errors(remarks) + " errors, " + (remarks.size() - errors(remarks) + read.warnings().size())
                            + " warnings.");
        }
        boolean warned = strict && !(remarks.isEmpty() && read.warnings().isEmpty());
        return errors(remarks) > 0 || warned ? 1 : 0;
    }

    private static long errors(List<Remark> remarks) {
        return remarks.stream().filter(remark -> remark.weight() == Remark.Weight.ERROR).count();
    }

    private static Map<String, Map<String, String>> explanations(ParetoConfig config) {
        Map<String, Map<String, String>> kinds = new LinkedHashMap<>();
        Map<String, String> routes = new LinkedHashMap<>();
        config.routes().values().forEach(route -> routes.put(route.name(), Explanation.of(route)));
        Map<String, String> policies = new LinkedHashMap<>();
        config.policies().values().forEach(policy -> policies.put(policy.name(), Explanation.of(policy)));
        Map<String, String> floors = new LinkedHashMap<>();
        config.floors().forEach(floor -> floors.put(floor.name(), Explanation.of(floor)));
        kinds.put("route", routes);
        kinds.put("policy", policies);
        kinds.put("floor", floors);
        Map<String, String> commitments = new LinkedHashMap<>();
        config.commitments().forEach(one -> commitments.put(one.name(), one.told()));
        kinds.put("commitment", commitments);
        return kinds;
    }

    private static Map<String, Object> document(ParetoConfig config, List<Remark> remarks) {
        Map<String, Object> document = new LinkedHashMap<>();
        Map<String, Map<String, String>> kinds = explanations(config);
        document.put("routes", kinds.getOrDefault("route", Map.of()));
        document.put("policies", kinds.getOrDefault("policy", Map.of()));
        document.put("floors", kinds.getOrDefault("floor", Map.of()));
        document.put("commitments", kinds.getOrDefault("commitment", Map.of()));
        document.put("warnings", config.warnings());
        document.put("remarks", remarks.stream().map(PolicyCheckCommand::remark).toList());
        return document;
    }

    private static Map<String, String> remark(Remark remark) {
        Map<String, String> json = new LinkedHashMap<>();
        json.put("weight", remark.weight().name());
        json.put("where", remark.where());
        json.put("what", remark.what());
        json.put("remedy", remark.remedy());
        return json;
    }
}
