package dev.pareto.proxy.guard;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;

/**
 * Hangs up on a caller who takes nothing of what is there for him, so that he cannot hold a place for as long as a call may
 * take. Who waits for a model that is still thinking has nothing to take and is left alone, however slow; so is who reads
 * slowly. One for each connection, next to the network.
 */
public final class SlowReaders extends IdleStateHandler {

    /** @param patience without a byte taken; at most twice as long passes before the end */
    public SlowReaders(Duration patience) {
        super(true, 0, patience.toMillis(), 0, TimeUnit.MILLISECONDS);
    }

    @Override
    protected void channelIdle(ChannelHandlerContext context, IdleStateEvent event) {
        ChannelOutboundBuffer left = context.channel().unsafe().outboundBuffer();
        // the first event of a pause comes whether bytes were taken or not, those after it only if none were
        if (!event.isFirst() && left != null && left.totalPendingWriteBytes() > 0) {
            var _ = context.close();
        }
    }
}
