package dev.pareto.dashboards.testing.books;

import dev.pareto.dashboards.ledger.AttemptRole;
import dev.pareto.dashboards.ledger.AttemptState;
import dev.pareto.policies.price.UsageSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Makes one request after the other, each with all the calls that it took. */
final class RequestMaker {

    private static final String[] UNTAGGED = {};
    private static final long SECOND = 1_000_000;
    private static final long DEADLINE = 600 * SECOND;

    private final SplittableRandom random;
    private final Tariff tariff;
    private int sequence;

    RequestMaker(SplittableRandom random, Tariff tariff) {
        this.random = random;
        this.tariff = tariff;
    }

    /** What is going on at the moment. */
    record Moment(long micros, double later, boolean vendorDown) {}

    /** Everything about a request that its calls share. */
    private record Ask(String id, Cast.Seat seat, String[] tags, Tokens tokens, @Nullable Charge baseline) {}

    List<Call> request(Cast.Seat seat, Moment moment, double size) {
        Cast.Route route = seat.route();
        String model = Cast.model(route, moment.later(), random);
        if (!model.equals(Cast.UNPRICED) && !tariff.sells(model)) {
            model = route.baseline();
        }
        Tokens tokens = tokens(route, model, size);
        String[] tags = random.nextInt(100) < 2 ? UNTAGGED : seat.tags();
        String tier = tier(route.tier(), route.baseline());
        Ask ask = new Ask(id(moment.micros()), seat, tags, tokens,
                tariff.charge(route.baseline(), tier, plain(tokens, route.baseline(), tier)));
        List<Call> calls = new ArrayList<>(3);
        if (random.nextInt(1_000) < 22 && route.cached() > 0.3) {
            calls.add(cacheHit(ask, model, moment.micros()));
            return calls;
        }
        answer(ask, model, moment, calls);
        beside(ask, model, calls);
        return calls;
    }

    private void answer(Ask ask, String model, Moment moment, List<Call> calls) {
        boolean down = moment.vendorDown() && model.startsWith("anthropic/");
        double fate = random.nextDouble();
        if (fate < (down ? 0.35 : 0.013)) {
            boolean partly = random.nextInt(6) == 0;
            Call failed = failed(ask, 1, AttemptRole.PRIMARY, model, moment.micros(), partly);
            calls.add(failed);
            boolean same = !down && random.nextBoolean();
            long again = failed.ended() + random.nextInt(40_000, 400_000);
            calls.add(settled(ask, 2, same ? AttemptRole.RETRY : AttemptRole.FALLBACK,
                    same ? model : Cast.fallback(random), again));
        } else if (fate < 0.019 || (down && fate < 0.356)) {
            calls.add(refused(ask, model, moment.micros()));
        } else if (fate < 0.036) {
            calls.add(aborted(ask, model, moment.micros()));
        } else if (fate < 0.0362) {
            calls.add(expired(ask, model, moment.micros()));
        } else {
            calls.add(settled(ask, 1, AttemptRole.PRIMARY, model, moment.micros()));
        }
    }

    /** Judges, the better model of a cascade, and copies to a candidate. */
    private void beside(Ask ask, String model, List<Call> calls) {
        Cast.Route route = ask.seat().route();
        Call last = calls.getLast();
        if (last.state() != AttemptState.SETTLED) {
            return;
        }
        boolean cheap = route.cascade() && !model.equals(route.baseline());
        if (cheap && random.nextInt(10) < 3) {
            Tokens graded = new Tokens(ask.tokens().prompt() / 4 + 260, 0, 0, 12, 0);
            Call judge = call(ask, calls.size() + 1, AttemptRole.JUDGE, AttemptState.SETTLED, "openai/gpt-4.1-nano",
                    last.ended() + 9_000, graded, UsageSource.VENDOR, null);
            calls.add(judge);
            if (random.nextInt(10) < 2) {
                calls.add(settled(ask, calls.size() + 1, AttemptRole.FALLBACK, route.baseline(),
                        judge.ended() + 4_000));
            }
        }
        if (random.nextDouble() < route.shadow()) {
            calls.add(call(ask, calls.size() + 1, AttemptRole.SHADOW, AttemptState.SETTLED,
                    route.models().get(1).model(), last.asked() + 2_000, ask.tokens(), UsageSource.VENDOR, null));
        }
    }

    private Call settled(Ask ask, int number, AttemptRole role, String model, long at) {
        UsageSource usage = random.nextInt(1_000) < 7 ? UsageSource.ESTIMATED : UsageSource.VENDOR;
        return call(ask, number, role, AttemptState.SETTLED, model, at, ask.tokens(), usage, null);
    }

    private Call aborted(Ask ask, String model, long at) {
        Tokens part = ask.tokens().withOutput(1 + random.nextLong(1 + ask.tokens().output()));
        int kind = random.nextInt(10);
        UsageSource usage = kind < 6
                ? UsageSource.VENDOR
                : kind < 7 ? UsageSource.VENDOR_PARTIAL : UsageSource.ESTIMATED_PARTIAL;
        return call(ask, 1, AttemptRole.PRIMARY, AttemptState.ABORTED, model, at, part, usage, "client_closed");
    }

    private Call failed(Ask ask, int number, AttemptRole role, String model, long at, boolean partly) {
        Tokens used = partly ? ask.tokens().withOutput(1 + ask.tokens().output() / 3) : Tokens.NONE;
        return call(ask, number, role, AttemptState.FAILED, model, at, used,
                partly ? UsageSource.ESTIMATED_PARTIAL : UsageSource.NONE,
                partly ? "upstream_incomplete" : random.nextBoolean() ? "upstream_error" : "upstream_busy");
    }

    private Call refused(Ask ask, String model, long at) {
        return call(ask, 1, AttemptRole.PRIMARY, AttemptState.FAILED, model, at, Tokens.NONE, UsageSource.NONE,
                "upstream_refused");
    }

    private Call expired(Ask ask, String model, long at) {
        return call(ask, 1, AttemptRole.PRIMARY, AttemptState.EXPIRED, model, at, Tokens.NONE, UsageSource.ESTIMATED,
                "deadline_passed");
    }

    private Call cacheHit(Ask ask, String model, long at) {
        Cast.Seat seat = ask.seat();
        return new Call(id(at), ask.id(), 1, AttemptRole.CACHE_HIT, AttemptState.SETTLED, at, at + 900, at + 1_800,
                seat.tenant(), ask.tags(), seat.route().name(), seat.route().alias(), model, null, 0, Tokens.NONE,
                UsageSource.NONE, false, Charge.NOTHING, ask.baseline(), 200, "stop", null);
    }

    private Call call(Ask ask, int number, AttemptRole role, AttemptState state, String sold, long at, Tokens wanted,
            UsageSource usage, @Nullable String error) {
        Cast.Seat seat = ask.seat();
        Cast.Route route = seat.route();
        String model = sold.equals(Cast.UNPRICED) || tariff.sells(sold) ? sold : route.baseline();
        String tier = tier(route.tier(), model);
        Tokens tokens = plain(wanted, model, tier);
        Charge charge = charge(model, tier, tokens, state, usage);
        long reserved = charge.cost() == null ? 0 : Math.max(charge.cost(), 40_000_000L) * 3 / 2;
        if (state == AttemptState.EXPIRED) {
            charge = reserved == 0 ? charge : Charge.reservation(reserved);
        }
        long firstByte = (long) (150_000 + 350_000 * Math.exp(random.nextGaussian() * 0.5));
        long ended = state == AttemptState.EXPIRED
                ? DEADLINE
                : firstByte + tokens.output() * (6_000 + random.nextInt(9_000)) + random.nextInt(20_000);
        boolean silent = tokens.prompt() == 0;
        return new Call(id(at), ask.id(), number, role, state, at, silent ? null : (Long) (at + firstByte), at + ended,
                seat.tenant(), ask.tags(), route.name(), route.alias(), model,
                tier.equals("standard") ? null : tier, reserved, tokens, usage,
                usage == UsageSource.VENDOR && random.nextInt(4_000) == 0, charge,
                baseline(ask, number, role, state, charge), status(state, error), finish(state, tokens), error);
    }

    private Charge charge(String model, String tier, Tokens tokens, AttemptState state, UsageSource usage) {
        if (tokens.prompt() == 0 && state != AttemptState.EXPIRED) {
            return Charge.NOTHING;
        }
        Tokens counted = state == AttemptState.EXPIRED ? new Tokens(900, 0, 0, 400, 0) : tokens;
        Charge charge = tariff.charge(model, tier, counted);
        if (!model.startsWith("x-ai/") || charge.cost() == null || usage != UsageSource.VENDOR) {
            return charge;
        }
        // A vendor that tells the cost itself, now and then a little more than its list.
        long extra = random.nextInt(10) == 0 ? charge.cost() / 200 : 0;
        List<Line> lines = new ArrayList<>(charge.lines());
        if (extra != 0) {
            lines.add(Line.sum("vendor_reported", extra, 0, 0));
        }
        return new Charge(charge.cost() + extra, charge.list(), charge.contract(), charge.cost() + extra, "vendor",
                charge.priceVersion(), charge.listVersion(), lines);
    }

    /** Only the first call is compared; what the baseline would not have needed has a baseline of nothing. */
    private static @Nullable Charge baseline(Ask ask, int number, AttemptRole role, AttemptState state, Charge charge) {
        if (charge.cost() == null || state == AttemptState.EXPIRED) {
            return null;
        }
        boolean first = number == 1 && state == AttemptState.SETTLED && role.answersCaller();
        return first ? ask.baseline() : Charge.NOTHING;
    }

    private @Nullable Integer status(AttemptState state, @Nullable String error) {
        if (state == AttemptState.SETTLED || state == AttemptState.ABORTED) {
            return 200;
        }
        if (state == AttemptState.EXPIRED || error == null) {
            return null;
        }
        return switch (error) {
            case "upstream_refused" -> 400;
            case "upstream_busy" -> 429;
            case "upstream_incomplete" -> 200;
            default -> random.nextBoolean() ? 500 : 503;
        };
    }

    private @Nullable String finish(AttemptState state, Tokens tokens) {
        return state != AttemptState.SETTLED
                ? null
                : tokens.output() > 4_000 || random.nextInt(50) == 0
                        ? "length"
                        : "stop";
    }

    private Tokens tokens(Cast.Route route, String model, double size) {
        long prompt = Math.clamp(Math.round(route.prompt() * size * Math.exp(random.nextGaussian() * 0.7)), 12,
                400_000);
        long output = Math.clamp(Math.round(route.output() * Math.exp(random.nextGaussian() * 0.6)), 1, 16_000);
        boolean reasons = model.startsWith("openai/gpt-5") || model.startsWith("openai/o") || model.contains("-pro");
        long reasoning = reasons ? output / 3 : 0;
        if (random.nextDouble() >= route.cached()) {
            return new Tokens(prompt, 0, random.nextInt(10) == 0 ? prompt / 2 : 0, output, reasoning);
        }
        long read = (long) (prompt * (0.5 + 0.4 * random.nextDouble()));
        return new Tokens(prompt - read, read, 0, output, reasoning);
    }

    /** The same prompt at a model that may not remember it. */
    private Tokens plain(Tokens tokens, String model, String tier) {
        boolean reads = tokens.cacheRead() == 0 || tariff.caches(model, tier);
        boolean writes = tokens.cacheWrite() == 0 || tariff.billsWrites(model, tier);
        return reads && writes
                ? tokens
                : new Tokens(tokens.fresh() + (reads ? 0 : tokens.cacheRead()) + (writes ? 0 : tokens.cacheWrite()),
                        reads ? tokens.cacheRead() : 0, writes ? tokens.cacheWrite() : 0, tokens.output(),
                        tokens.reasoning());
    }

    private String tier(String wanted, String model) {
        return wanted.equals("standard") || !tariff.sells(model, wanted) ? "standard" : wanted;
    }

    /** A UUID of version 7 whose time is the call's own. */
    private String id(long micros) {
        long high = ((micros / 1_000) << 16) | 0x7000L | (sequence++ & 0xFFF);
        return new UUID(high, (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L).toString();
    }
}
