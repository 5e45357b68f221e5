package dev.pareto.proxy.testing;

import java.time.Duration;

/** Bodies as the vendor writes them. */
public final class Payloads {

    public static final String CHAT = """
                                      {"model":"gpt-4o","messages":[{"role":"user","content":"Say hello"}]}""";

    public static final String CHAT_STREAM = """
                                             {"model":"gpt-4o","messages":[{"role":"user","content":"Say hello"}],"stream":true}""";

    public static final String ANSWER = """
                                        {
                                          "id": "chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT",
                                          "object": "chat.completion",
                                          "created": 1741569952,
                                          "model": "gpt-4o-2024-08-06",
                                          "choices": [
                                            {
                                              "index": 0,
                                              "message": {
                                                "role": "assistant",
                                                "content": "Hello! How can I assist you today?",
                                                "refusal": null,
                                                "annotations": []
                                              },
                                              "logprobs": null,
                                              "finish_reason": "stop"
                                            }
                                          ],
                                          "usage": {
                                            "prompt_tokens": 19,
                                            "completion_tokens": 10,
                                            "total_tokens": 29,
                                            "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
                                            "completion_tokens_details": {"reasoning_tokens": 0, "audio_tokens": 0}
                                          },
                                          "service_tier": "default",
                                          "system_fingerprint": "fp_ded0d14823"
                                        }
                                        """;

    private static final String HEAD = "{\"id\":\"chatcmpl-123\",\"object\":\"chat.completion.chunk\",\"created\":1694268190,"
            + "\"model\":\"gpt-4o\",\"service_tier\":\"default\",\"system_fingerprint\":\"fp_44709d6fcb\",";

    private Payloads() {}

    /** One chunk; with {@code usage} it carries the null that the vendor adds when the usage was asked for. */
    public static String chunk(String delta, String finish, boolean usage) {
        return "data: " + HEAD + "\"choices\":[{\"index\":0,\"delta\":" + delta
                + ",\"logprobs\":null,\"finish_reason\":" + finish
                + "}]" + (usage ? ",\"usage\":null" : "") + ",\"obfuscation\":\"k3\"}\n\n";
    }

    public static String usageChunk() {
        return "data: " + HEAD
                + "\"choices\":[],\"usage\":{\"prompt_tokens\":19,\"completion_tokens\":10,\"total_tokens\":29,"
                + "\"prompt_tokens_details\":{\"cached_tokens\":4}}}\n\n";
    }

    /** The stream of a vendor that was asked for the usage, or was not. */
    public static Script stream(boolean usage) {
        Script script = Script.events(
                chunk("{\"role\":\"assistant\",\"content\":\"\",\"refusal\":null}", "null", usage),
                chunk("{\"content\":\"Hello\"}", "null", usage),
                chunk("{\"content\":\" \\\"usage\\\":{ you\"}", "null", usage),
                chunk("{}", "\"stop\"", usage));
        return (usage ? script.then(Duration.ZERO, usageChunk()) : script).then(Duration.ZERO, "data: [DONE]\n\n");
    }

    /** What a real vendor does: usage in the stream only where asked for. */
    public static Script openAi(FakeVendor.Seen request) {
        return request.body().contains("\"stream\":true") || request.body().contains("\"stream\": true")
                ? stream(request.body().contains("\"include_usage\":true")
                        || request.body().contains("\"include_usage\": true"))
                : Script.json(200, ANSWER);
    }
}
