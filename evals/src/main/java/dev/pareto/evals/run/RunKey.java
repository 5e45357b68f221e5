package dev.pareto.evals.run;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

import dev.pareto.evals.CanonicalJson;
import dev.pareto.policies.catalog.ModelId;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a run is of. An answer depends on less: on model, sampling, fingerprint and sample, and on the messages of its item; a suite
 * may gain items and change its graders without paying again.
 *
 * @param suite the suite's id, for people
 * @param suiteVersion its hash
 * @param model who is asked
 * @param sampling sent with each request
 * @param fingerprint what serves the model, as known before the run; null when unknown
 * @param sample which asking of the same items
 */
public record RunKey(String suite, String suiteVersion, ModelId model, Map<String, Object> sampling,
        @Nullable String fingerprint, int sample) {

    /** Copies the sampling. */
    public RunKey {
        requireNonNull(suite, "suite is null");
        requireNonNull(suiteVersion, "suiteVersion is null");
        requireNonNull(model, "model is null");
        sampling = Collections.unmodifiableMap(new TreeMap<>(sampling));
    }

    /** SHA-256 of the canonical JSON of what answers depend on. */
    String answersSha256() {
        return CanonicalJson.sha256(answersJson());
    }

    /** What answers depend on besides their messages; the suite's name keeps two runs out of each other's files. */
    ObjectNode answersJson() {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        json.put("suite", suite);
        json.put("model", model.toString());
        json.set("sampling", JsonMapper.shared().valueToTree(sampling));
        json.put("fingerprint", fingerprint);
        json.put("sample", sample);
        return json;
    }
}
