package dev.pareto.proxy.upstream;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.pareto.engine.LoadedModel;
import dev.pareto.proxy.dialect.openai.Json;

import tools.jackson.databind.JsonNode;

/** {@code /v1/embeddings} for a model in this process: one text or several, as numbers or in base64. Blocks. */
final class LocalEmbeddings {

    private static final int MAX_INPUTS = 256;

    private LocalEmbeddings() {}

    static byte[] answer(LoadedModel model, String name, byte[] body) {
        JsonNode root = LocalRequest.tree(body);
        if (root.hasNonNull("dimensions")) {
            throw LocalRequest.unsupported("dimensions", "gives all dimensions of a model");
        }
        boolean base64 = root.path("encoding_format").asString("float").equals("base64");
        List<Map<String, Object>> data = new ArrayList<>();
        long tokens = 0;
        for (int[] input : inputs(model, root.path("input"))) {
            tokens += input.length;
            Map<String, Object> one = new LinkedHashMap<>();
            float[] vector = model.embed(input);
            one.put("object", "embedding");
            one.put("index", data.size());
            one.put("embedding", base64 ? encoded(vector) : vector);
            data.add(one);
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("object", "list");
        answer.put("data", data);
        answer.put("model", name);
        answer.put("usage", Map.of("prompt_tokens", tokens, "total_tokens", tokens));
        return Json.mapper().writeValueAsBytes(answer);
    }

    private static List<int[]> inputs(LoadedModel model, JsonNode input) {
        List<int[]> inputs = new ArrayList<>();
        if (input.isString()) {
            inputs.add(model.prompt(input.asString()));
        } else if (input.isArray() && !input.isEmpty() && input.get(0).isIntegralNumber()) {
            inputs.add(tokens(input));
        } else {
            input.forEach(one -> inputs.add(one.isString() ? model.prompt(one.asString()) : tokens(one)));
        }
        if (inputs.isEmpty() || inputs.size() > MAX_INPUTS) {
            throw LocalRequest.refused("invalid_value",
                    "input must be a text, tokens, or a list of 1 to " + MAX_INPUTS + " of them",
                    "input");
        }
        return inputs;
    }

    private static int[] tokens(JsonNode list) {
        int[] tokens = new int[list.size()];
        for (int i = 0; i < tokens.length; i++) {
            JsonNode token = list.get(i);
            if (!token.isIntegralNumber() || !token.canConvertToInt()) {
                throw LocalRequest.refused("invalid_type", "input must be texts or token numbers", "input");
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
