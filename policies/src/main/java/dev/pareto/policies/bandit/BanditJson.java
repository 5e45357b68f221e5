package dev.pareto.policies.bandit;

import dev.pareto.policies.catalog.ModelId;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.KeyDeserializer;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/** A bandit's state as JSON, for a store; holds numbers, ids of requests and of units, no content. Thread-safe. */
public final class BanditJson {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .addModule(new SimpleModule()
                    .addSerializer(ModelId.class, new ModelWriter())
                    .addDeserializer(ModelId.class, new ModelReader())
                    .addKeySerializer(ModelId.class, new ModelKeyWriter())
                    .addKeyDeserializer(ModelId.class, new ModelKeyReader()))
            .build();

    private BanditJson() {}

    public static String write(BanditState state) {
        return MAPPER.writeValueAsString(state);
    }

    /** @throws IllegalArgumentException when it is not what {@link #write} wrote */
    public static BanditState read(String json) {
        try {
            return MAPPER.readValue(json, BanditState.class);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("not a bandit's state: " + e.getOriginalMessage(), e);
        }
    }

    private static final class ModelWriter extends ValueSerializer<ModelId> {
        @Override
        public void serialize(ModelId model, JsonGenerator out, SerializationContext context) {
            out.writeString(model.toString());
        }
    }

    private static final class ModelKeyWriter extends ValueSerializer<ModelId> {
        @Override
        public void serialize(ModelId model, JsonGenerator out, SerializationContext context) {
            out.writeName(model.toString());
        }
    }

    private static final class ModelReader extends ValueDeserializer<ModelId> {
        @Override
        public ModelId deserialize(JsonParser in, DeserializationContext context) {
            return ModelId.parse(in.getString());
        }
    }

    private static final class ModelKeyReader extends KeyDeserializer {
        @Override
        public Object deserializeKey(String key, DeserializationContext context) {
            return ModelId.parse(key);
        }
    }
}
