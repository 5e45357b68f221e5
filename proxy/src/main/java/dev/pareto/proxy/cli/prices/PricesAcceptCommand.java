package dev.pareto.proxy.cli.prices;

import dev.pareto.policies.policy.ConfigException;
import dev.pareto.policies.policy.ConfigReader;
import dev.pareto.policies.sheet.Finding;
import dev.pareto.policies.sheet.PriceSheet;
import dev.pareto.policies.sheet.PriceSheetReader;
import dev.pareto.policies.sheet.market.AcceptedSheet;
import dev.pareto.policies.sheet.market.Proposal;
import dev.pareto.policies.sheet.market.Proposals;
import dev.pareto.policies.yaml.Units;
import dev.pareto.proxy.cli.terminal.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "accept", mixinStandardHelpOptions = true, description = {
        "Accepts proposals: writes them as a new price file into prices/, which a running gateway reads by itself.",
        "No file that exists is edited."})
final class PricesAcceptCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private PriceFiles files;

    @Parameters(paramLabel = "ID", arity = "0..*", description = "proposals, as prices proposals lists them")
    private List<String> ids = new ArrayList<>();

    @Option(names = "--by-rule",
            description = "every proposal that two catalogues agree on, that changes no price by half or"
                    + " more, and that no lint objects to")
    private boolean byRule;

    @Option(names = "--from", required = true, description = "the day or moment (UTC) from which the prices hold")
    private String from;

    @Option(names = "--by", defaultValue = "${sys:user.name}", description = "who accepts (default: ${DEFAULT-VALUE})")
    private String by;

    @Override
    public Integer call() throws IOException, ConfigException {
        if (ids.isEmpty() != byRule) {
            throw new UsageException("name proposals, or write --by-rule");
        }
        Instant validFrom;
        Proposals proposals;
        try {
            validFrom = Units.moment(from);
            proposals = files.proposals().read();
        } catch (IllegalArgumentException wrong) {
            throw new UsageException(String.valueOf(wrong.getMessage()), wrong);
        }
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        List<Proposal> chosen = byRule
                ? proposals.open().stream().filter(Proposal::soundByRule).toList()
                : named(proposals);
        chosen.forEach(PricesAcceptCommand::refuseErrors);
        Map<String, List<Proposal>> byVendor = new TreeMap<>(chosen.stream()
                .collect(Collectors.groupingBy(proposal -> proposal.sku().substring(0, proposal.sku().indexOf('/')))));
        List<Path> written = write(byVendor, validFrom, now);
        for (Proposal proposal : chosen) {
            proposals = proposals.replacing(proposal.decided(Proposal.State.ACCEPTED, now, by));
        }
        files.proposals().write(proposals);
        var out = spec.commandLine().getOut();
        chosen.forEach(proposal -> out.printf("accepted %s: %s %s from %s%n", proposal.id(), proposal.sku(),
                proposal.serviceTier(), validFrom));
        written.forEach(file -> out.println("wrote " + file));
        return 0;
    }

    private List<Proposal> named(Proposals proposals) {
        List<Proposal> chosen = new ArrayList<>();
        for (String id : ids.stream().distinct().toList()) {
            Proposal proposal = proposals.find(id)
                    .orElseThrow(() -> new UsageException("there is no proposal " + id));
            if (proposal.state() != Proposal.State.OPEN) {
                throw new UsageException("proposal " + id + " was decided before, by " + proposal.decidedBy());
            }
            chosen.add(proposal);
        }
        return chosen;
    }

    private static void refuseErrors(Proposal proposal) {
        proposal.findings()
                .stream()
                .filter(finding -> finding.severity() == Finding.Severity.ERROR)
                .findFirst()
                .ifPresent(finding -> {
                    throw new UsageException("proposal " + proposal.id() + " cannot be accepted: " + finding.message());
                });
    }

    /** All or none: what the whole book refuses is taken back. */
    private List<Path> write(Map<String, List<Proposal>> byVendor, Instant validFrom, Instant now)
            throws IOException, ConfigException {
        Files.createDirectories(files.folder());
        List<Path> written = new ArrayList<>();
        boolean sound = false;
        try {
            for (Map.Entry<String, List<Proposal>> vendor : byVendor.entrySet()) {
                Path file = files.folder().resolve(vendor.getKey() + "-" + now.toString().replace(":", "") + ".yaml");
                Files.writeString(file, AcceptedSheet.text(vendor.getKey(), vendor.getValue(), validFrom, by, now),
                        java.nio.file.StandardOpenOption.CREATE_NEW);
                written.add(file);
                ConfigReader.priceSheet(file);
            }
            List<PriceSheet> all = files.sheets();
            PriceSheetReader.book(all);
            sound = true;
        } catch (IllegalArgumentException contradiction) {
            throw new UsageException("the price book would contradict itself: " + contradiction.getMessage(),
                    contradiction);
        } finally {
            if (!sound) {
                for (Path file : written) {
                    Files.deleteIfExists(file);
                }
            }
        }
        return written;
    }
}
