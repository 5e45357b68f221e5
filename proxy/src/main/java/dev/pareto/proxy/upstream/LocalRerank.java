package dev.pareto.proxy.upstream;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import dev.pareto.engine.LoadedModel;
import dev.pareto.engine.RerankRequest;
import dev.pareto.engine.RerankResult;
import dev.pareto.proxy.dialect.openai.Endpoint;
import dev.pareto.proxy.dialect.openai.Json;
import dev.pareto.proxy.dialect.openai.OpenAiError;
import dev.pareto.proxy.dialect.openai.RefusedException;
import dev.pareto.proxy.dialect.openai.WrongField;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/**
 * {@code /v1/rerank} for a model in this process, in the shape that Cohere and Jina share: documents in the order of how well
 * they answer the query, each with a score of 0 to 1.
 *
 * @param model as the answer names it
 * @param top the most documents in the answer; null for all
 * @param withDocuments whether the answer repeats them
 */
record LocalRerank(String model, RerankRequest request, @Nullable Integer top, boolean withDocuments) {

    /**
     * @param model loaded once the request's form is known to be right
     * @throws RefusedException naming the field that is wrong or cannot be served
     */
    static LocalRerank read(Supplier<LoadedModel> model, String name, UpstreamCall call) {
        LocalFields root = LocalFields.of(call.body());
        LocalFeatures.check(Endpoint.RERANK, root);
        if (!root.require("query").isString()) {
            throw root.wrongType("query", "a string");
        }
        RerankRequest request = new RerankRequest(root.get("query").asString(), documents(root), call.limits().total(),
                call.tenant());
        Integer top = root.integer("top_n", 1, Integer.MAX_VALUE);
        boolean withDocuments = root.flag("return_documents");
        if (!model.get().reading().ranks()) {
            throw new RefusedException(OpenAiError.badRequest("unsupported_model", "The model '" + name
                    + "' ranks no documents: its file has no pooling of the type rank, as cross-encoders have.",
                    "model"));
        }
        return new LocalRerank(name, request, top, withDocuments);
    }

    private static List<String> documents(LocalFields root) {
        JsonNode list = root.require("documents");
        if (!list.isArray()) {
            throw root.wrongType("documents", "an array of strings or objects");
        }
        if (list.isEmpty() || list.size() > RerankRequest.MAX_DOCUMENTS) {
            throw WrongField.of(list.isEmpty() ? "empty_array" : "array_above_max_length",
                    "Invalid 'documents': expected an array with a length of 1 to " + RerankRequest.MAX_DOCUMENTS
                            + ", but got one of " + list.size() + " instead.",
                    "documents");
        }
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            JsonNode one = list.get(i);
            JsonNode text = one.isObject() ? one.path("text") : one;
            if (!text.isString()) {
                throw WrongField.type("documents[" + i + "]" + (one.isObject() ? ".text" : ""),
                        one.isObject() ? "a string" : "one of a string or object with a text", text.asToken());
            }
            texts.add(text.asString());
        }
        return texts;
    }

    byte[] answer(RerankResult result) {
        List<RerankResult.Score> scores = result.scores();
        List<Map<String, Object>> results = IntStream.range(0, scores.size())
                .boxed()
                .sorted(Comparator.comparingDouble((Integer index) -> -scores.get(index).raw()))
                .limit(top == null ? scores.size() : top)
                .map(index -> one(index, scores.get(index).relevance()))
                .toList();
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("object", "list");
        answer.put("results", results);
        answer.put("model", model);
        answer.put("usage", Map.of("prompt_tokens", result.promptTokens(), "total_tokens", result.promptTokens()));
        return Json.mapper().writeValueAsBytes(answer);
    }

    private Map<String, Object> one(int index, double relevance) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("index", index);
        one.put("relevance_score", relevance);
        if (withDocuments) {
            one.put("document", Map.of("text", request.documents().get(index)));
        }
        return one;
    }
}
