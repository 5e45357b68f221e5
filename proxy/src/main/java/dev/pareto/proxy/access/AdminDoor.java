package dev.pareto.proxy.access;

import dev.pareto.dashboards.access.ActJournal;
import dev.pareto.proxy.dialect.openai.OpenAiError;
import dev.pareto.proxy.dialect.openai.RefusedException;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.http.HttpCookie;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.PathContainer;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Lets in whoever has the right that an address asks for, once a first key was made; before that, everybody on this port. Whatever
 * changes something, done or refused, goes to the journal. The pages' files are open, for somebody must be able to sign in; so is
 * {@code /actuator/health}, for those who only ask whether it lives.
 */
public final class AdminDoor implements WebFilter, Ordered {

    /** The browser's session. */
    public static final String COOKIE = "pareto-session";

    private static final Logger LOG = LoggerFactory.getLogger(AdminDoor.class);
    private static final String BEARER = "Bearer ";

    private final AdminKeys keys;
    private final Rights rights;
    private final ActJournal journal;
    private final InstantSource clock;

    public AdminDoor(AdminKeys keys, Rights rights, ActJournal journal, InstantSource clock) {
        this.keys = keys;
        this.rights = rights;
        this.journal = journal;
        this.clock = clock;
    }

    /** After the look at the name by which the port is called. */
    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE + 10;
    }

    /**
     * On another thread, for no answer may be complete while the event loop still hands over its request: Reactor Netty 1.3.7 then reads
     * nothing more from a connection on which that request had to wait for the answer before it (reactor-netty, issue 4361).
     */
    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        return Mono.defer(() -> looked(exchange, chain)).subscribeOn(Schedulers.parallel());
    }

    private Mono<Void> looked(ServerWebExchange exchange, WebFilterChain chain) {
        ServerHttpRequest request = exchange.getRequest();
        PathContainer path = request.getPath().pathWithinApplication();
        Person person = person(request);
        if (person != null) {
            person.asks(exchange);
        }
        if (rights.open(path)) {
            return chain.filter(exchange);
        }
        Right needed = rights.needed(request.getMethod(), path);
        Mono<Void> work = keys.any() ? guarded(exchange, chain, person, needed) : chain.filter(exchange);
        return needed == Right.SEE || reads(request.getMethod()) ? work : journalled(exchange, work);
    }

    private static Mono<Void> guarded(ServerWebExchange exchange, WebFilterChain chain, @Nullable Person person,
            Right needed) {
        if (person == null) {
            return Mono.error(new RefusedException(OpenAiError.refused(401, "admin_key_needed",
                    "This admin port asks for a key: sign in on its pages, or send Authorization: Bearer "
                            + AdminToken.PREFIX + "… (commands take it from PARETO_ADMIN_KEY). A key that was given is"
                            + " not known, was revoked or has expired.")));
        }
        if (!person.role().may(needed)) {
            return Mono.error(new RefusedException(OpenAiError.refused(403, "role_forbids",
                    "The role " + person.role().text() + " of " + person.name() + " may not " + needed.words() + "; "
                            + Role.having(needed) + " may.")));
        }
        return chain.filter(exchange);
    }

    private static boolean reads(HttpMethod method) {
        return method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD) || method.equals(HttpMethod.OPTIONS);
    }

    private @Nullable Person person(ServerHttpRequest request) {
        String authorization = request.getHeaders().getFirst(HttpHeaders.AUTHORIZATION);
        if (authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return keys.bearer(authorization.substring(BEARER.length()).strip());
        }
        HttpCookie cookie = request.getCookies().getFirst(COOKIE);
        return cookie == null ? null : keys.session(cookie.getValue());
    }

    /** Before the answer goes out: whoever has it finds the act in the journal. */
    private Mono<Void> journalled(ServerWebExchange exchange, Mono<Void> work) {
        ServerHttpResponse response = exchange.getResponse();
        response.beforeCommit(() -> {
            HttpStatusCode status = response.getStatusCode();
            return written(exchange, status == null ? 200 : status.value());
        });
        return work;
    }

    private Mono<Void> written(ServerWebExchange exchange, int status) {
        Person person = Person.of(exchange);
        String named = Deed.named(exchange);
        var act = new ActJournal.Act(0, clock.instant(),
                person != null ? person.name() : keys.any() ? "nobody" : named.isEmpty() ? "anybody" : named,
                person == null ? "" : person.role().text(),
                exchange.getRequest().getMethod() + " " + exchange.getRequest().getPath().value(),
                Deed.detail(exchange), status);
        return Mono.<Void>fromRunnable(() -> journal.write(act))
                .subscribeOn(Schedulers.boundedElastic())
                .onErrorResume(failure -> {
                    LOG.error("{} by {} ({}) could not be written to the journal", act.act(), act.who(), status,
                            failure);
                    return Mono.empty();
                });
    }
}
