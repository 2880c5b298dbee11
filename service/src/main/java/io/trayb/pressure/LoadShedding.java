package io.trayb.pressure;

import io.trayb.http.ProblemException;
import io.trayb.http.ProblemWriter;
import io.trayb.monitoring.catalog.LoadShedding.Reason;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/**
 * Answers API requests with 503 and {@code Retry-After} while this process has more to do than it can. A refusal costs some
 * microseconds: it is decided before anybody looks at the key, and before what was gathered of the body is read. Thread-safe.
 *
 * <p>Let in all the same is what ends work or keeps it from being done twice: the heartbeats and outcomes of remote workers.
 * Streams and polls that are open, health checks and metrics don't come this way.
 */
public final class LoadShedding implements Filter {
    /** What it is put in front of. */
    public static final String PATHS = "/api/*";

    private static final Pattern ENDS_WORK = Pattern.compile("/api/v1/jobs/[^/]+/(heartbeat|complete|fail)");

    /** Apart from each other, so that those who were refused together don't come back together. */
    private static final int LEAST_RETRY_S = 1;

    private static final int MOST_RETRY_S = 4;

    private final Pressure pressure;
    private final PressureObserver observer;
    private final ProblemWriter problems;

    public LoadShedding(Pressure pressure, PressureObserver observer, ProblemWriter problems) {
        this.pressure = pressure;
        this.observer = observer;
        this.problems = problems;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        Optional<Reason> reason = pressure.reason();
        if (reason.isPresent() && !endsWork((HttpServletRequest) request)) {
            observer.refused(reason.get());
            problems.write((HttpServletResponse) response, refusal(reason.get()));
            return;
        }
        pressure.began();
        try {
            chain.doFilter(request, response);
        } finally {
            pressure.ended();
        }
    }

    private static boolean endsWork(HttpServletRequest request) {
        return ENDS_WORK.matcher(request.getRequestURI()).matches();
    }

    private static ProblemException refusal(Reason reason) {
        String why =
                switch (reason) {
                    case DELAY -> "requests wait too long for a thread";
                    case HEAP -> "it has too little memory";
                    case REQUESTS -> "it is answering as many requests as it may";
                    case CONNECTIONS -> "too many requests wait for the database";
                };
        int seconds = ThreadLocalRandom.current().nextInt(LEAST_RETRY_S, MOST_RETRY_S);
        return ProblemException.unavailable(
                "This node has more to do than it can: " + why + "; nothing was changed, try again, or another node.",
                Duration.ofSeconds(seconds),
                null);
    }
}
