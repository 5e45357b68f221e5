package dev.pareto.proxy.simulate;

import dev.pareto.proxy.dialect.openai.AnswerWriter;
import dev.pareto.proxy.dialect.openai.OpenAiError;
import dev.pareto.proxy.upstream.UpstreamAnswer;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * An answer that is known beforehand, given at a pace.
 *
 * @param pieces of its text, about a token each
 * @param usage null where nobody counted, so that the gateway counts and says that it did
 * @param firstToken after which the first piece comes
 * @param perPiece between one piece and the next
 * @param synthetic what of the figures nobody measured
 */
record Playback(AnswerWriter writer, List<String> pieces, String finishReason, AnswerWriter.@Nullable Tokens usage,
        Duration firstToken, Duration perPiece, List<String> synthetic) {

    /** English text has about four characters to a token. */
    static final int CHARACTERS_PER_TOKEN = 4;

    private static final String SYNTHETIC = "Pareto-Synthetic";

    static List<String> pieces(String text) {
        var pieces = new ArrayList<String>();
        for (int from = 0; from < text.length(); from += CHARACTERS_PER_TOKEN) {
            pieces.add(text.substring(from, Math.min(text.length(), from + CHARACTERS_PER_TOKEN)));
        }
        return pieces;
    }

    static UpstreamAnswer refusal(OpenAiError error) {
        return new UpstreamAnswer(error.status(), headers("application/json"), Flux.just(error.json()));
    }

    Mono<UpstreamAnswer> answer(boolean stream) {
        return stream ? Mono.just(streamed()) : whole();
    }

    private Mono<UpstreamAnswer> whole() {
        byte[] body = writer.whole(List.of(new AnswerWriter.Choice(String.join("", pieces), null, finishReason)),
                usage);
        var answer = new UpstreamAnswer(200, said("application/json"), Flux.just(body));
        Duration total = firstToken.plus(perPiece.multipliedBy(pieces.size()));
        return total.isZero() ? Mono.just(answer) : Mono.delay(total).thenReturn(answer);
    }

    private UpstreamAnswer streamed() {
        Flux<String> paced = Flux.fromIterable(pieces);
        Flux<byte[]> text = (perPiece.isZero() ? paced : paced.delayElements(perPiece))
                .map(piece -> writer.delta(0, piece, null));
        Flux<byte[]> events = Flux.concat(Mono.just(writer.opening(0)), text,
                Mono.just(writer.closing(0, finishReason)), Flux.fromIterable(writer.ending(usage)));
        return new UpstreamAnswer(200, said("text/event-stream; charset=utf-8"),
                firstToken.isZero() ? events : Mono.delay(firstToken).thenMany(events));
    }

    private HttpHeaders said(String type) {
        HttpHeaders headers = headers(type);
        return synthetic.isEmpty() ? headers : headers.set(SYNTHETIC, String.join(", ", synthetic));
    }

    private static HttpHeaders headers(String type) {
        return new DefaultHttpHeaders().set(HttpHeaderNames.CONTENT_TYPE, type);
    }
}
