package io.trayb.pictures;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.trayb.testing.MonitoringProgram;
import io.trayb.testing.Programs;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A picture of one dashboard: its JSON as it is generated, with what a real Prometheus answers to its queries, as a page in a real
 * Chromium. Grafana draws more beautifully; this shows whether each panel has something to draw, and in which unit.
 */
public final class DashboardPicture {
    public static final int WIDTH = 1400;

    private static final int MARGIN = 16;
    private static final int COLUMNS = 24;
    private static final int ROW = 38;
    private static final int HEAD = 76;
    private static final int POINTS = 180;
    private static final Pattern LABEL = Pattern.compile("\\{\\{([a-z_]+)}}");
    private static final String STYLE = """
            body{margin:0;background:#f4f5f8;font:13px 'DejaVu Sans',sans-serif;color:#24292e}
            h1{position:absolute;left:16px;top:12px;margin:0;font-size:20px}
            p.about{position:absolute;left:16px;top:42px;margin:0;color:#555}
            div.panel{position:absolute;background:#fff;border:1px solid #dcdde3;border-radius:3px;overflow:hidden;box-sizing:border-box}
            div.panel h2{margin:8px 12px 0;font-size:14px}
            div.panel p{margin:2px 12px 0;color:#777;font-size:11px;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
            div.stat{font-size:36px;text-align:center;margin-top:8px}
            text.axis{font-size:11px;fill:#666} text.legend{font-size:12px;fill:#333}
            text.none{font-size:15px;fill:#999} text.limit{font-size:11px;fill:#c22}
            """;

    private final JsonNode dashboard;
    private final MonitoringProgram prometheus;
    private final Instant from;
    private final Instant to;

    /**
     * A picture of a dashboard.
     *
     * @param json the dashboard as it is generated
     * @param prometheus who is asked
     * @param from the beginning of what is shown
     */
    public DashboardPicture(String json, MonitoringProgram prometheus, Instant from, Instant to) throws IOException {
        this.dashboard = new ObjectMapper().readTree(json);
        this.prometheus = prometheus;
        this.from = from;
        this.to = to;
    }

    /** Titles of the panels that have nothing to show. */
    public List<String> emptyPanels() throws IOException, InterruptedException {
        List<String> empty = new ArrayList<>();
        for (JsonNode panel : dashboard.path("panels")) {
            if (lines(panel).isEmpty()) {
                empty.add(panel.path("title").asText());
            }
        }
        return empty;
    }

    /** Draws it into a PNG. */
    public void draw(Path png, Path folder) throws IOException, InterruptedException {
        int rows = 0;
        StringBuilder page = new StringBuilder("<!doctype html><meta charset='utf-8'><style>" + STYLE + "</style>");
        page.append("<h1>" + Html.escaped(dashboard.path("title").asText()) + "</h1>");
        page.append(
                "<p class='about'>" + Html.escaped(dashboard.path("description").asText()) + "</p>");
        for (JsonNode panel : dashboard.path("panels")) {
            JsonNode place = panel.path("gridPos");
            rows = Math.max(rows, place.path("y").asInt() + place.path("h").asInt());
            page.append(panel(panel));
        }
        Path html = folder.resolve(dashboard.path("uid").asText() + ".html");
        Files.writeString(html, page.toString());
        screenshot(html, png, HEAD + rows * ROW + MARGIN, folder);
        Palette.reduce(png);
    }

    private static void screenshot(Path html, Path png, int height, Path folder)
            throws IOException, InterruptedException {
        Files.createDirectories(png.getParent());
        Process chromium = new ProcessBuilder(
                        Programs.find("chromium", "chromium-browser", "google-chrome")
                                .toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--hide-scrollbars",
                        "--user-data-dir=" + folder.resolve("chromium"),
                        "--window-size=" + WIDTH + "," + height,
                        "--screenshot=" + png.toAbsolutePath(),
                        html.toUri().toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("chromium.log").toFile())
                .start();
        if (!chromium.waitFor(60, TimeUnit.SECONDS) || chromium.exitValue() != 0) {
            chromium.destroyForcibly();
            throw new IllegalStateException(
                    "Chromium drew nothing:\n" + Files.readString(folder.resolve("chromium.log")));
        }
    }

    private String panel(JsonNode panel) throws IOException, InterruptedException {
        JsonNode place = panel.path("gridPos");
        double column = (WIDTH - 2.0 * MARGIN) / COLUMNS;
        int width = (int) (place.path("w").asInt() * column) - 8;
        int height = place.path("h").asInt() * ROW - 8;
        String head = String.format(
                Locale.ROOT,
                "<div class='panel' style='left:%dpx;top:%dpx;width:%dpx;height:%dpx'><h2>%s</h2><p>%s</p>",
                MARGIN + (int) (place.path("x").asInt() * column),
                HEAD + place.path("y").asInt() * ROW,
                width,
                height,
                Html.escaped(panel.path("title").asText()),
                Html.escaped(panel.path("description").asText()));
        JsonNode defaults = panel.at("/fieldConfig/defaults");
        String unit = defaults.path("unit").asText();
        JsonNode step = defaults.at("/thresholds/steps/1/value");
        double threshold = step.isNumber() ? step.asDouble() : Double.NaN;
        List<Line> lines = lines(panel);
        String body;
        if (panel.path("type").asText().equals("stat")) {
            double value = lines.isEmpty() ? Double.NaN : lines.get(0).last();
            String color = value >= threshold ? "#c22" : "#2a7d2a";
            body = "<div class='stat' style='color:" + color + "'>" + Quantity.of(value, unit) + "</div>";
        } else {
            body = new Chart(unit, threshold, lines, from.getEpochSecond(), to.getEpochSecond())
                    .svg(width - 2, height - 44);
        }
        return head + body + "</div>";
    }

    private List<Line> lines(JsonNode panel) throws IOException, InterruptedException {
        List<Line> lines = new ArrayList<>();
        for (JsonNode target : panel.path("targets")) {
            String query = target.path("expr")
                    .asText()
                    .replace("$job", "trayb")
                    .replace("$instance", ".+")
                    .replace("$__rate_interval", "20s");
            double step = Math.max(1, Duration.between(from, to).toSeconds() / (double) POINTS);
            JsonNode result = prometheus
                    .get("/api/v1/query_range?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8) + "&start="
                            + from.getEpochSecond() + "&end=" + to.getEpochSecond() + "&step=" + step)
                    .path("data")
                    .path("result");
            List<Line> found = new ArrayList<>();
            for (JsonNode series : result) {
                found.add(line(series, target.path("legendFormat").asText()));
            }
            found.removeIf(line -> line.points().isEmpty());
            found.sort(Comparator.comparing(Line::name));
            lines.addAll(found);
        }
        return lines;
    }

    private static Line line(JsonNode series, String legend) {
        List<Line.Point> points = new ArrayList<>();
        for (JsonNode value : series.path("values")) {
            double number = Double.parseDouble(value.get(1).asText().replace("Inf", "Infinity"));
            if (Double.isFinite(number)) {
                points.add(new Line.Point(value.get(0).asDouble(), number));
            }
        }
        Matcher label = LABEL.matcher(legend);
        String name = label.replaceAll(match -> Matcher.quoteReplacement(
                series.path("metric").path(match.group(1)).asText()));
        return new Line(name, points);
    }
}
