package dev.pareto.dashboards.ledger;

import static java.util.Objects.requireNonNull;

import dev.pareto.dashboards.store.Picos;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.experiment.Exposure;
import dev.pareto.policies.price.Money;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An attempt as it is known before a byte goes upstream.
 *
 * @param attemptId time-ordered, made by {@link UuidV7}; the same id written twice is one row
 * @param attemptNo counted from 1 within the request; exactly one attempt of a request has number 1
 * @param deadline after this instant an open row may be expired
 * @param tags at most 16 and the one that names the Pareto key, each key and value at most 128 characters
 * @param reserved the worst-case cost, or null when the model has no price
 * @param decisionJson the policy engine's decision, kept once for each request; null for all but the first attempt
 * @param exposure the request's part in an experiment, kept once for each request; null for none and for all but the first attempt
 * @param requestedTier the service tier that the caller asked for; null when it asked for none
 */
public record OpenAttempt(UUID attemptId, UUID requestId, int attemptNo, AttemptRole role, Instant startedAt,
        Instant deadline, String tenant, Map<String, String> tags, String route, String requestedModel, ModelId model,
        String vendor, boolean simulated, @Nullable Money reserved, @Nullable String decisionJson,
        @Nullable Exposure exposure, @Nullable String requestedTier) {

    private static final int MAX_TAGS = 17;
    private static final int MAX_TAG_CHARS = 128;
    private static final int MAX_DECISION_CHARS = 256 * 1024;

    public OpenAttempt {
        requireNonNull(attemptId, "attemptId is null");
        requireNonNull(requestId, "requestId is null");
        requireNonNull(role, "role is null");
        requireNonNull(model, "model is null");
        if (attemptNo < 1) {
            throw new IllegalArgumentException("attemptNo must be at least 1, not " + attemptNo);
        }
        if (deadline.isBefore(startedAt)) {
            throw new IllegalArgumentException("deadline " + deadline + " lies before the start " + startedAt);
        }
        tenant = Text.bounded(tenant, 128);
        route = Text.bounded(route, 256);
        requestedModel = Text.bounded(requestedModel, 256);
        vendor = Text.bounded(vendor, 128);
        requestedTier = Text.boundedOrNull(requestedTier, 64);
        tags = Map.copyOf(tags);
        requireTags(tags);
        if (reserved != null) {
            Picos.of(reserved.amount());
        }
        if (decisionJson != null && decisionJson.length() > MAX_DECISION_CHARS) {
            throw new IllegalArgumentException("a decision of " + decisionJson.length()
                    + " characters is too long for the ledger; at most " + MAX_DECISION_CHARS);
        }
    }

    /** An attempt of a request that is in no experiment. */
    public OpenAttempt(UUID attemptId, UUID requestId, int attemptNo, AttemptRole role, Instant startedAt,
            Instant deadline, String tenant, Map<String, String> tags, String route, String requestedModel,
            ModelId model, String vendor, boolean simulated, @Nullable Money reserved, @Nullable String decisionJson) {
        this(attemptId, requestId, attemptNo, role, startedAt, deadline, tenant, tags, route, requestedModel, model,
                vendor, simulated, reserved, decisionJson, null, null);
    }

    /** An attempt at no tier in particular. */
    public OpenAttempt(UUID attemptId, UUID requestId, int attemptNo, AttemptRole role, Instant startedAt,
            Instant deadline, String tenant, Map<String, String> tags, String route, String requestedModel,
            ModelId model, String vendor, boolean simulated, @Nullable Money reserved, @Nullable String decisionJson,
            @Nullable Exposure exposure) {
        this(attemptId, requestId, attemptNo, role, startedAt, deadline, tenant, tags, route, requestedModel, model,
                vendor, simulated, reserved, decisionJson, exposure, null);
    }

    private static void requireTags(Map<String, String> tags) {
        if (tags.size() > MAX_TAGS) {
            throw new IllegalArgumentException(tags.size() + " tags are too many; at most " + MAX_TAGS);
        }
        tags.forEach((key, value) -> {
            if (key.length() > MAX_TAG_CHARS || value.length() > MAX_TAG_CHARS) {
                throw new IllegalArgumentException(
                        "tag " + Text.bounded(key, 32) + " is longer than " + MAX_TAG_CHARS + " characters");
            }
        });
    }
}
