package dev.pareto.evals.suite.sample;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.pareto.evals.CanonicalJson;
import dev.pareto.evals.suite.Suite;
import dev.pareto.evals.suite.SuiteException;
import dev.pareto.evals.suite.SuiteFolder;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Cuts a frozen suite from samples: masked, without repetitions, stratified by seed. It has no keys yet: any answer passes, and {@link
 * Labelling} makes the keys from two models' answers and from people. Its version hash covers every word of it.
 */
public final class SuiteCut {

    private final CutPlan plan;
    private final Instant now;

    /** One masked conversation. */
    private record Masked(String id, String stratum, Sample sample, ArrayNode messages, String pii) {}

    /**
     * What was made.
     *
     * @param suite as read back
     * @param seen samples that there were
     * @param repeated samples that asked what another one asked
     * @param unusable samples without plain text
     * @param shares of the traffic, by stratum
     * @param masked different values taken out, by kind
     */
    public record Cut(Suite suite, int seen, int repeated, int unusable, SortedMap<String, BigDecimal> shares,
            Map<PiiMask.Kind, Integer> masked) {

        /** Copies the maps. */
        public Cut {
            requireNonNull(suite, "suite is null");
            shares = new TreeMap<>(shares);
            masked = Map.copyOf(masked);
        }
    }

    /** @param now is written into the suite */
    public SuiteCut(CutPlan plan, Instant now) {
        this.plan = requireNonNull(plan, "plan is null");
        this.now = requireNonNull(now, "now is null");
    }

    /**
     * Writes the suite into a new folder.
     *
     * @throws SuiteException when nothing is left or the folder is taken
     */
    public Cut write(List<Sample> samples, String name, Path folder) throws IOException, SuiteException {
        Map<String, Masked> distinct = new LinkedHashMap<>();
        Map<String, Integer> traffic = new TreeMap<>();
        Map<PiiMask.Kind, Integer> kinds = new EnumMap<>(PiiMask.Kind.class);
        int unusable = 0;
        for (Sample sample : samples) {
            PiiMask mask = new PiiMask();
            ArrayNode messages = messages(sample, mask);
            if (messages == null) {
                unusable++;
                continue;
            }
            String stratum = plan.stratum(sample, messages.toString().length());
            traffic.merge(stratum, 1, Integer::sum);
            String id = CanonicalJson.sha256(messages).substring(0, 16);
            if (distinct.putIfAbsent(id, new Masked(id, stratum, sample, messages, mask.summary())) == null) {
                mask.counts().forEach((kind, count) -> kinds.merge(kind, count, Integer::sum));
            }
        }
        if (distinct.isEmpty()) {
            throw new SuiteException(folder, 0, "there are no samples of route '" + plan.route() + "'",
                    "give the route 'sample: 1 %' and gateway.samples.key in pareto.yaml, and wait for traffic");
        }
        List<Masked> chosen = chosen(List.copyOf(distinct.values()));
        SortedMap<String, BigDecimal> shares = shares(traffic, chosen);
        Suite suite = SuiteFolder.write(folder,
                Map.of("suite.yaml", SuiteFolder.yaml(yaml(name, shares)), "items.jsonl", items(chosen),
                        "cut.json", provenance(samples.size(), unusable, distinct.size(), shares, kinds)));
        return new Cut(suite, samples.size(), samples.size() - unusable - distinct.size(),
                unusable,
                shares, kinds);
    }

    /** Role and text of each message; null when a message is no text, or calls tools that a suite does not have. */
    private static ArrayNode masked(JsonNode messages, PiiMask mask) {
        ArrayNode masked = JsonMapper.shared().createArrayNode();
        for (JsonNode message : messages) {
            masked.addObject()
                    .put("role", message.path("role").asString("user"))
                    .put("content", mask.mask(text(message.path("content"))));
        }
        return masked;
    }

    private static @Nullable ArrayNode messages(Sample sample, PiiMask mask) {
        for (JsonNode message : sample.messages()) {
            JsonNode content = message.path("content");
            boolean parts = content.isArray();
            for (JsonNode part : parts ? content : JsonMapper.shared().createArrayNode()) {
                parts &= part.path("text").isString();
            }
            if ((!content.isString() && !parts) || message.has("tool_calls") || text(content).isBlank()) {
                return null;
            }
        }
        return masked(sample.messages(), mask);
    }

    private static String text(JsonNode content) {
        if (content.isString()) {
            return content.asString();
        }
        StringBuilder text = new StringBuilder();
        content.forEach(part -> text.append(part.path("text").asString("")));
        return text.toString();
    }

    private List<Masked> chosen(List<Masked> distinct) {
        SortedMap<String, Integer> available = new TreeMap<>();
        distinct.forEach(one -> available.merge(one.stratum(), 1, Integer::sum));
        SortedMap<String, Integer> left = new TreeMap<>(Strata.allocate(available, plan.items(), plan.floor()));
        List<Masked> chosen = new ArrayList<>();
        distinct.stream()
                .sorted(Comparator.comparing(one -> CanonicalJson.sha256(plan.seed() + "|" + one.id())))
                .forEach(one -> {
                    int room = left.getOrDefault(one.stratum(), 0);
                    if (room > 0) {
                        left.put(one.stratum(), room - 1);
                        chosen.add(one);
                    }
                });
        return chosen;
    }

    /** Shares of all traffic, repetitions too, among the strata that the suite has. */
    private static SortedMap<String, BigDecimal> shares(Map<String, Integer> traffic, List<Masked> chosen) {
        SortedMap<String, Integer> counted = new TreeMap<>();
        chosen.forEach(one -> counted.put(one.stratum(), traffic.getOrDefault(one.stratum(), 0)));
        BigDecimal all = BigDecimal.valueOf(counted.values().stream().mapToInt(Integer::intValue).sum());
        SortedMap<String, BigDecimal> shares = new TreeMap<>();
        counted.forEach((stratum, count) -> shares.put(stratum,
                BigDecimal.valueOf(count).divide(all, new MathContext(6))));
        return shares;
    }

    private ObjectNode yaml(String name, SortedMap<String, BigDecimal> shares) {
        ObjectNode yaml = JsonMapper.shared().createObjectNode();
        yaml.put("suite", name);
        yaml.put("description",
                "Cut from the live traffic of route " + plan.route() + " on " + now.truncatedTo(ChronoUnit.DAYS)
                        .toString()
                        .substring(0, 10) + ". No keys yet: collect two models' answers, then ./pareto eval label.");
        yaml.put("source", "live traffic, masked; see cut.json");
        yaml.put("route", plan.route());
        yaml.put("items", "items.jsonl");
        yaml.putArray("graders").addObject().put("id", "answered").put("type", "regex").put("pattern", "\\S");
        ObjectNode grouping = yaml.putObject("decision").putObject("grouping");
        if (shares.size() > 1) {
            grouping.put("kind", "stratum");
            ObjectNode weights = grouping.putObject("weights");
            shares.forEach(weights::put);
        } else {
            grouping.put("kind", "none");
        }
        return yaml;
    }

    private String items(List<Masked> chosen) {
        StringBuilder lines = new StringBuilder();
        for (Masked one : chosen) {
            ObjectNode item = JsonMapper.shared().createObjectNode();
            item.put("id", one.id());
            item.set("messages", one.messages());
            item.put("stratum", one.stratum());
            ObjectNode source = item.putObject("source");
            source.put("trace", one.sample().id());
            source.put("route", plan.route());
            source.put("ts", one.sample().at().truncatedTo(ChronoUnit.DAYS).toString());
            if (!one.pii().isEmpty()) {
                source.put("pii", one.pii());
            }
            lines.append(item).append('\n');
        }
        return lines.toString();
    }

    private String provenance(int seen, int unusable, int distinct, SortedMap<String, BigDecimal> shares,
            Map<PiiMask.Kind, Integer> kinds) {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        json.put("cut_at", now.truncatedTo(ChronoUnit.SECONDS).toString());
        json.put("route", plan.route());
        json.put("by", plan.by());
        json.put("seed", plan.seed());
        json.put("samples", seen);
        json.put("unusable", unusable);
        json.put("distinct", distinct);
        json.set("shares", JsonMapper.shared().valueToTree(shares));
        ObjectNode masked = json.putObject("masked");
        kinds.forEach((kind, count) -> masked.put(kind.name(), count));
        return json.toPrettyString() + "\n";
    }
}
