package dev.pareto.policies.price.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pareto.policies.price.Money;
import dev.pareto.policies.price.Usage;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** How each vendor counts, and what is refused rather than guessed at. */
final class UsageDialectsTest {

    private final UsageNormaliser normaliser = new UsageNormaliser();

    @Test
    void deepSeekTellsHitsAndMisses() {
        assertThat(buckets("deepseek.chat", """
                                            {"prompt_tokens": 100, "completion_tokens": 7, "total_tokens": 107,
                                             "prompt_cache_hit_tokens": 64, "prompt_cache_miss_tokens": 36}""", false))
                .isEqualTo(Map.of("input", "36", "cache_read", "64", "output", "7"));
        assertThat(buckets("deepseek",
                """
                {"completion_tokens": 7, "prompt_cache_hit_tokens": 64, "prompt_cache_miss_tokens": 36}""", false))
                .isEqualTo(Map.of("input", "36", "cache_read", "64", "output", "7"));
        assertThat(buckets("deepseek.chat",
                """
                {"prompt_tokens": 90, "completion_tokens": 7, "prompt_cache_hit_tokens": 64, "prompt_cache_miss_tokens": 36}""",
                true)).containsEntry("input", "26");
    }

    @Test
    void xaiCountsReasoningBesideTheCompletionWhenItsTotalSaysSo() {
        assertThat(buckets("xai.chat", """
                                       {"prompt_tokens": 32, "completion_tokens": 9, "total_tokens": 135,
                                        "completion_tokens_details": {"reasoning_tokens": 94}}""", false))
                .isEqualTo(Map.of("input", "32", "output", "103"));
        assertThat(buckets("xai.chat", """
                                       {"prompt_tokens": 32, "completion_tokens": 103, "total_tokens": 135,
                                        "completion_tokens_details": {"reasoning_tokens": 94}}""", false))
                .isEqualTo(Map.of("input", "32", "output", "103"));
        // OpenAI's reasoning is part of the completion, whatever the total: the figures contradict each other there.
        assertThat(buckets("openai.chat", """
                                          {"prompt_tokens": 32, "completion_tokens": 9, "total_tokens": 135,
                                           "completion_tokens_details": {"reasoning_tokens": 94}}""", true))
                .isEqualTo(Map.of("input", "32", "output", "9"));
    }

    @Test
    void bedrockExcludesTheCacheAndTellsItsLifetimes() {
        assertThat(buckets("bedrock.converse",
                """
                {"usage": {"inputTokens": 17, "outputTokens": 119, "totalTokens": 4759, "cacheReadInputTokens": 4623}}""",
                false))
                .isEqualTo(Map.of("input", "17", "cache_read", "4623", "output", "119"));
        assertThat(buckets("bedrock.converse",
                """
                {"metadata": {"usage": {"inputTokens": 1, "outputTokens": 2, "totalTokens": 3, "cacheWriteInputTokens": 70,
                 "cacheDetails": [{"ttl": "5m", "inputTokens": 50}, {"ttl": "1h", "inputTokens": 20}]}}}""",
                false))
                .isEqualTo(Map.of("input", "1", "cache_write_5m", "50", "cache_write_1h", "20", "output", "2"));
        assertThat(buckets("bedrock", """
                                      {"input_tokens": 3, "output_tokens": 4, "cache_read_input_tokens": 5}""", false))
                .isEqualTo(Map.of("input", "3", "cache_read", "5", "output", "4"));
    }

    @Test
    void geminiTellsModalitiesAndVertexTheSame() {
        assertThat(buckets("vertex.generateContent",
                """
                {"usageMetadata": {"promptTokenCount": 1000, "cachedContentTokenCount": 300, "candidatesTokenCount": 50,
                 "thoughtsTokenCount": 25, "totalTokenCount": 1075,
                 "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 400}, {"modality": "AUDIO", "tokenCount": 600}],
                 "cacheTokensDetails": [{"modality": "AUDIO", "tokenCount": 200}, {"modality": "TEXT", "tokenCount": 100}]}}""",
                false))
                .isEqualTo(Map.of("input", "300", "cache_read", "100", "input_audio", "400", "cache_read_audio", "200",
                        "output", "75"));
        assertThat(buckets("gemini", """
                                     {"prompt_token_count": 5, "candidates_token_count": 6, "total_token_count": 11}""",
                false))
                .isEqualTo(Map.of("input", "5", "output", "6"));
    }

    @Test
    void cohereBillsLessThanItCounts() {
        assertThat(buckets("cohere.chat", """
                                          {"usage": {"billed_units": {"input_tokens": 18, "output_tokens": 10},
                                           "tokens": {"input_tokens": 1000, "output_tokens": 12}}}""", false))
                .isEqualTo(Map.of("input", "18", "output", "10"));
        assertThat(buckets("cohere.rerank", """
                                            {"meta": {"billed_units": {"search_units": 3}}}""", false))
                .isEqualTo(Map.of("search_unit", "3"));
    }

    @Test
    void theOpenAiShapedVendorsKeepTheirOwnKeys() {
        assertThat(buckets("moonshot.chat",
                """
                {"prompt_tokens": 10, "completion_tokens": 1, "total_tokens": 11, "cached_tokens": 4}""", false))
                .containsEntry("cache_read", "4");
        assertThat(buckets("groq.chat",
                """
                {"x_groq": {"usage": {"prompt_tokens": 10, "completion_tokens": 1, "total_tokens": 11, "queue_time": 0.1}}}""",
                false)).isEqualTo(Map.of("input", "10", "output", "1"));
        assertThat(buckets("mistral.chat",
                """
                {"prompt_tokens": 10, "completion_tokens": 1, "total_tokens": 11, "prompt_audio_seconds": 3}""", false))
                .containsEntry("audio_second", "3");
        assertThat(buckets("perplexity.chat",
                """
                {"prompt_tokens": 33, "completion_tokens": 7163, "total_tokens": 7196, "citation_tokens": 20016,
                 "num_search_queries": 18, "reasoning_tokens": 73997}""", false))
                .isEqualTo(
                        Map.of("input", "33", "output", "7163", "output_reasoning", "73997", "output_citation", "20016",
                                "web_search", "18"));
        assertThat(buckets("qwen.chat",
                """
                {"prompt_tokens": 100, "completion_tokens": 1, "total_tokens": 101, "prompt_tokens_details":
                 {"cached_tokens": 20, "cache_creation_input_tokens": 30, "cache_creation": {"ephemeral_5m_input_tokens": 30}}}""",
                false)).isEqualTo(Map.of("input", "50", "cache_read", "20", "cache_write_5m", "30", "output", "1"));
        assertThat(buckets("voyage.embeddings", "{\"usage\": {\"total_tokens\": 12}}", false))
                .isEqualTo(Map.of("input", "12"));
        assertThat(buckets("openai.audio", "{\"usage\": {\"type\": \"duration\", \"seconds\": 12.5}}", false))
                .isEqualTo(Map.of("audio_second", "12.5"));
    }

    @Test
    void searchesAreCountedWhereverTheyAreTold() {
        assertThat(buckets("openai.responses",
                """
                {"response": {"usage": {"input_tokens": 1, "output_tokens": 2, "total_tokens": 3}, "output":
                 [{"type": "web_search_call"}, {"type": "message"}, {"type": "web_search_call"}, {"type": "file_search_call"}]}}""",
                false)).isEqualTo(Map.of("input", "1", "output", "2", "web_search", "2", "file_search", "1"));
        assertThat(buckets("openrouter.chat",
                """
                {"usage": {"prompt_tokens": 1, "completion_tokens": 2, "server_tool_use": {"web_search_requests": 4}}}""",
                false))
                .containsEntry("web_search", "4");
    }

    @Test
    void anthropicsOwnCompactionIsBilledBesideTheAnswer() {
        assertThat(buckets("anthropic.messages", """
                                                 {"input_tokens": 100, "output_tokens": 10, "iterations": [
                                                  {"type": "compaction", "input_tokens": 5000, "output_tokens": 300},
                                                  {"type": "message", "input_tokens": 100, "output_tokens": 10}]}""",
                false))
                .isEqualTo(Map.of("input", "5100", "output", "310"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"prompt_tokens\": \"many\"}", "{\"prompt_tokens\": true}", "{\"prompt_tokens\": {}}",
            "{\"prompt_tokens\": 1.5}", "{\"prompt_tokens\": 1e999999999}", "{\"prompt_tokens\": 1e-999999999}",
            "{\"prompt_tokens\": 99999999999999999999999}", "{\"total_tokens\": 5}", "{\"tokens\": 5}", "[]", "[[]]"})
    void whatIsNoCountIsRefused(String raw) {
        var exact = JsonMapper.builder()
                .enable(tools.jackson.databind.DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .build();
        assertThatThrownBy(() -> normaliser.normalise("openai.chat", exact.readTree(raw)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`',
            textBlock = """
                        openai.chat            | {"prompt_tokens": null, "completion_tokens": 10}                          | input
                        openai.chat            | {"completion_tokens": 10}                                                 | input
                        openai.chat            | {"prompt_tokens": 10}                                                     | output
                        openai.responses       | {"input_tokens": 10}                                                      | output
                        openai.chat            | {"completion_tokens": 100, "total_tokens": 50}                            | input
                        xai.chat               | {"completion_tokens": 9, "total_tokens": 135, "reasoning_tokens": 94}     | input
                        anthropic.messages     | {"output_tokens": 100}                                                    | input
                        anthropic.messages     | {"input_tokens": 100}                                                     | output
                        anthropic.messages     | [{"type": "message_delta", "usage": {"output_tokens": 15}}]               | input
                        gemini.generateContent | {"candidatesTokenCount": 10}                                              | input
                        gemini.generateContent | {"thoughtsTokenCount": 10, "totalTokenCount": 100}                        | input
                        bedrock.converse       | {"outputTokens": 5}                                                       | input
                        bedrock.converse       | {"inputTokens": 5, "totalTokens": 90, "cacheReadInputTokens": 80}         | output
                        cohere.chat            | {"billed_units": {"input_tokens": 5}}                                     | output
                        otel                   | {"gen_ai.usage.output_tokens": 5}                                         | input
                        otel                   | {"gen_ai.usage.input_tokens": 5, "gen_ai.operation.name": "chat"}         | output
                        """)
    void aCountThatIsNotToldIsUnknownAndNotZero(String dialect, String raw, String bucket) {
        Usage usage = read(dialect, raw);

        assertThat(usage.unknown()).containsExactly(bucket);
        assertThat(usage.quantities()).doesNotContainKey(bucket);
        assertThat(usage.derived()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`',
            textBlock = """
                        openai.chat            | {"completion_tokens": 100, "total_tokens": 500}                           | input  | 400
                        openai.chat            | {"prompt_tokens": 100, "total_tokens": 500}                               | output | 400
                        xai.chat               | {"prompt_tokens": 32, "total_tokens": 135, "reasoning_tokens": 94}        | output | 103
                        gemini.generateContent | {"candidatesTokenCount": 10, "totalTokenCount": 100}                      | input  | 90
                        gemini.generateContent | {"promptTokenCount": 10, "thoughtsTokenCount": 5, "totalTokenCount": 100} | output | 90
                        bedrock.converse       | {"outputTokens": 5, "totalTokens": 9}                                     | input  | 4
                        """)
    void whatATotalSurelyLeavesIsDerivedAndMarked(String dialect, String raw, String bucket, String quantity) {
        Usage usage = read(dialect, raw);

        assertThat(usage.quantity(bucket)).isEqualByComparingTo(quantity);
        assertThat(usage.derived()).containsExactly(bucket);
        assertThat(usage.unknown()).isEmpty();
        assertThat(usage.inconsistent()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`',
            textBlock = """
                        openai.embeddings      | {"prompt_tokens": 10}
                        voyage.embeddings      | {"total_tokens": 10}
                        gemini.live            | {"output_tokens": 85}
                        gemini.generateContent | {"promptTokenCount": 10, "totalTokenCount": 10}
                        cohere.rerank          | {"billed_units": {"search_units": 1}}
                        otel                   | {"gen_ai.usage.input_tokens": 5, "gen_ai.operation.name": "embeddings"}
                        """)
    void whatDoesNotWriteOrTellsAPartOfASessionLeavesNothingUnknown(String dialect, String raw) {
        Usage usage = read(dialect, raw);

        assertThat(usage.unknown()).isEmpty();
        assertThat(usage.derived()).isEmpty();
    }

    @Test
    void modelsThatHearOrDrawMayBeSoldByTheToken() {
        String heard = """
                       {"usage": {"type": "tokens", "input_tokens": 14, "input_token_details": {"text_tokens": 0, "audio_tokens": 14},
                        "output_tokens": 45, "total_tokens": 59}}""";
        assertThat(buckets("audio", heard, false)).isEqualTo(Map.of("input", "0", "input_audio", "14", "output", "45"));
        assertThat(buckets("images", "{\"input_tokens\": 50, \"output_tokens\": 4160}", false))
                .isEqualTo(Map.of("input", "50", "output", "4160"));
        assertThat(buckets("audio", "{\"audio_seconds\": 3.5, \"output_tokens\": 45}", false))
                .isEqualTo(Map.of("audio_second", "3.5"));
    }

    @Test
    void geminisQueriesAreCountedOnceEachAndOfAStreamTheLastHold() {
        String chunk = """
                       {"usageMetadata": {"promptTokenCount": 10, "candidatesTokenCount": 5},
                        "candidates": [{"groundingMetadata": {"webSearchQueries": %s}}]}""";
        assertThat(buckets("gemini.generateContent", chunk.formatted("[\"a\", \"b\", \"a\", \"\"]"), false))
                .containsEntry("web_search", "2");
        assertThat(buckets("gemini.generateContent",
                "[" + chunk.formatted("[\"a\"]") + "," + chunk.formatted("[\"a\", \"b\"]") + ", {\"candidates\": []}]",
                false))
                .containsEntry("web_search", "2");
    }

    @Test
    void aCountBeyondAllBoundsIsRefusedWithTheBound() {
        assertThatThrownBy(() -> read("openai.chat", "{\"prompt_tokens\": 1000000000000001, \"completion_tokens\": 1}"))
                .hasMessageContaining("prompt_tokens is 1000000000000001")
                .hasMessageContaining("1,000,000,000,000,000");
        assertThat(buckets("openai.chat", "{\"prompt_tokens\": \"1E+3\", \"completion_tokens\": 1}", false))
                .containsEntry("input", "1000");
    }

    @Test
    void negativeCountsAreNothingAndMarked() {
        assertThat(buckets("openai.chat",
                """
                {"prompt_tokens": -5, "completion_tokens": 7, "prompt_tokens_details": {"cached_tokens": -1}}""", true))
                .isEqualTo(Map.of("input", "0", "output", "7"));
        assertThat(buckets("anthropic.messages", "{\"input_tokens\": 5, \"output_tokens\": -7}", true))
                .isEqualTo(Map.of("input", "5", "output", "0"));
    }

    @Test
    void contradictionsAreClampedAndMarked() {
        assertThat(buckets("openai.chat",
                """
                {"prompt_tokens": 1000, "completion_tokens": 10, "prompt_tokens_details": {"cached_tokens": 1200}}""",
                true))
                .isEqualTo(Map.of("input", "0", "cache_read", "1000", "output", "10"));
        assertThat(buckets("openai.chat",
                """
                {"prompt_tokens": 10, "completion_tokens": 10, "completion_tokens_details": {"reasoning_tokens": 11}}""",
                true))
                .isEqualTo(Map.of("input", "10", "output", "10"));
        assertThat(buckets("openai.chat", "{\"prompt_tokens\": 10, \"completion_tokens\": 10, \"total_tokens\": 21}",
                true))
                .isEqualTo(Map.of("input", "10", "output", "10"));
        assertThat(buckets("gemini.generateContent",
                """
                {"promptTokenCount": 10, "cachedContentTokenCount": 20, "candidatesTokenCount": 1, "totalTokenCount": 11}""",
                true))
                .isEqualTo(Map.of("input", "0", "cache_read", "10", "output", "1"));
    }

    @Test
    void howeverOddTheVendorThePromptAndTheOutputKeepTheirSums() {
        Random random = new Random(23);
        for (int i = 0; i < 5_000; i++) {
            long prompt = random.nextInt(2_000);
            long visible = random.nextInt(2_000);
            long thoughts = random.nextInt(500);
            long tools = random.nextInt(100);
            Usage usage = read("gemini",
                    """
                    {"promptTokenCount": %d, "cachedContentTokenCount": %d, "candidatesTokenCount": %d, "thoughtsTokenCount": %d,
                     "toolUsePromptTokenCount": %d,
                     "promptTokensDetails": [{"modality": "AUDIO", "tokenCount": %d}, {"modality": "IMAGE", "tokenCount": %d}],
                     "cacheTokensDetails": [{"modality": "AUDIO", "tokenCount": %d}, {"modality": "IMAGE", "tokenCount": %d}],
                     "candidatesTokensDetails": [{"modality": "IMAGE", "tokenCount": %d}]}"""
                            .formatted(prompt, random.nextInt(1_500),
                                    visible, thoughts, tools, random.nextInt(1_500), random.nextInt(900),
                                    random.nextInt(900), random.nextInt(900),
                                    random.nextInt(900)));
            assertThat(usage.promptTokens()).isEqualTo(prompt + tools);
            assertThat(usage.outputTokens()).isEqualTo(visible + thoughts);
        }
    }

    @Test
    void theVendorsOwnCostIsFoundWhereEachPutsIt() {
        assertThat(ReportedCost.of(new JsonMapper().readTree("{\"usage\": {\"cost\": {\"total_cost\": 0.0123}}}")))
                .isEqualTo(Money.usd("0.0123"));
        assertThat(ReportedCost.of(new JsonMapper().readTree("{\"usage\": {\"cost_in_usd_ticks\": 37756000}}")))
                .isEqualTo(Money.usd("0.0037756"));
        assertThat(ReportedCost.of(new JsonMapper().readTree("{\"usage\": {\"prompt_tokens\": 1}}"))).isNull();
        assertThatThrownBy(() -> ReportedCost.of(new JsonMapper().readTree("{\"usage\": {\"cost\": -1}}")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private Map<String, String> buckets(String dialect, String raw, boolean inconsistent) {
        Usage usage = read(dialect, raw);
        assertThat(usage.inconsistent()).as(raw).isEqualTo(inconsistent);
        Map<String, String> plain = new TreeMap<>();
        usage.quantities().forEach((bucket, quantity) -> plain.put(bucket, Money.plain(quantity)));
        return plain;
    }

    private Usage read(String dialect, String raw) {
        return normaliser.normalise(dialect, new JsonMapper().readTree(raw));
    }
}
