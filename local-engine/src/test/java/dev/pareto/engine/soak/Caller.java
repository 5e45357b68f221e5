package dev.pareto.engine.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

import dev.pareto.engine.EngineException;
import dev.pareto.engine.Generation;
import dev.pareto.engine.GenerationRequest;
import dev.pareto.engine.LoadedModel;

/** Asks one model for one thing after another until told to stop. */
final class Caller implements Runnable {

    /** Beyond every time limit: what has not ended then never will. */
    private static final int MOST_SECONDS = 180;

    private final LoadedModel model;
    private final Orders orders;
    private final RandomGenerator random;
    private final Counts counts;
    private final BooleanSupplier stopped;

    private record Asked(Hearer hearer, Generation generation) {}

    Caller(LoadedModel model, Orders orders, RandomGenerator random, Counts counts, BooleanSupplier stopped) {
        this.model = model;
        this.orders = orders;
        this.random = random;
        this.counts = counts;
        this.stopped = stopped;
    }

    @Override
    public void run() {
        try {
            while (!stopped.getAsBoolean()) {
                if (random.nextInt(10) == 0) {
                    read();
                } else {
                    ask();
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            counts.finding("a caller was thrown out: " + e);
        }
    }

    private void ask() throws InterruptedException {
        var manner = Manner.draw(random);
        var asked = new ArrayList<Asked>();
        for (var request : orders.answers()) {
            if (!submit(request, manner, asked)) {
                break;
            }
        }
        if (manner.millis() >= 0) {
            Thread.sleep(manner.millis());
            asked.forEach(one -> one.generation.cancel());
        }
        for (var one : asked) {
            await(one.generation.done(), "an answer");
            if (one.hearer.ends() != 1) {
                counts.finding("an answer was done after " + one.hearer.ends() + " ends");
            }
        }
    }

    private boolean submit(GenerationRequest request, Manner manner, List<Asked> asked)
            throws InterruptedException {
        var hearer = new Hearer(counts, manner, false);
        try {
            var generation = model.generate(request, hearer);
            counts.taken();
            hearer.of(generation);
            asked.add(new Asked(hearer, generation));
            return true;
        } catch (EngineException.Busy _) {
            counts.count("refused: busy");
            Thread.sleep(random.nextInt(1, 20));
        } catch (EngineException.InvalidRequest _) {
            counts.count("refused: grammar");
        }
        return false;
    }

    private void read() throws InterruptedException {
        try {
            var vectors = model.embed(orders.texts());
            counts.taken();
            if (random.nextInt(4) == 0) {
                Thread.sleep(random.nextInt(20));
                vectors.cancel(false);
            }
            counts.ended("texts " + await(vectors, "an embedding"));
        } catch (EngineException.Busy _) {
            counts.count("refused: busy");
            Thread.sleep(random.nextInt(1, 20));
        }
    }

    private String await(Future<?> end, String what) throws InterruptedException {
        try {
            var _ = end.get(MOST_SECONDS, TimeUnit.SECONDS);
            return "read";
        } catch (TimeoutException _) {
            counts.finding(what + " has not ended after " + MOST_SECONDS + " s");
            return "lost";
        } catch (CancellationException _) {
            return "given up";
        } catch (ExecutionException e) {
            return switch (e.getCause()) {
                case EngineException.Busy _ -> "waited too long";
                case EngineException.InvalidRequest _ -> "refused";
                case null, default -> {
                    counts.finding(what + " ended by " + e.getCause());
                    yield "failed";
                }
            };
        }
    }
}
