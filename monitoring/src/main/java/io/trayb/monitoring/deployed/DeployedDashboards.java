package io.trayb.monitoring.deployed;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Compares the dashboards in a folder that Grafana reads with those of a build. Dashboards of others are passed over. */
public final class DeployedDashboards {
    private static final String OURS = "trayb-";

    private final ObjectMapper mapper = new ObjectMapper();
    private final SortedMap<String, String> expected;

    /**
     * The dashboards of a build.
     *
     * @param dashboards the text of each, by its uid
     */
    public DeployedDashboards(SortedMap<String, String> dashboards) {
        this.expected = dashboards;
    }

    /**
     * Every difference, place by place; empty when there is none.
     *
     * @throws UnreachableException when the folder can't be read
     */
    public List<Deviation> compare(Path folder) {
        List<Deviation> deviations = new ArrayList<>();
        SortedMap<String, String> missing = new TreeMap<>(expected);
        for (Path file : files(folder)) {
            String name = folder.relativize(file).toString();
            JsonNode deployed;
            try {
                deployed = mapper.readTree(Files.readString(file));
            } catch (JsonProcessingException e) {
                deviations.add(new Deviation("dashboard file " + name, "isn't JSON"));
                continue;
            } catch (IOException e) {
                throw new UnreachableException(file + " can't be read: " + e, e);
            }
            String uid = deployed.path("uid").asText();
            if (uid.startsWith(OURS)) {
                String ours = missing.remove(uid);
                if (ours == null) {
                    deviations.add(new Deviation(
                            "dashboard " + uid,
                            expected.containsKey(uid)
                                    ? "is there twice: in " + name
                                    : "is there, but isn't among this build's: in " + name));
                } else {
                    Trees.compare("dashboard " + uid, "", tree(ours), deployed, path -> false, deviations);
                }
            }
        }
        missing.keySet().forEach(uid -> deviations.add(new Deviation("dashboard " + uid, "isn't there")));
        return List.copyOf(deviations);
    }

    private JsonNode tree(String json) {
        try {
            return mapper.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("a generated dashboard must be JSON", e);
        }
    }

    private static List<Path> files(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UnreachableException(folder + " can't be read: " + e, e);
        }
    }
}
