package io.trayb;

import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.Template;
import io.trayb.monitoring.dashboard.Dashboard;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Server;

/**
 * {@code /} of a port: what is there, by the address that it was reached by, and where the other port is. Loads nothing from
 * anywhere else. Thread-safe.
 */
final class IndexPage extends HttpServlet {
    /** What both pages load, and all that they load. */
    static final String STYLE_PATH = "/style.css";

    private static final long serialVersionUID = 1;

    private final transient Template template;
    private final transient List<Dashboard> dashboards;
    private final String otherPort;

    private IndexPage(String template, List<Dashboard> dashboards, String otherPort) {
        this.template = Mustache.compiler().compile(resource(template));
        this.dashboards = List.copyOf(dashboards);
        this.otherPort = otherPort;
    }

    /** For clients. */
    static IndexPage ofApplication() {
        return new IndexPage("index.html", List.of(), BoundAddress.ADMIN);
    }

    /** For operators. */
    static IndexPage ofAdmin(List<Dashboard> dashboards) {
        return new IndexPage("admin.html", dashboards, BoundAddress.APPLICATION);
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        byte[] page = template.execute(Map.of("here", here(request), "other", other(request), "dashboards", dashboards))
                .getBytes(StandardCharsets.UTF_8);
        response.setContentType("text/html; charset=utf-8");
        response.setHeader(
                "Content-Security-Policy",
                "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
        response.setHeader("Cache-Control", "no-cache");
        response.setContentLength(page.length);
        response.getOutputStream().write(page);
    }

    /** Scheme, host and port as the client wrote them. */
    private static String here(HttpServletRequest request) {
        return request.getRequestURL().toString().replaceAll("/$", "");
    }

    private String other(HttpServletRequest request) {
        Server server = ServletContextHandler.getServletContextHandler(request.getServletContext())
                .getServer();
        return BoundAddress.of(server, otherPort);
    }

    private static Reader resource(String name) {
        InputStream in = IndexPage.class.getResourceAsStream(name);
        if (in == null) {
            throw new IllegalStateException(name + " is not on the class path");
        }
        return new InputStreamReader(in, StandardCharsets.UTF_8);
    }
}
