package dev.pareto.proxy.guard;

import dev.pareto.proxy.dialect.openai.OpenAiError;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;

/**
 * Gives the web server's own refusal of what is no HTTP (headers too large, a line too long, a character that does not belong)
 * a body in OpenAI's shape; it sends none. One for each connection, just behind the codec.
 */
public final class UnreadableRequests extends ChannelDuplexHandler {

    private boolean unreadable;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        unreadable |= message instanceof HttpObject part && part.decoderResult().isFailure();
        context.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (unreadable && message instanceof FullHttpResponse bare && !bare.content().isReadable()) {
            byte[] body = error(bare.status().code()).json();
            FullHttpResponse told = new DefaultFullHttpResponse(bare.protocolVersion(), bare.status(),
                    Unpooled.wrappedBuffer(body), bare.headers(), bare.trailingHeaders());
            told.headers()
                    .set(HttpHeaderNames.CONTENT_TYPE, "application/json")
                    .set(HttpHeaderNames.CONTENT_LENGTH, body.length);
            bare.release();
            var _ = context.write(told, promise);
        } else {
            var _ = context.write(message, promise);
        }
    }

    private static OpenAiError error(int status) {
        return switch (status) {
            case 414 -> OpenAiError.refused(414, "uri_too_long", "The request line is too long.");
            case 431 -> OpenAiError.refused(431, "headers_too_large", "The request's headers are too large.");
            default -> OpenAiError.refused(status, "invalid_http", "The request is not HTTP that can be read.");
        };
    }
}
