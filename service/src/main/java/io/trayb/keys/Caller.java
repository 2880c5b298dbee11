package io.trayb.keys;

import io.trayb.http.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Who a request comes from, and what they may do. Thread-safe; one object for each key and not for each request. */
public final class Caller {
    private static final String ATTRIBUTE = Caller.class.getName();
    private static final String ADDRESS = ATTRIBUTE + ".address";

    private final String name;
    private final Set<Scope> scopes;
    private final QueuePattern queues;
    private final @Nullable ApiKey key;
    private final BooleanSupplier live;

    private Caller(String name, Set<Scope> scopes, QueuePattern queues, @Nullable ApiKey key, BooleanSupplier live) {
        this.name = name;
        this.scopes = scopes;
        this.queues = queues;
        this.key = key;
        this.live = Objects.requireNonNull(live, "live");
    }

    /**
     * The holder of a key.
     *
     * @param live whether the key is still good; asked again and again, from any thread
     */
    public static Caller of(ApiKey key, BooleanSupplier live) {
        return new Caller(key.name(), key.scopes(), key.queues(), key, live);
    }

    /**
     * Anybody on this machine, as long as no key was ever made.
     *
     * @param live whether that is still so
     */
    public static Caller local(BooleanSupplier live) {
        return new Caller(ApiKey.LOCAL, Set.of(Scope.values()), QueuePattern.ALL, null, live);
    }

    /**
     * Whom this request comes from.
     *
     * @throws ProblemException 401 when nobody has told: no call is answered for want of a filter
     */
    public static Caller of(HttpServletRequest request) {
        if (request.getAttribute(ATTRIBUTE) instanceof Caller caller) {
            return caller;
        }
        throw Refusals.noKey();
    }

    /** The same; null when nobody has told. */
    public static @Nullable Caller known(HttpServletRequest request) {
        return request.getAttribute(ATTRIBUTE) instanceof Caller caller ? caller : null;
    }

    /**
     * The same for Jersey's filters, into which no request is injected when a feature has made them.
     *
     * @throws ProblemException 401 when nobody has told
     */
    public static Caller of(ContainerRequestContext request) {
        if (request.getProperty(ATTRIBUTE) instanceof Caller caller) {
            return caller;
        }
        throw Refusals.noKey();
    }

    /** The address from which a request came, where that was told; empty elsewhere. */
    public static String addressOf(ContainerRequestContext request) {
        return request.getProperty(ADDRESS) instanceof String address ? address : "";
    }

    /** Tells whom a request comes from, and from where. */
    public void isCallerOf(HttpServletRequest request) {
        request.setAttribute(ATTRIBUTE, this);
        request.setAttribute(ADDRESS, request.getRemoteAddr());
    }

    /** The key's name, or {@code local}. Never used by two keys, one after the other either. */
    public String name() {
        return name;
    }

    public Set<Scope> scopes() {
        return scopes;
    }

    public QueuePattern queues() {
        return queues;
    }

    /** The key; null of {@code local}. */
    public @Nullable ApiKey key() {
        return key;
    }

    /** Whether what this caller has open may stay so: false once the key is revoked or has expired. */
    public boolean isLive() {
        return live.getAsBoolean();
    }

    /** Whether a queue, and what is on it, is there for this caller. */
    public boolean sees(String queue) {
        return queues.isAll() || queues.sees(queue);
    }

    /** @throws ProblemException 403 if the key isn't for this */
    public void require(Scope scope) {
        if (!scopes.contains(scope)) {
            throw Refusals.missingScope(scope, name);
        }
    }

    /** @throws ProblemException 403 if there are queues that the key can't see */
    public void requireAllQueues() {
        if (!queues.isAll()) {
            throw Refusals.notAllQueues(queues);
        }
    }

    /** @throws ProblemException 403 naming the field, if the key isn't for this queue */
    public void requireQueue(String field, String queue) {
        if (!sees(queue)) {
            throw Refusals.otherQueue(field, queue, queues);
        }
    }

    /** Says no more than may be in a log. */
    @Override
    public String toString() {
        return name;
    }
}
