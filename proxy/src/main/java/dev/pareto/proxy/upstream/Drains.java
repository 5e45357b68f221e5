package dev.pareto.proxy.upstream;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Reads on for a short while when a caller leaves, so that the vendor's own count of what it bills still comes: few at once, each
 * bounded in time and bytes; beyond that the call is ended and its cost is an estimate. Thread-safe.
 */
public final class Drains {

    private final Semaphore places;
    private final Duration stream;
    private final Duration whole;
    private final long bytes;
    private final Scheduler timer;

    /**
     * @param atOnce calls read on at the same time
     * @param stream the longest for an answer in parts; every second of it is generated and paid for
     * @param whole the longest for an answer in one piece, which vendors finish and bill whether anybody waits or not
     * @param bytes the most that is read on of one answer in parts
     */
    public Drains(int atOnce, Duration stream, Duration whole, long bytes, Scheduler timer) {
        this.places = new Semaphore(atOnce);
        this.stream = stream;
        this.whole = whole;
        this.bytes = bytes;
        this.timer = timer;
    }

    /** 16 at once; 2 s and 1 MiB of a stream, 30 s for a whole answer. */
    public static Drains usual() {
        return new Drains(16, Duration.ofSeconds(2), Duration.ofSeconds(30), 1 << 20, Schedulers.parallel());
    }

    /**
     * The same stream, read on after its reader has left.
     *
     * @param left told once, when the reader has left and the stream is read on; before anyone downstream learns of it
     * @param rest gets what comes from then on
     * @param over told once, when that ends in whatever way
     */
    public Flux<byte[]> outliving(Flux<byte[]> source, Runnable left, Consumer<byte[]> rest, Runnable over) {
        return Flux.create(sink -> source.subscribe(new Reading(sink, left, rest, over)),
                FluxSink.OverflowStrategy.IGNORE);
    }

    /**
     * The same answer, waited for after its caller has left; whoever subscribes gets nothing of it then.
     *
     * @param left told once, when the caller has left and the answer is waited for
     */
    public <T> Mono<T> outliving(Mono<T> source, Runnable left) {
        return Mono.create(sink -> {
            var gone = new AtomicBoolean();
            var place = new Place();
            Disposable call = source.doFinally(end -> place.over()).subscribe(answer -> {
                if (!gone.get()) {
                    sink.success(answer);
                }
            }, failure -> {
                if (!gone.get()) {
                    sink.error(failure);
                }
            }, () -> {
                if (!gone.get()) {
                    sink.success();
                }
            });
            sink.onCancel(() -> {
                if (call.isDisposed() || !places.tryAcquire()) {
                    call.dispose();
                    return;
                }
                gone.set(true);
                left.run();
                place.taken();
                timer.schedule(call::dispose, whole.toMillis(), TimeUnit.MILLISECONDS);
            });
        });
    }

    /** Given back once, whichever comes last: that it was taken, or that the call is over. */
    private final class Place {

        private final AtomicInteger seen = new AtomicInteger();

        void taken() {
            both();
        }

        void over() {
            both();
        }

        private void both() {
            if (seen.incrementAndGet() == 2) {
                places.release();
            }
        }
    }

    /** One stream and, later, what is read on of it. */
    private final class Reading extends BaseSubscriber<byte[]> {

        private final FluxSink<byte[]> sink;
        private final Runnable left;
        private final Consumer<byte[]> rest;
        private final Runnable over;
        private final AtomicBoolean finished = new AtomicBoolean();
        private volatile boolean ended;
        private volatile boolean alone;
        private volatile @Nullable Disposable limit;
        private long read;

        Reading(FluxSink<byte[]> sink, Runnable left, Consumer<byte[]> rest, Runnable over) {
            this.sink = sink;
            this.left = left;
            this.rest = rest;
            this.over = over;
        }

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            sink.onCancel(this::readerLeft);
            sink.onRequest(this::request);
        }

        private void readerLeft() {
            if (ended || !places.tryAcquire()) {
                cancel();
                return;
            }
            alone = true;
            left.run();
            limit = timer.schedule(this::stop, stream.toMillis(), TimeUnit.MILLISECONDS);
            finish(); // where it ended in this very moment
            requestUnbounded();
        }

        @Override
        protected void hookOnNext(byte[] part) {
            if (!alone) {
                sink.next(part);
                return;
            }
            rest.accept(part);
            read += part.length;
            if (read > bytes) {
                stop();
            }
        }

        @Override
        protected void hookOnComplete() {
            end();
            if (!alone) {
                sink.complete();
            }
        }

        @Override
        protected void hookOnError(Throwable failure) {
            end();
            if (!alone) {
                sink.error(failure);
            }
        }

        private void stop() {
            cancel();
            end();
        }

        private void end() {
            ended = true;
            finish();
        }

        private void finish() {
            if (alone && ended && finished.compareAndSet(false, true)) {
                Disposable timed = limit;
                if (timed != null) {
                    timed.dispose();
                }
                places.release();
                over.run();
            }
        }
    }
}
