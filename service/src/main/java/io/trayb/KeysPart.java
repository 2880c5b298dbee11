package io.trayb;

import io.dropwizard.core.setup.Environment;
import io.dropwizard.jetty.setup.ServletEnvironment;
import io.trayb.database.Transactions;
import io.trayb.http.HttpBundle;
import io.trayb.keys.api.Audit;
import io.trayb.keys.api.KeyFilter;
import io.trayb.keys.api.KeyResource;
import io.trayb.keys.api.LineBudget;
import io.trayb.keys.api.OperateRoutes;
import io.trayb.keys.api.RateLimiter;
import io.trayb.keys.api.RefusedOperations;
import io.trayb.keys.api.ScopeFeature;
import io.trayb.keys.api.TaskFilter;
import io.trayb.keys.ring.KeyNews;
import io.trayb.keys.ring.KeyRing;
import io.trayb.keys.store.KeyStore;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Set;

/** How the parts of {@code io.trayb.keys} are put together. */
final class KeysPart {
    /** More than an operator reads, and less than fills a disk: of each of the three kinds some 60 MB a day. */
    private static final int AUDITED_REFUSALS_PER_MINUTE = 100;

    private final Audit audit;
    private final OperateRoutes routes = new OperateRoutes();

    private KeysPart(Audit audit) {
        this.audit = audit;
    }

    /** Begins with what writes refusals down. To be called after the request timer and before any filter that refuses. */
    static KeysPart begin(Environment environment, InstantSource clock) {
        KeysPart part =
                new KeysPart(new Audit(environment.getObjectMapper(), clock, refusals(), refusals(), refusals()));
        auditRefusals(environment.servlets(), KeyFilter.PATHS, RefusedOperations.among(part.routes, part.audit));
        auditRefusals(environment.admin(), TaskFilter.PATHS, RefusedOperations.everywhere(part.audit));
        return part;
    }

    private static LineBudget refusals() {
        return new LineBudget(AUDITED_REFUSALS_PER_MINUTE, System::nanoTime);
    }

    /**
     * Wires the rest. To be called before any filter or resource that must know who asks.
     *
     * @param loopback whether other machines can't reach the API
     * @param ticketServlets the names of those servlets that take a ticket in the place of a key
     */
    KeyRing wire(
            Environment environment,
            Platform platform,
            HttpBundle http,
            boolean loopback,
            Set<String> ticketServlets,
            InstantSource clock) {
        KeyStore store = new KeyStore(new Transactions(platform.database().jdbi(), () -> {}), new SecureRandom());
        KeyRing ring = new KeyRing(store, loopback, clock, System::nanoTime);
        KeyNews news =
                new KeyNews(platform.redis(), () -> platform.redisConnections().dedicated(Duration.ZERO), ring::wake);
        environment.lifecycle().manage(ring);
        environment.lifecycle().manage(news);
        RateLimiter limiter = new RateLimiter(platform.redis(), System::nanoTime);
        http.answerLoopbackOnly(environment, () -> loopback && !ring.hasKeys());
        FilterRegistration.Dynamic filter = environment
                .servlets()
                .addFilter("api-keys", new KeyFilter(ring, limiter, http.problemWriter(), ticketServlets));
        filter.setAsyncSupported(true);
        filter.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), true, KeyFilter.PATHS);
        environment
                .admin()
                .addFilter("task-keys", new TaskFilter(ring, limiter, audit, http.problemWriter()))
                .addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), true, TaskFilter.PATHS);
        environment.jersey().register(new ScopeFeature(audit, routes));
        environment.jersey().register(new KeyResource(store, ring, news, clock));
        return ring;
    }

    private static void auditRefusals(ServletEnvironment port, String paths, RefusedOperations refused) {
        FilterRegistration.Dynamic filter = port.addFilter("refused-operations", refused);
        filter.setAsyncSupported(true);
        filter.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), true, paths);
    }
}
