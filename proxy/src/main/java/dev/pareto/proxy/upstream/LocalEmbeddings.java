package dev.pareto.proxy.upstream;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import dev.pareto.engine.EmbeddingRequest;
import dev.pareto.engine.EmbeddingResult;
import dev.pareto.engine.LoadedModel;
import dev.pareto.engine.ReadingProfile;
import dev.pareto.proxy.dialect.openai.Endpoint;
import dev.pareto.proxy.dialect.openai.Json;
import dev.pareto.proxy.dialect.openai.OpenAiError;
import dev.pareto.proxy.dialect.openai.RefusedException;
import dev.pareto.proxy.dialect.openai.WrongField;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/**
 * {@code /v1/embeddings} for a model in this process: one text or several, as numbers or in base64.
 *
 * @param model as the answer names it
 */
record LocalEmbeddings(String model, EmbeddingRequest request, boolean base64) {

    private static final int MAX_INPUTS = EmbeddingRequest.MAX_INPUTS;
    private static final List<String> FORMATS = List.of("float", "base64");

    /**
     * @param model loaded once the request's form is known to be right
     * @throws RefusedException naming the field that is wrong or cannot be served
     */
    static LocalEmbeddings read(Supplier<LoadedModel> model, String name, UpstreamCall call) {
        LocalFields root = LocalFields.of(call.body());
        LocalFeatures.check(Endpoint.EMBEDDINGS, root);
        String format = root.text("encoding_format");
        if (format != null && !FORMATS.contains(format)) {
            throw WrongField.noneOf("encoding_format", format, FORMATS);
        }
        Integer dimensions = root.integer("dimensions", 1, Integer.MAX_VALUE);
        LoadedModel loaded = model.get();
        requireVectors(loaded.reading(), name, dimensions);
        return new LocalEmbeddings(name,
                new EmbeddingRequest(inputs(loaded, root), dimensions, call.limits().total(), call.tenant()),
                "base64".equals(format));
    }

    private static void requireVectors(ReadingProfile profile, String name, @Nullable Integer dimensions) {
        if (!profile.embeds()) {
            throw new RefusedException(OpenAiError.badRequest("unsupported_model",
                    "The model '" + name + "' gives texts no embeddings: " + (profile.ranks()
                            ? "it ranks documents at " + Endpoint.RERANK.path()
                            : "its file asks for no pooling")
                            + ".",
                    "model"));
        }
        if (dimensions == null || dimensions == profile.dimensions()) {
            return;
        }
        if (dimensions > profile.dimensions()) {
            throw WrongField.above("dimensions", "integer", String.valueOf(profile.dimensions()),
                    dimensions.toString());
        }
        if (!profile.shortened().allows(dimensions)) {
            throw LocalFeatures.unsupported("dimensions",
                    "cuts vectors only to lengths that the model's file says it was "
                            + "trained for, and gives all " + profile.dimensions() + " dimensions of this one");
        }
    }

    byte[] answer(EmbeddingResult result) {
        List<Map<String, Object>> data = new ArrayList<>();
        for (float[][] rows : result.vectors()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("object", "embedding");
            one.put("index", data.size());
            one.put("embedding", base64 ? encoded(rows[0]) : rows[0]);
            data.add(one);
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("object", "list");
        answer.put("data", data);
        answer.put("model", model);
        answer.put("usage", Map.of("prompt_tokens", result.promptTokens(), "total_tokens", result.promptTokens()));
        return Json.mapper().writeValueAsBytes(answer);
    }

    private static List<int[]> inputs(LoadedModel model, LocalFields root) {
        JsonNode input = root.require("input");
        if (!input.isString() && !input.isArray()) {
            throw root.wrongType("input", "one of a string or array");
        }
        List<int[]> inputs = new ArrayList<>();
        if (input.isString()) {
            inputs.add(model.prompt(input.asString()));
        } else if (!input.isEmpty() && input.get(0).isIntegralNumber()) {
            inputs.add(tokens(input, "input"));
        } else {
            for (int i = 0; i < Math.min(input.size(), MAX_INPUTS + 1); i++) {
                JsonNode one = input.get(i);
                inputs.add(one.isString() ? model.prompt(one.asString()) : tokens(one, "input[" + i + "]"));
            }
        }
        if (inputs.isEmpty() || inputs.size() > MAX_INPUTS) {
            throw WrongField.of(inputs.isEmpty() ? "empty_array" : "array_above_max_length",
                    "Invalid 'input': expected an array with a length of 1 to " + MAX_INPUTS + ", but got one of "
                            + input.size() + " instead.",
                    "input");
        }
        return inputs;
    }

    private static int[] tokens(JsonNode list, String at) {
        if (!list.isArray()) {
            throw WrongField.type(at, "one of a string or array of integers", list.asToken());
        }
        int[] tokens = new int[list.size()];
        for (int i = 0; i < tokens.length; i++) {
            JsonNode token = list.get(i);
            if (!token.isIntegralNumber() || !token.canConvertToInt()) {
                throw WrongField.type(at + "[" + i + "]", "an integer of 32 bits", token.asToken());
            }
            tokens[i] = token.asInt();
        }
        return tokens;
    }

    private static String encoded(float[] vector) {
        ByteBuffer bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : vector) {
            bytes.putFloat(value);
        }
        return Base64.getEncoder().encodeToString(bytes.array());
    }
}
