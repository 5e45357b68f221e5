package dev.pareto.proxy.cli.prices;

import dev.pareto.policies.policy.ConfigException;
import dev.pareto.policies.policy.ConfigReader;
import dev.pareto.policies.sheet.Finding;
import dev.pareto.policies.sheet.Finding.Severity;
import dev.pareto.policies.sheet.PriceLint;
import dev.pareto.policies.sheet.PriceSheet;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

@Command(name = "lint", aliases = "check", mixinStandardHelpOptions = true, description = {
        "Looks over price files for faults: wrong units, gaps between bands, odd tiers, stale sources.",
        "Ends with 1 when there is an error; with --strict also when there is a warning."})
final class PricesLintCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private PriceFiles files;

    @Parameters(paramLabel = "FILE.yaml", arity = "0..*", description = "price files (default: all in force)")
    private List<Path> sheets = new ArrayList<>();

    @Option(names = "--strict", description = "a warning is a failure, too")
    private boolean strict;

    @Option(names = "--notes", description = "tell what is only good to know, too")
    private boolean notes;

    @Option(names = "--json", description = "print one JSON document and nothing else")
    private boolean json;

    @Override
    public Integer call() throws ConfigException {
        List<PriceSheet> read = new ArrayList<>();
        for (Path sheet : sheets) {
            read.add(ConfigReader.priceSheet(sheet));
        }
        if (sheets.isEmpty()) {
            read.addAll(files.sheets());
        }
        var _ = PriceFiles.book(read);
        List<Finding> findings = PriceLint.check(read, LocalDate.now(ZoneOffset.UTC));
        tell(findings, read);
        return findings.stream()
                .anyMatch(finding -> finding.severity() == Severity.ERROR
                        || (strict && finding.severity() == Severity.WARNING)) ? 1 : 0;
    }

    private void tell(List<Finding> findings, List<PriceSheet> read) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            ArrayNode array = JsonMapper.shared().createArrayNode();
            findings.forEach(finding -> array.addObject()
                    .put("severity", finding.severity().id())
                    .put("rule", finding.rule())
                    .put("subject", finding.subject())
                    .put("message", finding.message()));
            out.println(array);
            return;
        }
        findings.stream()
                .filter(finding -> notes || finding.severity() != Severity.NOTE)
                .forEach(finding -> out.println(finding));
        out.printf("%d models in %d files: %d errors, %d warnings, %d notes.%n",
                read.stream().mapToInt(sheet -> sheet.models().size()).sum(), read.size(),
                count(findings, Severity.ERROR),
                count(findings, Severity.WARNING), count(findings, Severity.NOTE));
    }

    private static long count(List<Finding> findings, Severity severity) {
        return findings.stream().filter(finding -> finding.severity() == severity).count();
    }
}
