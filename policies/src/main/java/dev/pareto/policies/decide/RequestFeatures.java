package dev.pareto.policies.decide;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.predict.PromptText;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the decision needs to know of a request. The prompt is here for the predictors alone, and no longer than the decision takes.
 *
 * @param requestId unique; names the decision
 * @param requestedModel what the caller wrote as {@code model}
 * @param promptTokens an estimate that holds for any model
 * @param maxOutputTokens the caller's limit; null for none
 * @param streamed whether the answer is streamed
 * @param tools whether the request offers tools
 * @param overrides what the request asks of its own decision
 * @param tenant who pays
 * @param unit whose requests stay together when a share of traffic is moved: a conversation or user, else the request itself
 * @param at when it arrived
 * @param callersKey whether the caller came with a vendor's key of his own
 * @param addressed the vendor whose key that is, as {@code Catalogue.addressed} has it; null for nobody's
 * @param tags what caller and key say of the request; a swap may divide its traffic by one
 * @param headers those that the configuration's conditions name, by lower-case name
 * @param prompt what the user asks; null where nobody predicts from it
 * @param serviceTier the price tier that is asked for, in the caller's words; null for none
 * @param answers how many are generated and paid, 1 or more
 */
public record RequestFeatures(String requestId, String requestedModel, int promptTokens,
        @Nullable Integer maxOutputTokens, boolean streamed, boolean tools,
        Overrides overrides, String tenant, String unit, Instant at, boolean callersKey, @Nullable String addressed,
        Map<String, String> tags, Map<String, String> headers, @Nullable PromptText prompt,
        @Nullable String serviceTier, int answers) {

    /** The tag by which a key, or a caller, says what class its data are of. */
    public static final String DATA_CLASS_TAG = "data-class";

    public RequestFeatures {
        requireNonNull(requestId, "requestId is null");
        requireNonNull(requestedModel, "requestedModel is null");
        requireNonNull(overrides, "overrides is null");
        requireNonNull(tenant, "tenant is null");
        requireNonNull(unit, "unit is null");
        requireNonNull(at, "at is null");
        tags = Map.copyOf(tags);
        headers = Map.copyOf(headers);
        if (answers < 1) {
            throw new IllegalArgumentException("a request has 1 answer or more, got " + answers);
        }
        if (promptTokens < 0) {
            throw new IllegalArgumentException("promptTokens is negative: " + promptTokens);
        }
        if (maxOutputTokens != null && maxOutputTokens < 0) {
            throw new IllegalArgumentException("maxOutputTokens is negative: " + maxOutputTokens);
        }
    }

    /** A request whose headers and prompt nobody asks for. */
    public RequestFeatures(String requestId, String requestedModel, int promptTokens,
            @Nullable Integer maxOutputTokens, boolean streamed,
            boolean tools, Overrides overrides, String tenant, String unit, Instant at, boolean callersKey,
            @Nullable String addressed, Map<String, String> tags) {
        this(requestId, requestedModel, promptTokens, maxOutputTokens, streamed, tools, overrides,
                tenant, unit, at, callersKey, addressed, tags, Map.of(), null, null, 1);
    }

    /** A request without tags. */
    public RequestFeatures(String requestId, String requestedModel, int promptTokens,
            @Nullable Integer maxOutputTokens, boolean streamed,
            boolean tools, Overrides overrides, String tenant, String unit, Instant at, boolean callersKey,
            @Nullable String addressed) {
        this(requestId, requestedModel, promptTokens, maxOutputTokens, streamed, tools, overrides,
                tenant, unit, at, callersKey, addressed, Map.of());
    }

    /** A request that no other one must follow, of a caller without a vendor's key. */
    public RequestFeatures(String requestId, String requestedModel, int promptTokens, @Nullable Integer maxOutputTokens,
            boolean streamed, boolean tools, Overrides overrides, String tenant, Instant at) {
        this(requestId, requestedModel, promptTokens, maxOutputTokens, streamed, tools, overrides, tenant,
                requestId, at, false, null);
    }

    /** The same of a caller who came with a key, meant for this vendor; null when no vendor was addressed. */
    public RequestFeatures withCallersKey(@Nullable String vendor) {
        return new RequestFeatures(requestId, requestedModel, promptTokens, maxOutputTokens,
                streamed, tools, overrides, tenant, unit, at, true, vendor, tags, headers,
                prompt, serviceTier, answers);
    }

    /** The same of a known unit and with tags. */
    public RequestFeatures of(String callersUnit, Map<String, String> callersTags) {
        return new RequestFeatures(requestId, requestedModel, promptTokens, maxOutputTokens,
                streamed, tools, overrides, tenant, callersUnit, at, callersKey, addressed, callersTags, headers,
                prompt, serviceTier, answers);
    }

    /** The same at another price tier; null for the usual one. */
    public RequestFeatures at(@Nullable String tier) {
        return new RequestFeatures(requestId, requestedModel, promptTokens, maxOutputTokens,
                streamed, tools, overrides, tenant, unit, at, callersKey, addressed, tags, headers, prompt, tier,
                answers);
    }

    /** The same with so many answers to one prompt. */
    public RequestFeatures answering(int times) {
        return new RequestFeatures(requestId, requestedModel, promptTokens, maxOutputTokens,
                streamed, tools, overrides, tenant, unit, at, callersKey, addressed, tags, headers, prompt, serviceTier,
                times);
    }

    /** The same with what conditions and predictors read. */
    public RequestFeatures reading(Map<String, String> namedHeaders, @Nullable PromptText text) {
        return new RequestFeatures(requestId, requestedModel, promptTokens, maxOutputTokens,
                streamed, tools, overrides, tenant, unit, at, callersKey, addressed, tags, namedHeaders, text,
                serviceTier, answers);
    }

    /** What its data are: what the caller says of this request and what the key says of all of them. */
    public List<String> dataClasses() {
        String asked = overrides.dataClass();
        String tagged = tags.get(DATA_CLASS_TAG);
        return asked == null
                ? tagged == null ? List.of() : List.of(tagged)
                : tagged == null ? List.of(asked) : List.of(asked, tagged);
    }
}
