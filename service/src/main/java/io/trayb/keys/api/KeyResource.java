package io.trayb.keys.api;

import io.trayb.http.FieldError;
import io.trayb.http.Problem;
import io.trayb.http.ProblemException;
import io.trayb.http.QueryParameters;
import io.trayb.http.ValidationErrors;
import io.trayb.keys.ApiKey;
import io.trayb.keys.Audited;
import io.trayb.keys.Caller;
import io.trayb.keys.KeyConflict;
import io.trayb.keys.KeyText;
import io.trayb.keys.NewKey;
import io.trayb.keys.Requires;
import io.trayb.keys.Scope;
import io.trayb.keys.ring.KeyNews;
import io.trayb.keys.ring.KeyRing;
import io.trayb.keys.store.KeyStore;
import io.trayb.monitoring.catalog.RefusedRequests.Reason;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes, lists and revokes keys. Nobody can give away more than they have, or sees keys that see more than theirs. Thread-safe. */
@Path("/v1/keys")
@Produces(MediaType.APPLICATION_JSON)
public final class KeyResource {
    private static final Logger LOGGER = LoggerFactory.getLogger(KeyResource.class);
    private static final int SHOWN = 100;

    private static final Set<String> PARAMETERS = new TreeSet<>(List.of("cursor", "limit"));

    /** A page of a list. The cursor is the last name on it. */
    record KeyPage(List<KeyView> keys, @Nullable String nextCursor) {}

    private final KeyStore store;
    private final KeyRing ring;
    private final KeyNews news;
    private final InstantSource clock;

    /** @param clock for whether an expiry is to come */
    public KeyResource(KeyStore store, KeyRing ring, KeyNews news, InstantSource clock) {
        this.store = store;
        this.ring = ring;
        this.news = news;
        this.clock = clock;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Requires(Scope.OPERATE)
    public Response create(KeyRequest body, @Context HttpServletRequest request, @Context UriInfo uri) {
        Caller creator = Caller.of(request);
        NewKey wanted = body.read(creator.name(), clock.instant());
        Audited audited = Audited.of(request)
                .note("name", wanted.name())
                .note("scopes", Scope.wireNames(wanted.scopes()))
                .note("queues", wanted.queues().text())
                .note("rate", wanted.rate())
                .note("expiresAt", wanted.expiresAt());
        requireNoMoreThan(creator, wanted);
        KeyStore.Created created;
        try {
            created = store.create(wanted);
        } catch (KeyConflict conflict) {
            throw ProblemException.of(409, String.valueOf(conflict.getMessage()));
        }
        audited.note("id", created.key().id());
        changed();
        return Response.created(uri.getBaseUriBuilder()
                        .path(KeyResource.class)
                        .path(created.key().name())
                        .build())
                .entity(KeyView.of(created.key(), created.text().reveal()))
                .header("Cache-Control", "no-store")
                .build();
    }

    @GET
    @Requires(Scope.OPERATE)
    public Response list(@Context HttpServletRequest request, @Context UriInfo uri) {
        MultivaluedMap<String, String> query = uri.getQueryParameters();
        ValidationErrors errors = new ValidationErrors();
        QueryParameters.checkNames(query, PARAMETERS, errors);
        String cursor = QueryParameters.matching(query, "cursor", ApiKey.NAME, errors);
        int limit = QueryParameters.limit(query, errors);
        errors.throwIfAny();
        List<KeyView> keys = store.page(Caller.of(request).queues(), cursor == null ? "" : cursor, limit).stream()
                .map(KeyView::of)
                .toList();
        String next = keys.size() < limit ? null : keys.get(keys.size() - 1).name();
        return Response.ok(new KeyPage(keys, next)).build();
    }

    @DELETE
    @Path("/{name}")
    @Requires(Scope.OPERATE)
    public KeyView revoke(@PathParam("name") String name, @Context HttpServletRequest request) {
        Caller caller = Caller.of(request);
        if (!ApiKey.NAME.matcher(name).matches()
                || store.find(name)
                        .filter(key -> caller.queues().covers(key.queues()))
                        .isEmpty()) {
            throw unknown(name);
        }
        ApiKey revoked = store.revoke(name, caller.name()).orElseThrow(() -> unknown(name));
        Audited.of(request)
                .note("id", revoked.id())
                .note("scopes", Scope.wireNames(revoked.scopes()))
                .note("queues", revoked.queues().text())
                .note("revokedAt", revoked.revokedAt());
        changed();
        return KeyView.of(revoked);
    }

    /** This node knows at once, so that a client sees what it has just done; the others soon. */
    private void changed() {
        news.tell();
        try {
            ring.refresh();
        } catch (JdbiException e) {
            LOGGER.debug("The changed keys are read when Postgres is back", e);
        }
    }

    private static void requireNoMoreThan(Caller creator, NewKey wanted) {
        List<FieldError> errors = new ArrayList<>();
        for (Scope scope : wanted.scopes()) {
            if (!creator.scopes().contains(scope)) {
                errors.add(new FieldError(
                        "scopes",
                        scope.wireName(),
                        "must be of yours: " + String.join(", ", Scope.wireNames(creator.scopes()))));
            }
        }
        if (!creator.queues().covers(wanted.queues())) {
            errors.add(new FieldError("queues", wanted.queues().text(), "must lie within yours: " + creator.queues()));
        }
        ApiKey key = creator.key();
        Instant end = key == null ? null : key.expiresAt();
        if (end != null && isLater(wanted.expiresAt(), end)) {
            errors.add(new FieldError("expiresAt", wanted.expiresAt(), "must not be later than yours: " + end));
        }
        if (!errors.isEmpty()) {
            throw new ProblemException(
                            Problem.of(403, "A key can't give away more than it has itself, see errors", errors))
                    .because(Reason.GRANT);
        }
    }

    private static boolean isLater(@Nullable Instant wanted, Instant end) {
        return wanted == null || wanted.isAfter(end);
    }

    private static ProblemException unknown(String name) {
        // Who writes the key where its name belongs would read it in every log on the way.
        String harmless = KeyText.hiddenIn(name);
        String shown = harmless.length() <= SHOWN ? harmless : harmless.substring(0, SHOWN) + "…";
        return ProblemException.of(404, "there is no key '" + shown + "'");
    }
}
