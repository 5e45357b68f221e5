package dev.pareto.proxy.upstream;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.pareto.engine.LoadedModel;
import dev.pareto.proxy.dialect.openai.Endpoint;
import dev.pareto.proxy.dialect.openai.Json;
import dev.pareto.proxy.dialect.openai.WrongField;

import tools.jackson.databind.JsonNode;

/** {@code /v1/embeddings} for a model in this process: one text or several, as numbers or in base64. Blocks. */
final class LocalEmbeddings {

    private static final int MAX_INPUTS = 256;
    private static final List<String> FORMATS = List.of("float", "base64");

    private LocalEmbeddings() {}

    static byte[] answer(LoadedModel model, String name, byte[] body) {
        LocalFields root = LocalFields.of(body);
        LocalFeatures.check(Endpoint.EMBEDDINGS, root);
        String format = root.text("encoding_format");
        if (format != null && !FORMATS.contains(format)) {
            throw WrongField.noneOf("encoding_format", format, FORMATS);
        }
        boolean base64 = "base64".equals(format);
        List<Map<String, Object>> data = new ArrayList<>();
        long tokens = 0;
        for (int[] input : inputs(model, root)) {
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
