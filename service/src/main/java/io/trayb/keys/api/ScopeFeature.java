package io.trayb.keys.api;

import io.trayb.http.ProblemException;
import io.trayb.keys.Caller;
import io.trayb.keys.Requires;
import io.trayb.keys.Scope;
import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.DynamicFeature;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.FeatureContext;
import org.jspecify.annotations.Nullable;

/**
 * Holds every resource method to the scope that it {@link Requires}. One that requires none is refused to everybody, but for
 * the answers to {@code OPTIONS} that Jersey makes itself, which say nothing that isn't in the contract.
 */
public final class ScopeFeature implements DynamicFeature {
    private final Audit audit;
    private final OperateRoutes routes;

    /**
     * @param audit hears of every call that needs the scope operate, refused ones too
     * @param routes is told which calls that are
     */
    public ScopeFeature(Audit audit, OperateRoutes routes) {
        this.audit = audit;
        this.routes = routes;
    }

    @Override
    public void configure(ResourceInfo resource, FeatureContext context) {
        Requires requires = resource.getResourceMethod().getAnnotation(Requires.class);
        Scope scope = requires == null ? null : requires.value();
        context.register(new ScopeFilter(scope));
        if (scope == Scope.OPERATE) {
            context.register(audit);
            routes.add(resource);
        }
    }

    @Priority(Priorities.AUTHORIZATION)
    static final class ScopeFilter implements ContainerRequestFilter {
        private final @Nullable Scope scope;

        ScopeFilter(@Nullable Scope scope) {
            this.scope = scope;
        }

        @Override
        public void filter(ContainerRequestContext context) {
            Caller caller = Caller.of(context);
            if (scope != null) {
                caller.require(scope);
            } else if (!"OPTIONS".equals(context.getMethod())) {
                throw ProblemException.of(403, "This call says of no scope that it suffices");
            }
        }
    }
}
