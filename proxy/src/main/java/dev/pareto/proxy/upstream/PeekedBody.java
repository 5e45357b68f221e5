package dev.pareto.proxy.upstream;

import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Operators;

/**
 * A body whose first bytes are awaited before anybody is promised anything: until they are here, the call can still be tried
 * elsewhere. Afterwards it is an ordinary Flux that begins with them, in one piece, and passes demand through one to one.
 */
final class PeekedBody extends Flux<byte[]> implements CoreSubscriber<byte[]>, Subscription {

    private static final Object COMPLETE = new Object();

    private final MonoSink<PeekedBody> ready;
    private final Object lock = new Object();
    private final Queue<byte[]> early = new ArrayDeque<>(1);
    private final Predicate<byte[]> enough;
    /** Of the first bytes, until there are enough. */
    private final ByteArrayOutputStream gathered = new ByteArrayOutputStream(0);
    private @Nullable Subscription upstream;
    private @Nullable CoreSubscriber<? super byte[]> downstream;
    private @Nullable Object end;
    private boolean announced;
    private boolean cancelled;
    private boolean firstTaken;
    private boolean firstPassed;
    private boolean ended;

    private PeekedBody(MonoSink<PeekedBody> ready, Predicate<byte[]> enough) {
        this.ready = ready;
        this.enough = enough;
    }

    /** Waits for the first bytes; an empty body is ready at its end. Cancelling before that cancels the source. */
    static Mono<PeekedBody> of(Flux<byte[]> source) {
        return of(source, part -> true);
    }

    /**
     * Waits for more.
     *
     * @param enough told each part as it comes: whether no further one is to be waited for; it bounds what is held
     */
    static Mono<PeekedBody> of(Flux<byte[]> source, Predicate<byte[]> enough) {
        return Mono.create(sink -> {
            PeekedBody body = new PeekedBody(sink, enough);
            sink.onCancel(body::cancel);
            source.subscribe(body);
        });
    }

    /** Whether it has a reader. */
    boolean taken() {
        synchronized (lock) {
            return downstream != null;
        }
    }

    /** The first bytes; empty when the body is. */
    byte[] first() {
        synchronized (lock) {
            byte[] first = early.peek();
            return first == null ? new byte[0] : first;
        }
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        synchronized (lock) {
            upstream = subscription;
            if (cancelled) {
                subscription.cancel();
                return;
            }
        }
        subscription.request(1);
    }

    @Override
    public void onNext(byte[] chunk) {
        CoreSubscriber<? super byte[]> target;
        Subscription source;
        boolean more = !announced && !enough.test(chunk);
        synchronized (lock) {
            target = announced ? downstream : null;
            source = upstream;
            if (target == null && (more || gathered.size() > 0)) {
                gathered.writeBytes(chunk);
            }
            if (target == null && !more) {
                early.add(gathered.size() > 0 ? gathered.toByteArray() : chunk);
            }
        }
        if (target != null) {
            target.onNext(chunk);
        } else if (more && source != null) {
            source.request(1);
        } else {
            announce();
        }
    }

    @Override
    public void onError(Throwable failure) {
        if (!announced) {
            announced = true;
            ready.error(failure);
            return;
        }
        finish(failure);
    }

    @Override
    public void onComplete() {
        if (announced) {
            finish(COMPLETE);
            return;
        }
        synchronized (lock) {
            boolean empty = gathered.size() == 0;
            if (!empty) {
                early.add(gathered.toByteArray());
            }
            firstTaken = empty;
            firstPassed = empty;
            end = COMPLETE;
        }
        announce();
    }

    private void announce() {
        if (!announced) {
            announced = true;
            ready.success(this);
        }
    }

    private void finish(Object how) {
        synchronized (lock) {
            end = how;
        }
        endIfDue();
    }

    /** Tells the end once, and only after the first bytes went on. */
    private void endIfDue() {
        CoreSubscriber<? super byte[]> target;
        Object how;
        synchronized (lock) {
            how = end;
            target = downstream;
            if (how == null || target == null || !firstPassed || ended) {
                return;
            }
            ended = true;
        }
        if (how instanceof Throwable failure) {
            target.onError(failure);
        } else {
            target.onComplete();
        }
    }

    @Override
    public void subscribe(CoreSubscriber<? super byte[]> actual) {
        boolean second;
        synchronized (lock) {
            second = downstream != null;
            if (!second) {
                downstream = actual;
            }
        }
        if (second) {
            Operators.error(actual, new IllegalStateException("a body is read once"));
            return;
        }
        actual.onSubscribe(this);
        endIfDue();
    }

    @Override
    public void request(long demand) {
        byte[] first = null;
        CoreSubscriber<? super byte[]> target;
        Subscription source;
        synchronized (lock) {
            target = downstream;
            source = upstream;
            if (!firstTaken) {
                firstTaken = true;
                first = early.poll();
            }
        }
        long rest = demand;
        if (first != null && target != null) {
            target.onNext(first);
            rest = demand == Long.MAX_VALUE ? demand : demand - 1;
            synchronized (lock) {
                firstPassed = true;
            }
            endIfDue();
        }
        if (rest > 0 && source != null) {
            source.request(rest);
        }
    }

    @Override
    public void cancel() {
        Subscription source;
        synchronized (lock) {
            cancelled = true;
            source = upstream;
        }
        if (source != null) {
            source.cancel();
        }
    }
}
