package dev.pareto.proxy.upstream;

import static dev.pareto.proxy.upstream.Refusal.refused;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import dev.pareto.engine.GenerationRequest;
import dev.pareto.engine.Sampling;
import dev.pareto.proxy.dialect.openai.Endpoint;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the embedded engine takes of OpenAI's API, and in which words it refuses the rest. */
final class LocalRequestTest {

    private static final String HI = "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]";

    private static LocalRequest chat(String fields) {
        return LocalRequest.read(Endpoint.CHAT, ("{\"model\":\"m\"," + fields + "}").getBytes(StandardCharsets.UTF_8));
    }

    private static LocalRequest text(String fields) {
        return LocalRequest.read(Endpoint.COMPLETIONS,
                ("{\"model\":\"m\"," + fields + "}").getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "'stop': 5 | stop | expected one of a string or array of strings, but got an integer instead",
            "'stop': ['a', 5] | stop | expected one of a string or array of strings",
            "'n': 'x' | n | Invalid type for 'n': expected an integer, but got a string instead.",
            "'n': 1.5 | n | but got a decimal instead",
            "'response_format': 5 | response_format | expected an object, but got an integer instead",
            "'response_format': {'type': 5} | response_format.type | expected a string",
            "'modalities': 'text' | modalities | expected an array of strings, but got a string instead",
            "'modalities': [5] | modalities | expected an array of strings",
            "'audio': true | audio | expected an object, but got a boolean instead",
            "'max_tokens': '7' | max_tokens | expected an integer, but got a string instead",
            "'max_completion_tokens': [7] | max_completion_tokens | but got an array instead",
            "'temperature': 'hot' | temperature | expected a decimal, but got a string instead",
            "'top_p': {} | top_p | expected a decimal, but got an object instead",
            "'logit_bias': [1] | logit_bias | expected an object, but got an array instead",
            "'logit_bias': {'5': 'x'} | logit_bias.5 | expected a decimal, but got a string instead",
            "'tools': 5 | tools | expected an array of objects, but got an integer instead",
            "'tools': ['x'] | tools | expected an array of objects",
            "'functions': {} | functions | expected an array of objects",
            "'tool_choice': 5 | tool_choice | expected one of a string or object",
            "'seed': 1.5 | seed | expected an integer, but got a decimal instead",
            "'seed': '1' | seed | expected an integer, but got a string instead",
            "'logprobs': 3 | logprobs | expected a boolean, but got an integer instead",
            "'top_logprobs': true | top_logprobs | expected an integer",
            "'top_k': 0.5 | top_k | expected an integer",
            "'typical_p': '1' | typical_p | expected a decimal, but got a string instead",
            "'min_keep': 1.5 | min_keep | expected an integer, but got a decimal instead",
            "'mirostat': '2' | mirostat | expected an integer",
            "'dry_sequence_breakers': 'x' | dry_sequence_breakers | expected an array of strings",
            "'dry_sequence_breakers': [5] | dry_sequence_breakers | expected an array of strings",
            "'samplers': 'k' | samplers | expected an array of strings",
            "'ignore_eos': 1 | ignore_eos | expected a boolean",
            "'user': 5 | user | expected a string",
            "'metadata': 'x' | metadata | expected an object",
            "'store': 'x' | store | expected a boolean",
            "'service_tier': 5 | service_tier | expected a string",
            "'reasoning_effort': 5 | reasoning_effort | expected a string"})
    void aWrongTypeIsRefusedByName(String field, String param, String words) {
        refused(() -> chat(HI + "," + field.replace('\'', '"')), "invalid_type", param, words);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "'max_tokens': 2147483648 | integer_above_max_value | max_tokens | Expected a value <= 2147483647, but got 2147483648 instead.",
            "'max_tokens': 0 | integer_below_min_value | max_tokens | Expected a value >= 1, but got 0 instead.",
            "'max_completion_tokens': -1 | integer_below_min_value | max_completion_tokens | integer below minimum value",
            "'n': 0 | integer_below_min_value | n | >= 1",
            "'n': 9 | integer_above_max_value | n | <= 8, but got 9",
            "'temperature': 2.5 | decimal_above_max_value | temperature | Expected a value <= 2, but got 2.5 instead.",
            "'temperature': -1 | decimal_below_min_value | temperature | Expected a value >= 0, but got -1 instead.",
            "'top_p': 1.1 | decimal_above_max_value | top_p | <= 1",
            "'min_p': -0.1 | decimal_below_min_value | min_p | >= 0",
            "'repetition_penalty': 0 | decimal_below_min_value | repetition_penalty | >= 0.01",
            "'frequency_penalty': 3 | decimal_above_max_value | frequency_penalty | <= 2",
            "'presence_penalty': -3 | decimal_below_min_value | presence_penalty | >= -2",
            "'logit_bias': {'5': 101} | decimal_above_max_value | logit_bias.5 | <= 100",
            "'logit_bias': {'x': 1} | invalid_value | logit_bias | non-negative integers",
            "'top_logprobs': 21, 'logprobs': true | integer_above_max_value | top_logprobs | <= 20",
            "'top_logprobs': 2 | invalid_value | top_logprobs | only allowed when 'logprobs' is enabled",
            "'repeat_penalty': 0 | decimal_below_min_value | repeat_penalty | >= 0.01",
            "'repeat_penalty': 1.1, 'repetition_penalty': 1.1 | invalid_value | repeat_penalty | two names for one setting",
            "'repeat_last_n': -2 | integer_below_min_value | repeat_last_n | >= -1",
            "'typical_p': 1.5 | decimal_above_max_value | typical_p | <= 1",
            "'top_n_sigma': 101 | decimal_above_max_value | top_n_sigma | <= 100",
            "'min_keep': -1 | integer_below_min_value | min_keep | >= 0",
            "'xtc_probability': 2 | decimal_above_max_value | xtc_probability | <= 1",
            "'xtc_threshold': -1 | decimal_below_min_value | xtc_threshold | >= 0",
            "'dry_multiplier': -1 | decimal_below_min_value | dry_multiplier | >= 0",
            "'dry_base': 0.5 | decimal_below_min_value | dry_base | >= 1",
            "'dry_allowed_length': -1 | integer_below_min_value | dry_allowed_length | >= 0",
            "'dry_penalty_last_n': -2 | integer_below_min_value | dry_penalty_last_n | >= -1",
            "'dry_sequence_breakers': [''] | invalid_value | dry_sequence_breakers | 1 to 40 characters",
            "'mirostat': 3 | integer_above_max_value | mirostat | <= 2",
            "'mirostat_tau': 0 | decimal_below_min_value | mirostat_tau | >= 0.01",
            "'mirostat_eta': 2 | decimal_above_max_value | mirostat_eta | <= 1",
            "'seed': 9223372036854775808 | integer_above_max_value | seed | <= 9223372036854775807",
            "'stop': ['a','b','c','d','e'] | array_above_max_length | stop | maximum length 4, but got an array with length 5",
            "'stop': '' | string_below_min_length | stop | Invalid 'stop'",
            "'response_format': {} | missing_required_parameter | response_format.type | Missing required parameter",
            "'response_format': {'type': 'xml'} | invalid_value | response_format.type | Supported values are: 'text'",
            "'frob': 1 | unknown_parameter | frob | Unknown parameter: 'frob'.",
            "'prompt': 'x' | unknown_parameter | prompt | Unknown parameter: 'prompt'."})
    void aWrongValueIsRefusedByName(String field, String code, String param, String words) {
        refused(() -> chat(HI + "," + field.replace('\'', '"')), code, param, words);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "'functions': [{'name': 'f'}] | functions", "'function_call': {'name': 'f'} | function_call",
            "'dynatemp_range': 0.5 | dynatemp_range", "'ignore_eos': true | ignore_eos",
            "'samplers': ['top_k', 'temperature'] | samplers",
            "'modalities': ['text', 'audio'] | modalities", "'audio': {'voice': 'x'} | audio",
            "'web_search_options': {} | web_search_options",
            "'verbosity': 'low' | verbosity"})
    void whatTheEngineCannotDoYetIsRefusedAndNeverIgnored(String field, String param) {
        refused(() -> chat(HI + "," + field.replace('\'', '"')), "unsupported_parameter", param,
                "Unsupported parameter: '" + param + "' is not supported with this model");
    }

    @ParameterizedTest
    @ValueSource(strings = {"'user': 'u'", "'metadata': {'a': 'b'}", "'store': true", "'service_tier': 'flex'",
            "'safety_identifier': 's'", "'prompt_cache_key': 'k'", "'prompt_cache_retention': '24h'",
            "'parallel_tool_calls': true", "'prediction': {'type': 'content', 'content': 'x'}", "'tools': []",
            "'tool_choice': 'none'", "'modalities': ['text']", "'response_format': {'type': 'text'}", "'n': 1",
            "'cache_prompt': true", "'ignore_eos': false", "'dynatemp_range': 0.0", "'dynatemp_exponent': 2",
            "'n': null",
            "'samplers': ['penalties','dry','top_n_sigma','top_k','typ_p','top_p','min_p','xtc','temperature']",
            "'grammar': null", "'grammar': ''", "'response_format': null", "'structured_outputs': {'json': null}",
            "'reasoning_effort': 'none'", "'verbosity': 'medium'", "'stop': null", "'tools': null", "'audio': null",
            "'stream_options': {'include_usage': true}"})
    void whatChangesNothingIsLetThrough(String field) {
        assertThat(chat(HI + "," + field.replace('\'', '"')).messages()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "'user': 'u' | missing_required_parameter | messages | Missing required parameter: 'messages'.",
            "'messages': {} | invalid_type | messages | expected an array of objects, but got an object instead",
            "'messages': null | invalid_type | messages | but got null instead",
            "'messages': [] | empty_array | messages | minimum length 1",
            "'messages': ['x'] | invalid_type | messages[0] | expected an object, but got a string",
            "'messages': [{'content': 'x'}] | missing_required_parameter | messages[0].role | 'messages[0].role'",
            "'messages': [{'role': 5, 'content': 'x'}] | invalid_type | messages[0].role | expected a string",
            "'messages': [{'role': 'boss', 'content': 'x'}] | invalid_value | messages[0].role | Invalid value: 'boss'. Supported values are: 'system', 'assistant'",
            "'messages': [{'role': 'user'}] | missing_required_parameter | messages[0].content | 'messages[0].content'",
            "'messages': [{'role': 'user', 'content': null}] | invalid_type | messages[0].content | but got null instead",
            "'messages': [{'role': 'user', 'content': 5}] | invalid_type | messages[0].content | expected one of a string or array of objects, but got an integer instead",
            "'messages': [{'role': 'user', 'content': {}}] | invalid_type | messages[0].content | but got an object instead",
            "'messages': [{'role': 'user', 'content': ['x']}] | invalid_type | messages[0].content[0] | expected an object",
            "'messages': [{'role': 'user', 'content': [{'text': 'x'}]}] | missing_required_parameter | messages[0].content[0].type | Missing",
            "'messages': [{'role': 'user', 'content': [{'type': 'text'}]}] | missing_required_parameter | messages[0].content[0].text | Missing",
            "'messages': [{'role': 'user', 'content': [{'type': 'text', 'text': 5}]}] | invalid_type | messages[0].content[0].text | expected a string",
            "'messages': [{'role': 'user', 'content': [{'type': 'smell'}]}] | invalid_value | messages[0].content[0].type | Supported values are: 'text'",
            "'messages': [{'role': 'user', 'content': [{'type': 'image_url'}]}] | unsupported_parameter | messages[0].content[0].type | reads text only",
            "'messages': [{'role': 'user', 'content': 'x', 'name': 5}] | invalid_type | messages[0].name | expected a string",
            "'messages': [{'role': 'user', 'content': 'x', 'frob': 5}] | unknown_parameter | messages[0].frob | Unknown parameter",
            "'messages': [{'role': 'function', 'content': 'x'}] | unsupported_parameter | messages[0].role | functions",
            "'messages': [{'role': 'tool', 'content': 'x'}] | missing_required_parameter | messages[0].tool_call_id | tool_call_id",
            "'messages': [{'role': 'tool', 'content': 'x', 'tool_call_id': 5}] | invalid_type | messages[0].tool_call_id | a string",
            "'messages': [{'role': 'assistant', 'tool_calls': [{'id': 'x'}]}] | missing_required_parameter | messages[0].tool_calls[0].function | function",
            "'messages': [{'role': 'assistant', 'tool_calls': [{'id': 'x', 'function': {'name': 'f', 'arguments': {}}}]}] | invalid_type | messages[0].tool_calls[0].function.arguments | a string"})
    void aWrongMessageIsRefusedByItsPlace(String field, String code, String param, String words) {
        refused(() -> chat(field.replace('\'', '"')), code, param, words);
    }

    @Test
    void aConversationHasAnEnd() {
        String one = "{\"role\":\"user\",\"content\":\"x\"}";

        assertThat(chat("\"messages\":[" + one + ("," + one).repeat(8_191) + "]").messages()).hasSize(8_192);
        refused(() -> chat("\"messages\":[" + one + ("," + one).repeat(8_192) + "]"), "array_above_max_length",
                "messages", "maximum length 8192, but got an array with length 8193");
    }

    @Test
    void aConversationIsReadAsTextWithWhatClientsSendBack() {
        LocalRequest request = chat(
                """
                "messages": [{"role": "developer", "content": "Be brief."},
                  {"role": "user", "name": "Ada", "content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]},
                  {"role": "assistant", "content": null, "refusal": null, "annotations": [], "tool_calls": null}]""");

        assertThat(request.messages()).isEqualTo(List.of(Map.of("role", "system", "content", "Be brief."),
                Map.of("role", "user", "name", "Ada", "content", "ab"), Map.of("role", "assistant", "content", "")));
    }

    @Test
    void settingsAreReadInTheEnginesTerms() {
        LocalRequest request = chat(HI
                + """
                  ,"max_tokens": 9, "max_completion_tokens": 7, "temperature": 0.5, "top_p": 0.9, "top_k": -1, "seed": -3,
                  "logit_bias": {"5": -100}, "stop": ["x", "y"], "logprobs": true, "frequency_penalty": 1""");

        assertThat(request.maxTokens()).isEqualTo(7);
        assertThat(request.sampling().temperature()).isEqualTo(0.5);
        assertThat(request.sampling().topP()).isEqualTo(0.9);
        assertThat(request.sampling().topK()).isZero();
        assertThat(request.sampling().seed()).isEqualTo(-3L);
        assertThat(request.sampling().logitBias()).isEqualTo(Map.of(5, -100f));
        assertThat(request.stop()).containsExactly("x", "y");
        assertThat(request.topLogprobs()).isZero();
    }

    @Test
    void theStepsOfLlamaCppAreReadByItsNames() {
        Sampling sampling = chat(HI
                + """
                  ,"typical_p": 0.9, "top_n_sigma": 1.5, "min_keep": 3, "xtc_probability": 0.5, "xtc_threshold": 0.2,
                  "repeat_penalty": 1.1, "repeat_last_n": 32, "dry_multiplier": 0.8, "dry_base": 2, "dry_allowed_length": 3,
                  "dry_penalty_last_n": 128, "dry_sequence_breakers": ["\\n"], "mirostat": 2, "mirostat_tau": 4,
                  "mirostat_eta": 0.2""")
                .sampling();

        assertThat(sampling).isEqualTo(new Sampling(1, 0, 1, 0, 1.1, 0, 0, 32, null, Map.of(), 1.5, 0.9,
                new Sampling.Xtc(0.5, 0.2), new Sampling.Dry(0.8, 2, 3, 128, List.of("\n")),
                new Sampling.Mirostat(2, 4, 0.2), 3));
    }

    @Test
    void whatIsNotAskedForIsOff() {
        assertThat(chat(HI).sampling()).isEqualTo(Sampling.atTemperature(1));
        assertThat(chat(HI + ",\"xtc_threshold\":0.3,\"dry_base\":2,\"mirostat_tau\":3,\"top_n_sigma\":-1").sampling())
                .as("settings of a step that is off turn nothing on")
                .isEqualTo(Sampling.atTemperature(1));
        assertThat(chat(HI + ",\"repeat_penalty\":1.2").sampling().penaltyWindow()).as("as llama.cpp").isEqualTo(64);
        assertThat(chat(HI + ",\"repetition_penalty\":1.2").sampling().penaltyWindow()).as("as vLLM").isEqualTo(-1);
    }

    @Test
    void aSeedCountsUpFromOneAnswerToTheNext() {
        List<GenerationRequest> all = chat(HI + ",\"n\":3,\"seed\":7").generations(new int[]{1}, null,
                Duration.ofMinutes(1));

        assertThat(all).extracting(one -> one.sampling().seed()).containsExactly(7L, 8L, 9L);
    }

    @Test
    void theBestOfSeveralNeedsTheirLikelihood() {
        LocalRequest request = text("\"prompt\":\"x\",\"best_of\":3,\"n\":2");

        assertThat(request.chooses()).isTrue();
        assertThat(request.generations(new int[]{1}, null, Duration.ofMinutes(1))).hasSize(3)
                .allMatch(one -> Integer.valueOf(0).equals(one.topLogprobs()));
        assertThat(text("\"prompt\":\"x\",\"n\":2").candidates()).as("where it does not say").isEqualTo(2);
    }

    @Test
    void aBiasForATokenThatTheModelLacksIsRefusedByName() {
        LocalRequest request = chat(HI + ",\"logit_bias\": {\"300\": 1}");

        request.requireTokens(301);
        refused(() -> request.requireTokens(300), "invalid_value", "logit_bias", "300");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "'user': 'u' | missing_required_parameter | prompt", "'prompt': 5 | invalid_type | prompt",
            "'prompt': [] | invalid_type | prompt", "'prompt': ['a', 'b'] | unsupported_parameter | prompt",
            "'prompt': [1, 2] | unsupported_parameter | prompt",
            "'prompt': 'x', 'best_of': 9 | integer_above_max_value | best_of",
            "'prompt': 'x', 'best_of': 2, 'n': 3 | invalid_value | best_of",
            "'prompt': 'x', 'best_of': 2, 'stream': true | invalid_value | best_of",
            "'prompt': 'x', 'echo': true | unsupported_parameter | echo",
            "'prompt': 'x', 'echo': 5 | invalid_type | echo",
            "'prompt': 'x', 'suffix': 'y' | unsupported_parameter | suffix",
            "'prompt': 'x', 'logprobs': 6 | integer_above_max_value | logprobs",
            "'prompt': 'x', 'logprobs': true | invalid_type | logprobs",
            "'prompt': 'x', 'messages': [] | unknown_parameter | messages"})
    void theOlderEndpointIsAsStrict(String field, String code, String param) {
        refused(() -> text(field.replace('\'', '"')), code, param, "'");
    }
}
