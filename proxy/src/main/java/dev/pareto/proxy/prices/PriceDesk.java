package dev.pareto.proxy.prices;

import dev.pareto.policies.policy.ConfigException;
import dev.pareto.policies.policy.ConfigReader;
import dev.pareto.policies.sheet.Finding;
import dev.pareto.policies.sheet.PriceSheet;
import dev.pareto.policies.sheet.PriceSheetReader;
import dev.pareto.policies.sheet.market.AcceptanceRule;
import dev.pareto.policies.sheet.market.AcceptedSheet;
import dev.pareto.policies.sheet.market.Proposal;
import dev.pareto.policies.sheet.market.ProposalFile;
import dev.pareto.policies.sheet.market.Proposals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Decides on proposals: what is accepted becomes a new price file in {@code prices/}, which a running gateway reads by itself; no file
 * that exists is edited. What is wrong is an {@link IllegalArgumentException} with a sentence for the person, and then nothing has
 * changed. Thread-safe, also between processes; blocks.
 */
public final class PriceDesk {

    private static final int MOST_AT_ONCE = 500;
    private static final int LONGEST_NAME = 80;
    private static final int LONGEST_REASON = 300;

    private final Path config;
    private final Map<String, String> env;
    private final InstantSource clock;

    /**
     * @param config whose {@code prices/} folder and {@code price-files} are read
     * @param env from which {@code ${NAME}} in it is taken
     */
    public PriceDesk(Path config, Map<String, String> env, InstantSource clock) {
        this.config = config.toAbsolutePath().normalize();
        this.env = env;
        this.clock = clock;
    }

    /**
     * What was accepted.
     *
     * @param proposals as they are now
     * @param files that were written
     */
    public record Accepted(List<Proposal> proposals, List<Path> files) {

        public Accepted {
            proposals = List.copyOf(proposals);
            files = List.copyOf(files);
        }
    }

    /** Changes the proposals as a whole, as reading a catalogue does. */
    @FunctionalInterface
    public interface Change<T> {
        T made(Proposals before, ProposalFile file) throws IOException;
    }

    /** Everything in force: the jar's, the folder's and those that the configuration names. */
    public List<PriceSheet> sheets() throws ConfigException {
        return ConfigReader.priceSheets(config, env);
    }

    public Path folder() {
        return config.resolveSibling("prices");
    }

    /** Every proposal that was made, open or decided. */
    public Proposals proposals() throws IOException {
        return file().read();
    }

    private ProposalFile file() {
        return new ProposalFile(folder().resolve("proposals.json"));
    }

    public <T> T change(Change<T> change) throws IOException {
        try (var _ = FolderLock.on(folder())) {
            return change.made(file().read(), file());
        }
    }

    /**
     * Accepts what is named, all or nothing.
     *
     * @param from the moment from which the prices hold
     * @param by who accepts
     */
    public Accepted accept(List<String> ids, Instant from, String by) throws IOException {
        checkName(by);
        return change((proposals, file) -> {
            Map<Proposal, Instant> chosen = new LinkedHashMap<>();
            open(proposals, ids).forEach(proposal -> chosen.put(proposal, from));
            return accept(proposals, chosen, by, file);
        });
    }

    /** Accepts everything that is {@linkplain Proposal#soundByRule sound by the stated rule}. */
    public Accepted acceptSound(Instant from, String by) throws IOException {
        checkName(by);
        return change((proposals, file) -> {
            Map<Proposal, Instant> chosen = new LinkedHashMap<>();
            proposals.open()
                    .stream()
                    .filter(Proposal::soundByRule)
                    .forEach(proposal -> chosen.put(proposal, from));
            return accept(proposals, chosen, by, file);
        });
    }

    /**
     * Accepts what the configuration's rule lets through, each from the moment that its catalogues name, else from the next day (UTC).
     * Where catalogues report two prices of one thing, a person must choose.
     */
    public Accepted acceptBy(AcceptanceRule rule) throws IOException {
        Instant tomorrow = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC)
                .plusDays(1)
                .atStartOfDay(ZoneOffset.UTC)
                .toInstant();
        return change((proposals, file) -> {
            Map<Proposal, Instant> chosen = new LinkedHashMap<>();
            Map<String, Long> rivals = proposals.open()
                    .stream()
                    .collect(Collectors.groupingBy(PriceDesk::thing, Collectors.counting()));
            for (Proposal proposal : proposals.open()) {
                if (rule.accepts(proposal) && Long.valueOf(1).equals(rivals.get(thing(proposal)))) {
                    Instant named = proposal.from();
                    // never into the past: what was booked stays as it is
                    chosen.put(proposal, named == null || named.isBefore(tomorrow) ? tomorrow : named);
                }
            }
            return accept(proposals, chosen, rule.words(), file);
        });
    }

    /**
     * Rejects what is named; the same price is not proposed again.
     *
     * @param reason null where none is given
     */
    public List<Proposal> reject(List<String> ids, @Nullable String reason, String by) throws IOException {
        checkName(by);
        if (reason != null && (reason.isBlank() || reason.length() > LONGEST_REASON)) {
            throw new IllegalArgumentException("a reason has 1 to " + LONGEST_REASON + " characters");
        }
        return change((proposals, file) -> {
            List<Proposal> rejected = new ArrayList<>();
            Proposals next = proposals;
            for (Proposal proposal : open(proposals, ids)) {
                Proposal decided = proposal.decided(Proposal.State.REJECTED, now(), by, reason);
                rejected.add(decided);
                next = next.replacing(decided);
            }
            file.write(next);
            return rejected;
        });
    }

    private static void checkName(String by) {
        if (by.isBlank() || by.length() > LONGEST_NAME) {
            throw new IllegalArgumentException("'by' says who decides, in 1 to " + LONGEST_NAME + " characters");
        }
    }

    private static List<Proposal> open(Proposals proposals, List<String> ids) {
        if (ids.isEmpty() || ids.size() > MOST_AT_ONCE) {
            throw new IllegalArgumentException("name 1 to " + MOST_AT_ONCE + " proposals");
        }
        List<Proposal> chosen = new ArrayList<>();
        for (String id : ids.stream().distinct().toList()) {
            Proposal proposal = proposals.find(id)
                    .orElseThrow(() -> new IllegalArgumentException("there is no proposal " + id));
            if (proposal.state() != Proposal.State.OPEN) {
                throw new IllegalArgumentException(
                        "proposal " + id + " was decided before, by " + proposal.decidedBy());
            }
            chosen.add(proposal);
        }
        return chosen;
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }

    private Accepted accept(Proposals proposals, Map<Proposal, Instant> chosen, String by, ProposalFile file)
            throws IOException {
        chosen.keySet().forEach(PriceDesk::refuseErrors);
        Instant now = now();
        List<Path> written = write(chosen, by, now);
        List<Proposal> accepted = new ArrayList<>();
        Proposals next = proposals;
        for (Proposal proposal : chosen.keySet()) {
            Proposal decided = proposal.decided(Proposal.State.ACCEPTED, now, by);
            accepted.add(decided);
            next = next.replacing(decided);
        }
        file.write(next);
        return new Accepted(accepted, written);
    }

    private static void refuseErrors(Proposal proposal) {
        proposal.findings()
                .stream()
                .filter(finding -> finding.severity() == Finding.Severity.ERROR)
                .findFirst()
                .ifPresent(finding -> {
                    throw new IllegalArgumentException(
                            "proposal " + proposal.id() + " cannot be accepted: " + finding.message());
                });
    }

    /** All or none: what the whole book refuses is taken back. */
    private List<Path> write(Map<Proposal, Instant> chosen, String by, Instant now) throws IOException {
        Files.createDirectories(folder());
        List<Path> written = new ArrayList<>();
        boolean sound = false;
        try {
            for (Map.Entry<String, List<Proposal>> sheet : sheets(chosen).entrySet()) {
                String vendor = vendor(sheet.getValue().getFirst());
                Instant from = chosen.getOrDefault(sheet.getValue().getFirst(), now);
                Path file = fresh(vendor, now);
                Files.writeString(file, AcceptedSheet.text(vendor, sheet.getValue(), from, by, now),
                        StandardOpenOption.CREATE_NEW);
                written.add(file);
                ConfigReader.priceSheet(file);
            }
            PriceSheetReader.book(sheets());
            sound = true;
        } catch (IllegalArgumentException contradiction) {
            throw new IllegalArgumentException(
                    "the price book would contradict itself: " + contradiction.getMessage(), contradiction);
        } catch (ConfigException refused) {
            throw new IllegalArgumentException("the price files cannot be read: " + refused.getMessage(), refused);
        } finally {
            if (!sound) {
                for (Path file : written) {
                    Files.deleteIfExists(file);
                }
            }
        }
        return written;
    }

    /** One file for each vendor and moment. */
    private static Map<String, List<Proposal>> sheets(Map<Proposal, Instant> chosen) {
        return chosen.keySet()
                .stream()
                .collect(Collectors.groupingBy(proposal -> vendor(proposal) + " " + chosen.get(proposal),
                        TreeMap::new, Collectors.toList()));
    }

    private static String thing(Proposal proposal) {
        return proposal.sku() + " " + proposal.serviceTier();
    }

    private static String vendor(Proposal proposal) {
        return proposal.sku().substring(0, proposal.sku().indexOf('/'));
    }

    /** People may decide twice in a second. */
    private Path fresh(String vendor, Instant now) {
        String name = vendor + "-" + now.toString().replace(":", "");
        Path file = folder().resolve(name + ".yaml");
        for (int next = 2; Files.exists(file); next++) {
            file = folder().resolve(name + "-" + next + ".yaml");
        }
        return file;
    }
}
