package dev.pareto.proxy.admin;

import dev.pareto.dashboards.access.ActJournal;
import dev.pareto.dashboards.access.AdminKey;
import dev.pareto.proxy.access.AdminDoor;
import dev.pareto.proxy.access.AdminKeys;
import dev.pareto.proxy.access.AdminToken;
import dev.pareto.proxy.access.Person;
import dev.pareto.proxy.access.Right;
import dev.pareto.proxy.access.Role;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpCookie;
import org.springframework.http.ResponseCookie;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Keys of the admin port, the way in for browsers, and the journal. */
final class AccessApi {

    private static final int PAGE = 50;
    private static final int MOST_DAYS = 3_660;

    private final AdminKeys keys;
    private final ActJournal journal;
    private final InstantSource clock;
    private final AdminApi admin;

    AccessApi(AdminKeys keys, ActJournal journal, InstantSource clock, AdminApi admin) {
        this.keys = keys;
        this.journal = journal;
        this.clock = clock;
        this.admin = admin;
    }

    RouterFunctions.Builder add(RouterFunctions.Builder routes) {
        return routes.GET("/api/session", this::session)
                .POST("/api/session", this::sign)
                .GET("/api/access/keys", request -> admin.answer(this::all))
                .POST("/api/access/actions", this::act)
                .GET("/api/access/acts", this::acts);
    }

    /**
     * Who is there.
     *
     * @param keys whether keys are in force; where they are not, everybody may do everything
     * @param name null for nobody, or where no keys are in force
     */
    record Session(boolean keys, @Nullable String name, @Nullable String role, List<Right> rights) {}

    /** One key as it is told: its first characters, never the key. */
    record View(String id, String name, String role, String prefix, String createdBy, Instant createdAt,
            @Nullable Instant expiresAt, @Nullable Instant lastUsedAt, @Nullable Instant revokedAt, boolean good) {}

    /** A role and what it may. */
    record RoleView(String role, List<String> may) {}

    /** @param made the key that was just made, this once; null otherwise */
    record Keys(List<View> keys, List<RoleView> roles, @Nullable String made) {}

    /** @param next asks for those before; null where there are none */
    record Acts(List<ActJournal.Act> acts, @Nullable Long next) {}

    /** {@code GET /api/session}. */
    Mono<ServerResponse> session(ServerRequest request) {
        return admin.answer(() -> told(Person.of(request.exchange())));
    }

    private Session told(@Nullable Person person) {
        if (person == null) {
            return new Session(keys.any(), null, null, keys.any() ? List.of() : List.of(Right.values()));
        }
        return new Session(keys.any(), person.name(), person.role().text(),
                person.role().rights().stream().sorted().toList());
    }

    /** {@code POST /api/session} with {@code {"key": "ak-pareto-…"}} signs a browser in, without a key out. */
    Mono<ServerResponse> sign(ServerRequest request) {
        return admin.body(request, "sign in").flatMap(text -> {
            String key = read(text).path("key").asString("").strip();
            HttpCookie before = request.cookies().getFirst(AdminDoor.COOKIE);
            if (before != null) {
                keys.end(before.getValue());
            }
            if (key.isEmpty()) {
                return signed(request, null, "", Duration.ZERO);
            }
            Person person = keys.bearer(key);
            if (person == null || person.key().isEmpty()) {
                return Mono.error(AdminApi.refused(401, "admin_key_unknown",
                        "This key is not known here, was revoked or has expired."));
            }
            return signed(request, person, keys.open(person), AdminKeys.SESSION);
        });
    }

    private Mono<ServerResponse> signed(ServerRequest request, @Nullable Person person, String session,
            Duration life) {
        ResponseCookie cookie = ResponseCookie.from(AdminDoor.COOKIE, session)
                .httpOnly(true)
                .sameSite("Strict")
                .secure("https".equals(request.uri().getScheme()))
                .path("/")
                .maxAge(life)
                .build();
        return ServerResponse.ok()
                .header("Cache-Control", "no-store")
                .header("Content-Type", "application/json")
                .cookie(cookie)
                .bodyValue(JsonMapper.shared().writeValueAsBytes(told(person)));
    }

    private Keys all() {
        return all(null);
    }

    private Keys all(@Nullable String made) {
        Instant now = clock.instant();
        return new Keys(keys.list().stream().map(key -> view(key, now)).toList(),
                Arrays.stream(Role.values())
                        .map(role -> new RoleView(role.text(),
                                role.rights().stream().sorted().map(Right::words).toList()))
                        .toList(),
                made);
    }

    private static View view(AdminKey key, Instant now) {
        return new View(key.id(), key.name(), key.role(), key.prefix(), key.createdBy(), key.createdAt(),
                key.expiresAt(), key.lastUsedAt(), key.revokedAt(), key.good(now));
    }

    /** {@code {"action": "create", "name", "role", "days", "by"}} or {@code {"action": "revoke", "id", "by"}}. */
    Mono<ServerResponse> act(ServerRequest request) {
        return admin.posted(request, "make keys", text -> {
            JsonNode body = read(text);
            return switch (body.path("action").asString("")) {
                case "create" -> all(created(body).secret().reveal());
                case "revoke" -> {
                    keys.revoke(body.path("id").asString(""));
                    yield all();
                }
                default -> throw new IllegalArgumentException("action is create or revoke");
            };
        });
    }

    private AdminToken created(JsonNode body) {
        String by = body.path("by").asString("").strip();
        if (by.isEmpty() || by.length() > 80) {
            throw new IllegalArgumentException("'by' says who makes the key, in at most 80 letters");
        }
        int days = body.path("days").asInt(0);
        if (days < 0 || days > MOST_DAYS) {
            throw new IllegalArgumentException("days is 1 to " + MOST_DAYS + ", or 0 for a key without an end");
        }
        return keys.create(body.path("name").asString(""), Role.parse(body.path("role").asString("")), by,
                days == 0 ? null : Duration.ofDays(days));
    }

    /** {@code GET /api/access/acts?before=SEQ&limit=50}, newest first. */
    Mono<ServerResponse> acts(ServerRequest request) {
        return admin.answer(() -> {
            int limit = AdminApi.limit(request, PAGE);
            String before = request.queryParam("before").orElse("");
            if (!before.matches("\\d{0,18}")) {
                throw new IllegalArgumentException("before is the number of an act");
            }
            List<ActJournal.Act> acts = journal.newest(limit, before.isEmpty() ? null : Long.valueOf(before));
            return new Acts(acts, acts.size() < limit ? null : acts.getLast().seq());
        });
    }

    private static JsonNode read(String text) {
        try {
            return JsonMapper.shared().readTree(text);
        } catch (JacksonException malformed) {
            throw new IllegalArgumentException("the body is not JSON", malformed);
        }
    }
}
