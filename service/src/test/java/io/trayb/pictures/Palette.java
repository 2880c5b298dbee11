package io.trayb.pictures;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;

/** Makes a picture smaller: of its colours the most frequent ones, one byte for each point. */
final class Palette {
    private static final int COLORS = 256;

    private Palette() {}

    static void reduce(Path png) throws IOException {
        BufferedImage picture = ImageIO.read(png.toFile());
        Map<Integer, Integer> counts = new HashMap<>();
        for (int y = 0; y < picture.getHeight(); y++) {
            for (int x = 0; x < picture.getWidth(); x++) {
                counts.merge(picture.getRGB(x, y), 1, Integer::sum);
            }
        }
        List<Integer> kept = counts.entrySet().stream()
                .sorted(Map.Entry.<Integer, Integer>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(COLORS)
                .map(Map.Entry::getKey)
                .toList();
        int[] colors = kept.stream().mapToInt(Integer::intValue).toArray();
        IndexColorModel model = new IndexColorModel(8, colors.length, colors, 0, false, -1, DataBuffer.TYPE_BYTE);
        BufferedImage reduced =
                new BufferedImage(picture.getWidth(), picture.getHeight(), BufferedImage.TYPE_BYTE_INDEXED, model);
        Map<Integer, Integer> places = new HashMap<>();
        for (int y = 0; y < picture.getHeight(); y++) {
            for (int x = 0; x < picture.getWidth(); x++) {
                int place = places.computeIfAbsent(picture.getRGB(x, y), color -> nearest(color, kept));
                reduced.getRaster().setSample(x, y, 0, place);
            }
        }
        ImageIO.write(reduced, "png", png.toFile());
    }

    private static int nearest(int color, List<Integer> kept) {
        int exact = kept.indexOf(color);
        return exact >= 0
                ? exact
                : kept.indexOf(kept.stream()
                        .min(Comparator.comparingInt(other -> distance(color, other)))
                        .orElseThrow());
    }

    private static int distance(int one, int other) {
        int distance = 0;
        for (int shift = 0; shift < 24; shift += 8) {
            int difference = (one >> shift & 0xff) - (other >> shift & 0xff);
            distance += difference * difference;
        }
        return distance;
    }
}
