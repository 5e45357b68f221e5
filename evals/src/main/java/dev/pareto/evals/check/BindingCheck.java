package dev.pareto.evals.check;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What a verdict is bound to: its seal, its records, its design, what served the models, and until when it holds. */
final class BindingCheck {

    private static final Duration VALIDITY = Duration.ofDays(30);

    private final Findings findings;
    private final Work work;

    BindingCheck(Findings findings, Work work) {
        this.findings = findings;
        this.work = work;
    }

    void check(JsonNode verdict) {
        findings.same("sha256", seal(verdict));
        findings.same("data.records_sha256", work.records().sha256());
        findings.same("design.sha256", Canonical.sha256(Canonical.whole(design())));
        findings.same("id", Canonical
                .sha256(text("design.sha256") + text("data.records_sha256") + text("created")
                        + text("candidate.model") + text("incumbent.model"))
                .substring(0, 16));
        expiry();
        tuning();
        served("candidate", Pair::candidate);
        served("incumbent", Pair::incumbent);
        boolean simulated = findings.at("candidate.simulated").asBoolean(false)
                || findings.at("incumbent.simulated").asBoolean(false);
        findings.same("simulated", Boolean.toString(simulated));
    }

    /** Over all but itself, and nothing that is null. */
    static String seal(JsonNode verdict) {
        return Canonical.sha256(Canonical.withoutNulls(unsealed(verdict)));
    }

    /** Whether it is as it was sealed; the seals of early records are over what is null, too. */
    static boolean sealed(JsonNode verdict) {
        String hash = verdict.path("sha256").asString("");
        return seal(verdict).equals(hash) || Canonical.sha256(Canonical.whole(unsealed(verdict))).equals(hash);
    }

    private static ObjectNode unsealed(JsonNode verdict) {
        ObjectNode copy = JsonMapper.shared().createObjectNode();
        verdict.properties().forEach(entry -> {
            if (!entry.getKey().equals("sha256")) {
                copy.set(entry.getKey(), entry.getValue());
            }
        });
        return copy;
    }

    private String text(String path) {
        JsonNode value = findings.at(path);
        return value.isNull() || value.isMissingNode() ? "null" : value.asString();
    }

    /** What was fixed beforehand, as it was hashed. */
    private ObjectNode design() {
        ObjectNode design = JsonMapper.shared().createObjectNode();
        for (String key : new String[]{"margin", "margin_basis", "alpha", "grouping", "n_min", "order_seed"}) {
            design.set(key, findings.at("design." + key));
        }
        design.put("test", work.sequential() ? "SEQUENTIAL" : "FIXED");
        setOrNull(design, "n_max", findings.at("design.n_max"));
        setOrNull(design, "false_discovery_rate", findings.at("design.false_discovery_rate"));
        if (work.grouping().equals("stratum")) {
            JsonNode weights = findings.at("design.weights");
            design.set("weights", weights.isObject() ? weights : JsonMapper.shared().createObjectNode());
        }
        ArrayNode critical = design.putArray("critical");
        findings.at("design.critical").forEach(critical::add);
        ArrayNode guards = design.putArray("guards");
        for (JsonNode demand : findings.at("design.guards")) {
            ObjectNode guard = guards.addObject();
            for (String key : new String[]{"metric", "max", "max_ratio", "ni_margin", "ceiling"}) {
                setOrNull(guard, key, demand.path(key));
            }
        }
        return design;
    }

    private static void setOrNull(ObjectNode object, String key, JsonNode value) {
        if (value.isMissingNode() || value.isNull()) {
            object.putNull(key);
        } else {
            object.set(key, value);
        }
    }

    private void expiry() {
        Instant created = instant("created");
        Instant expires = instant("expires");
        findings.holds("expires", created != null && created.plus(VALIDITY).equals(expires), text("expires"),
                VALIDITY.toDays() + " days after " + text("created"));
        Instant written = instant("design.preregistered_at");
        findings.holds("design.preregistered_at",
                written == null
                        ? text("design.preregistered_at").equals("null")
                        : !written.isAfter(created == null
                                ? written
                                : created),
                text("design.preregistered_at"), "not after " + text("created"));
    }

    private @Nullable Instant instant(String path) {
        try {
            return Instant.parse(text(path));
        } catch (DateTimeException none) {
            return null;
        }
    }

    /** The bets whose error rates are known. */
    private void tuning() {
        findings.same("design.test", work.sequential() ? "paired-gro-eprocess/1" : "fixed-n/1");
        findings.number("design.params.v0", work.sequential() ? 0.25 : null);
        findings.number("design.params.k0", work.sequential() ? 20.0 : null);
        findings.number("design.params.trunc", work.sequential() ? 0.9 : null);
    }

    /** By the records' own account: one build of the candidate, and the verdict bound to it; stand-ins are told. */
    private void served(String subject, Function<Pair, JsonNode> side) {
        Set<String> models = new TreeSet<>();
        Set<String> fingerprints = new TreeSet<>();
        boolean simulated = false;
        for (Pair pair : work.records().all()) {
            JsonNode served = side.apply(pair).path("served");
            if (served.isObject()) {
                models.add(served.path("model").asString(""));
                simulated |= served.path("simulated").asBoolean(false);
                if (served.path("fingerprint").isString()) {
                    fingerprints.add(served.path("fingerprint").stringValue());
                }
            }
        }
        Set<String> stated = new HashSet<>();
        findings.at(subject + ".served_models").forEach(model -> stated.add(model.asString("")));
        findings.holds(subject + ".served_models", stated.containsAll(models) || work.bare(), stated.toString(),
                models.toString());
        findings.holds(subject + ".simulated", !simulated || findings.at(subject + ".simulated").asBoolean(false),
                text(subject + ".simulated"), Boolean.toString(simulated));
        if (work.bare() || fingerprints.isEmpty()) {
            return;
        }
        boolean one = fingerprints.size() == 1 && fingerprints.contains(text(subject + ".fingerprint"));
        boolean allowed = subject.equals("incumbent")
                ? one || fingerprints.size() > 1
                : one || findings.at("quality.verdict").asString("").equals("INVALID");
        findings.holds(subject + ".fingerprint", allowed, text(subject + ".fingerprint"), fingerprints.toString());
    }
}
