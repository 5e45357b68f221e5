package dev.pareto.evals.suite.sample;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.pareto.evals.suite.Grouping;
import dev.pareto.evals.suite.Item;
import dev.pareto.evals.suite.Suite;
import dev.pareto.evals.suite.SuiteException;
import dev.pareto.evals.suite.SuiteFolder;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What people chose, held against each other, and the suite that comes of it. */
public final class Labels {

    private static final JsonMapper JSON = JsonMapper.shared();

    private final Labelling labelling;
    private final ObjectNode grader;
    /** By item, then by rater: the key, or null where the rater said that there is none. */
    private final Map<String, Map<String, Choice>> choices = new LinkedHashMap<>();

    /** One rater's word. {@code kind} is first, second, both, neither, answer or skip. */
    private record Choice(String kind, @Nullable JsonNode key) {}

    /**
     * The labelled suite.
     *
     * @param agreed items whose key both models gave
     * @param chosen items whose key a person gave
     * @param leftOut items without a key, by reason
     * @param overlap items that two raters judged
     * @param overlapAgreed of those, how many they judged alike
     * @param kappa Cohen's, over the first two raters; null without overlap or variation
     */
    public record Labelled(Suite suite, int agreed, int chosen, Map<String, Integer> leftOut, int overlap,
            int overlapAgreed, @Nullable Double kappa) {

        /** Copies the map. */
        public Labelled {
            requireNonNull(suite, "suite is null");
            leftOut = Map.copyOf(leftOut);
        }
    }

    /** @param grader its entry in the labelled suite */
    public Labels(Labelling labelling, ObjectNode grader) {
        this.labelling = requireNonNull(labelling, "labelling is null");
        this.grader = grader.deepCopy();
    }

    /** Reads a file that {@link Labelling#write} made and a person filled. @throws SuiteException that names the line */
    public void read(Path file) throws IOException, SuiteException {
        int number = 0;
        for (String line : Files.readAllLines(file)) {
            number++;
            if (line.isBlank()) {
                continue;
            }
            JsonNode json;
            try {
                json = JSON.readTree(line);
            } catch (JacksonException e) {
                throw new SuiteException(file, number, "not JSON: " + e.getOriginalMessage(), "mend the line");
            }
            String id = json.path("id").asString("");
            if (!labelling.open().containsKey(id)) {
                throw new SuiteException(file, number, "'" + id + "' is no item on which the models disagree",
                        "label the file that was made for these answers");
            }
            Choice choice = choice(file, number, id, json);
            String rater = json.path("rater").asString("?");
            if (choice != null
                    && choices.computeIfAbsent(id, key -> new LinkedHashMap<>()).put(rater, choice) != null) {
                throw new SuiteException(file, number, "rater '" + rater + "' judged '" + id + "' twice", "remove one");
            }
        }
    }

    /** How many disagreements nobody has judged yet. */
    public int missing() {
        return (int) labelling.open().keySet().stream().filter(id -> !choices.containsKey(id)).count();
    }

    private @Nullable Choice choice(Path file, int number, String id, JsonNode json) throws SuiteException {
        JsonNode answer = json.path("answer");
        String said = json.path("choice").asString("").strip();
        boolean swapped = labelling.swapped(id);
        Labelling.Disagreement between = requireNonNull(labelling.open().get(id), "it is one of them");
        return switch (said) {
            case "" -> null;
            case "a", "b" -> {
                boolean first = said.equals("a") != swapped;
                yield new Choice(first ? "first" : "second", labelling.key(first ? between.first() : between.second()));
            }
            case "both" -> new Choice("both", null);
            case "skip" -> new Choice("skip", null);
            case "neither" -> answer.isString() && !answer.asString().isBlank()
                    ? new Choice("answer", labelling.key(answer.asString()))
                    : new Choice("neither", null);
            default -> throw new SuiteException(file, number, "'" + said + "' is no choice",
                    "write a, b, both, neither or skip");
        };
    }

    /**
     * Writes the suite with its keys into a new folder.
     *
     * @throws SuiteException when somebody has still to judge, or no item has a key
     */
    public Labelled write(String name, Path folder) throws IOException, SuiteException {
        if (missing() > 0) {
            throw new SuiteException(folder, 0,
                    missing() + " of " + labelling.disagreements() + " disagreements are not judged"
                            + " yet",
                    "fill 'choice' in every line, with skip where you cannot tell");
        }
        Suite draft = labelling.suite();
        Map<String, Integer> leftOut = new HashMap<>();
        if (!labelling.unanswered().isEmpty()) {
            leftOut.put("one model gave no answer", labelling.unanswered().size());
        }
        StringBuilder lines = new StringBuilder();
        List<Item> kept = new ArrayList<>();
        int chosen = 0;
        for (Item item : draft.items()) {
            JsonNode key = labelling.keys().get(item.id());
            if (key == null && labelling.open().containsKey(item.id())) {
                key = judged(item.id(), leftOut);
                chosen += key == null ? 0 : 1;
            }
            if (key != null) {
                kept.add(item);
                lines.append(line(item, key)).append('\n');
            }
        }
        if (kept.isEmpty()) {
            throw new SuiteException(folder, 0, "no item has a key", "label some, or choose another grader");
        }
        List<String[]> pairs = pairs();
        int alike = (int) pairs.stream().filter(pair -> pair[0].equals(pair[1])).count();
        Double kappa = kappa(pairs, alike);
        ObjectNode provenance = JSON.createObjectNode();
        provenance.put("draft_sha256", draft.version());
        provenance.put("agreed", kept.size() - chosen);
        provenance.put("chosen", chosen);
        provenance.set("left_out", JSON.valueToTree(leftOut));
        provenance.put("judged_twice", pairs.size());
        provenance.put("judged_alike", alike);
        provenance.put("kappa", kappa);
        Suite suite = SuiteFolder.write(folder, Map.of("suite.yaml", SuiteFolder.yaml(yaml(name, kept)), "items.jsonl",
                lines.toString(), "labels.json", provenance.toPrettyString() + "\n"));
        return new Labelled(suite, kept.size() - chosen, chosen, leftOut, pairs.size(), alike, kappa);
    }

    /** The key on which its raters agree. */
    private @Nullable JsonNode judged(String id, Map<String, Integer> leftOut) {
        List<Choice> said = List.copyOf(choices.getOrDefault(id, Map.of()).values());
        String reason = switch (said.getFirst().kind()) {
            case "both" -> "both answers are right, so the grader is too narrow";
            case "neither" -> "neither answer is right, and none was given";
            case "skip" -> "nobody could tell";
            default -> said.getFirst().key() == null ? "the grader cannot read the right answer" : null;
        };
        if (said.stream().anyMatch(choice -> !choice.equals(said.getFirst()))) {
            reason = "the raters disagree";
        }
        if (reason != null) {
            leftOut.merge(reason, 1, Integer::sum);
            return null;
        }
        return said.getFirst().key();
    }

    private ObjectNode line(Item item, JsonNode key) {
        ObjectNode line = JSON.createObjectNode();
        line.put("id", item.id());
        line.set("messages", JSON.valueToTree(item.messages()));
        line.set("expected", key);
        if (item.stratum() != null) {
            line.put("stratum", item.stratum());
        }
        if (item.cluster() != null) {
            line.put("cluster", item.cluster());
        }
        if (!item.tags().isEmpty()) {
            line.set("tags", JSON.valueToTree(item.tags()));
        }
        if (item.critical()) {
            line.put("critical", true);
        }
        line.putObject("source").put("label", labelling.keys().containsKey(item.id()) ? "both models" : "person");
        return line;
    }

    private ObjectNode yaml(String name, List<Item> kept) {
        Suite draft = labelling.suite();
        ObjectNode yaml = JSON.createObjectNode();
        yaml.put("suite", name);
        yaml.put("description",
                "Keys from two models where they agree and from people where they do not; see labels.json.");
        if (draft.route() != null) {
            yaml.put("route", draft.route());
        }
        yaml.put("items", "items.jsonl");
        if (!draft.sampling().isEmpty()) {
            yaml.set("sampling", JSON.valueToTree(draft.sampling()));
        }
        ObjectNode own = yaml.putArray("graders").addObject().put("id", "key");
        own.setAll(grader);
        own.put("primary", true);
        ObjectNode grouping = yaml.putObject("decision").putObject("grouping");
        switch (draft.decision().grouping()) {
            case Grouping.None none -> grouping.put("kind", "none");
            case Grouping.Clusters clusters -> grouping.put("kind", "cluster");
            case Grouping.Strata strata -> {
                grouping.put("kind", "stratum");
                Set<String> present = new HashSet<>();
                kept.forEach(item -> present.add(String.valueOf(item.stratum())));
                if (!strata.weights().isEmpty()) {
                    ObjectNode weights = grouping.putObject("weights");
                    strata.weights()
                            .entrySet()
                            .stream()
                            .filter(weight -> present.contains(weight.getKey()))
                            .sorted(Map.Entry.comparingByKey())
                            .forEach(weight -> weights.put(weight.getKey(), weight.getValue()));
                }
            }
        }
        return yaml;
    }

    /** The first two raters' words for each item that has two. */
    private List<String[]> pairs() {
        List<String[]> pairs = new ArrayList<>();
        for (Map<String, Choice> said : choices.values()) {
            List<String> kinds = said.values().stream().map(Choice::kind).toList();
            if (kinds.size() > 1) {
                pairs.add(new String[]{kinds.get(0), kinds.get(1)});
            }
        }
        return pairs;
    }

    /** Cohen 1960: agreement beyond what the raters' own habits would bring about. */
    private static @Nullable Double kappa(List<String[]> pairs, int alike) {
        double n = pairs.size();
        Map<String, int[]> margins = new HashMap<>();
        for (String[] pair : pairs) {
            margins.computeIfAbsent(pair[0], key -> new int[2])[0]++;
            margins.computeIfAbsent(pair[1], key -> new int[2])[1]++;
        }
        double chance = margins.values().stream().mapToDouble(margin -> margin[0] / n * (margin[1] / n)).sum();
        return pairs.isEmpty() || chance == 1 ? null : (Double) ((alike / n - chance) / (1 - chance));
    }
}
