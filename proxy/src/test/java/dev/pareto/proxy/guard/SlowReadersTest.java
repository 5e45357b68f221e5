package dev.pareto.proxy.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Callers who take what is there for them, and those who don't. */
final class SlowReadersTest {

    private static final int MORE_THAN_BUFFERS_HOLD = 64 << 20;

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final CompletableFuture<Channel> connected = new CompletableFuture<>();

    @AfterEach
    void close() {
        var _ = loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private Socket connect(Duration patience, Consumer<Channel> served) throws IOException {
        Channel server = new ServerBootstrap().group(loops)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new SlowReaders(patience), new ChannelInboundHandlerAdapter() {
                            @Override
                            public void channelActive(ChannelHandlerContext context) {
                                served.accept(context.channel());
                                connected.complete(context.channel());
                            }
                        });
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .syncUninterruptibly()
                .channel();
        InetSocketAddress address = (InetSocketAddress) server.localAddress();
        return new Socket(address.getAddress(), address.getPort());
    }

    private static void send(Channel channel, int bytes) {
        var _ = channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[bytes]));
    }

    @Test
    void whoTakesNothingIsHungUpOn() throws Exception {
        try (Socket _ = connect(Duration.ofMillis(100), channel -> send(channel, MORE_THAN_BUFFERS_HOLD))) {
            assertThat(connected.get(20, TimeUnit.SECONDS).closeFuture().await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void whoHasNothingToTakeIsWaitedFor() throws Exception {
        Consumer<Channel> late = channel -> {
            var _ = channel.eventLoop().schedule(() -> send(channel, 1), 400, TimeUnit.MILLISECONDS);
        };
        try (Socket caller = connect(Duration.ofMillis(20), late)) {
            assertThat(caller.getInputStream().read()).isZero();
        }
    }
}
