package dev.pareto.evals.suite.sample;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.pareto.evals.CanonicalJson;
import dev.pareto.evals.grade.Grade;
import dev.pareto.evals.grade.Grader;
import dev.pareto.evals.suite.Item;
import dev.pareto.evals.suite.Suite;
import dev.pareto.evals.suite.SuiteException;
import dev.pareto.evals.suite.SuiteGrader;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Keys from two models' answers: where they agree, the answer is the key (whatever is right there, neither model gains by it);
 * where they do not, a person chooses, without knowing who said what. Only those items can tell the models apart.
 */
public final class Labelling {

    private static final Pattern LAST_NUMBER = Pattern.compile("(?s).*(?<![\\d.,])(-?\\d[\\d,]*(?:\\.\\d+)?)");
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Suite suite;
    private final Grader grader;
    private final String seed;
    private final Map<String, JsonNode> agreed = new LinkedHashMap<>();
    private final Map<String, Disagreement> open = new LinkedHashMap<>();
    private final List<String> unanswered = new ArrayList<>();

    /** What two models said of one item. */
    record Disagreement(Item item, String first, String second) {}

    private Labelling(Suite suite, Grader grader, String seed) {
        this.suite = suite;
        this.grader = grader;
        this.seed = seed;
    }

    /**
     * Compares both models' answers.
     *
     * @param grader says when two answers agree, and will grade the labelled suite
     * @param first a run's file, or a run exported as JSONL
     * @param second likewise, of the other model
     * @param seed decides order and sides
     */
    public static Labelling of(Suite suite, SuiteGrader grader, Path first, Path second, String seed)
            throws IOException, SuiteException {
        Labelling labelling = new Labelling(requireNonNull(suite, "suite is null"), grader.grader(), seed);
        Map<String, String> firsts = AnswerFile.read(first);
        Map<String, String> seconds = AnswerFile.read(second);
        suite.items().stream().sorted(Comparator.comparing(item -> labelling.order(item.id()))).forEach(item -> {
            String one = firsts.get(item.id());
            String other = seconds.get(item.id());
            if (one == null || other == null) {
                labelling.unanswered.add(item.id());
                return;
            }
            JsonNode key = labelling.key(one);
            if (key != null && labelling.right(other, key)) {
                labelling.agreed.put(item.id(), key);
            } else {
                labelling.open.put(item.id(), new Disagreement(item, one, other));
            }
        });
        return labelling;
    }

    /** Items on which both models agree. */
    public int agreed() {
        return agreed.size();
    }

    /** Items on which a person must decide. */
    public int disagreements() {
        return open.size();
    }

    /** Items that one of the models has not answered; they are left out. */
    public List<String> unanswered() {
        return List.copyOf(unanswered);
    }

    Suite suite() {
        return suite;
    }

    Map<String, JsonNode> keys() {
        return agreed;
    }

    Map<String, Disagreement> open() {
        return open;
    }

    /**
     * Writes what a person is asked, one JSON object a line: {@code choice} is to become a, b, both, neither or skip; with {@code
     * neither} the right {@code answer} may be given.
     *
     * @param share of the disagreements, the first in order; 1 for all, less for a second rater
     * @return how many questions were written
     */
    public int write(Path file, String rater, double share) throws IOException {
        StringBuilder lines = new StringBuilder();
        long most = Math.round(Math.ceil(open.size() * share));
        int written = 0;
        for (Disagreement one : open.values()) {
            if (written == most) {
                break;
            }
            boolean swapped = swapped(one.item().id());
            ObjectNode line = JSON.createObjectNode();
            line.put("id", one.item().id());
            line.set("messages", JSON.valueToTree(one.item().messages()));
            line.put("a", swapped ? one.second() : one.first());
            line.put("b", swapped ? one.first() : one.second());
            line.putNull("choice");
            line.putNull("answer");
            line.put("rater", rater);
            lines.append(line).append('\n');
            written++;
        }
        Files.writeString(file, lines, StandardOpenOption.CREATE_NEW);
        return written;
    }

    /** Whether A is the second model's; nobody who only sees the file can tell. */
    boolean swapped(String id) {
        return Integer.parseInt(CanonicalJson.sha256("side|" + seed + "|" + id).substring(0, 2), 16) % 2 == 1;
    }

    private String order(String id) {
        return CanonicalJson.sha256(seed + "|" + id);
    }

    /** The answer as a key that the grader can read and under which the answer itself is right; null when there is none. */
    @Nullable
    JsonNode key(String answer) {
        List<JsonNode> candidates = new ArrayList<>();
        candidates.add(JSON.getNodeFactory().stringNode(answer.strip()));
        try {
            candidates.add(JSON.readTree(answer));
        } catch (JacksonException e) {
            // Then it is no JSON.
        }
        Matcher number = LAST_NUMBER.matcher(answer);
        if (number.lookingAt()) {
            candidates.add(JSON.getNodeFactory().stringNode(number.group(1)));
        }
        return candidates.stream()
                .filter(key -> grader.problemWith(key) == null && right(answer, key))
                .findFirst()
                .orElse(null);
    }

    private boolean right(String answer, JsonNode key) {
        Grade grade = Grader.apply(grader, answer, key);
        Double score = grade.score();
        return score != null && score >= 1;
    }
}
