package io.trayb.jobs.schedule;

import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Makes valid expressions of all shapes. */
final class RandomCron {
    private final Random random;

    RandomCron(Random random) {
        this.random = random;
    }

    String next() {
        return String.join(
                " ", field(0, 59), field(0, 23), day(), random.nextInt(3) == 0 ? field(1, 12) : "*", weekday());
    }

    private String day() {
        return random.nextInt(2) == 0 ? "*" : field(1, 31);
    }

    private String weekday() {
        return random.nextInt(2) == 0 ? "*" : field(0, 6);
    }

    private String field(int least, int most) {
        return switch (random.nextInt(7)) {
            case 0, 1 -> "*";
            case 2 -> "*/" + (1 + random.nextInt(most - least));
            case 3 -> String.valueOf(value(least, most));
            case 4 -> range(least, most);
            case 5 -> range(least, most) + "," + value(least, most) + ",*/" + (1 + random.nextInt(most - least));
            default -> values(least, most);
        };
    }

    private String values(int least, int most) {
        TreeSet<Integer> values = new TreeSet<>();
        for (int i = random.nextInt(5); i >= 0; i--) {
            values.add(value(least, most));
        }
        return values.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    private String range(int least, int most) {
        int first = value(least, most - 1);
        int last = value(first + 1, most);
        return first + "-" + last + (random.nextBoolean() ? "" : "/" + (1 + random.nextInt(last - first)));
    }

    private int value(int least, int most) {
        return least + random.nextInt(most - least + 1);
    }
}
