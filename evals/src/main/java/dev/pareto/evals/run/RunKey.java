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
 * What an answer depends on; answers are reused only under an equal key.
 *
 * @param suite the suite's id, for people
 * @param suiteVersion its hash
 * @param model who is asked
 * @param sampling sent with each request
 * @param fingerprint what serves the model, as known before the run; null when unknown
 */
public record RunKey(String suite, String suiteVersion, ModelId model, Map<String, Object> sampling,
        @Nullable String fingerprint) {

    /** Copies the sampling. */
    public RunKey {
        requireNonNull(suite, "suite is null");
        requireNonNull(suiteVersion, "suiteVersion is null");
        requireNonNull(model, "model is null");
        sampling = Collections.unmodifiableMap(new TreeMap<>(sampling));
    }

    /** SHA-256 of the canonical JSON of this key. */
    public String sha256() {
        return CanonicalJson.sha256(json());
    }

    ObjectNode json() {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        json.put("suite", suite);
        json.put("suite_sha256", suiteVersion);
        json.put("model", model.toString());
        json.set("sampling", JsonMapper.shared().valueToTree(sampling));
        json.put("fingerprint", fingerprint);
        return json;
    }
}
