package dev.pareto.proxy.upstream;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import dev.pareto.proxy.upstream.UpstreamException.Kind;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import org.jspecify.annotations.Nullable;
import reactor.netty.Connection;

/**
 * Ends an answer that stops coming or never ends. Counts a pause only while bytes are asked for: a slow caller, who holds the
 * vendor back, is not the vendor's fault; nor does the time before the first bytes count, which has its own limit. One timer a connection, armed lazily, instead of one for each chunk. Runs on the
 * connection's event loop only.
 */
public final class TimeLimitHandler extends ChannelDuplexHandler {

    private static final String NAME = "pareto.timeLimits";

    private final long idleNanos;
    private final long deadlineNanos;
    private @Nullable Future<?> timer;
    private long waitingSince;
    private boolean begun;
    private boolean waiting;
    private boolean fired;

    /**
     * Bounds the answer that this connection receives.
     *
     * @param deadlineNanos in {@link System#nanoTime}
     */
    public static void on(Connection connection, Duration idle, long deadlineNanos) {
        connection.addHandlerLast(NAME, new TimeLimitHandler(idle, deadlineNanos));
    }

    private TimeLimitHandler(Duration idle, long deadlineNanos) {
        this.idleNanos = idle.toNanos();
        this.deadlineNanos = deadlineNanos;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        arm(context, System.nanoTime());
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    @Override
    public void read(ChannelHandlerContext context) {
        if (begun && !waiting) {
            waiting = true;
            waitingSince = System.nanoTime();
        }
        context.read();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        begun = true;
        waiting = false;
        context.fireChannelRead(message);
    }

    private void arm(ChannelHandlerContext context, long now) {
        long idleLeft = waiting ? waitingSince + idleNanos - now : idleNanos;
        long left = Math.max(1, Math.min(idleLeft, deadlineNanos - now));
        timer = context.executor().schedule(() -> tick(context), left, TimeUnit.NANOSECONDS);
    }

    private void tick(ChannelHandlerContext context) {
        long now = System.nanoTime();
        if (fired || !context.channel().isOpen()) {
            return;
        }
        if (now >= deadlineNanos) {
            fire(context, Kind.TOTAL, "The vendor's answer took longer than the limit for the whole call.");
        } else if (waiting && now - waitingSince >= idleNanos) {
            fire(context, Kind.IDLE, "The vendor sent nothing for " + Duration.ofNanos(idleNanos).toMillis() + " ms.");
        } else {
            arm(context, now);
        }
    }

    private void fire(ChannelHandlerContext context, Kind kind, String message) {
        fired = true;
        context.fireExceptionCaught(new UpstreamException(kind, message));
        var _ = context.close();
    }
}
