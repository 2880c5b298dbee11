package io.trayb.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.trayb.demo.EventFeed.Signal;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/** Submits the load and follows it to its end. For one thread. */
final class Demo {
    private static final Duration TICK = Duration.ofSeconds(1);
    /** A stream sends something every 15 s; three times that without a sign is a connection that is gone. */
    private static final Duration SILENCE = Duration.ofSeconds(45);
    /** Far past every delay, run and backoff of the sample load: what hasn't moved by then won't by itself. */
    private static final Duration STANDSTILL = Duration.ofMinutes(2);

    private final TraybClient client;
    private final LongSupplier nanoTime;
    private final ObjectMapper json = new ObjectMapper();

    Demo(TraybClient client, LongSupplier nanoTime) {
        this.client = client;
        this.nanoTime = nanoTime;
    }

    /**
     * Returns once every job has ended.
     *
     * @throws DemoException when the service refuses, goes away, or lets the jobs stand still
     */
    Scoreboard run(List<SampleJob> load, Display display) throws InterruptedException {
        try (EventFeed feed = new EventFeed(client)) {
            // The stream's first block says that we are subscribed: from here on no event of our jobs is missed.
            awaitFirstBlock(feed);
            Scoreboard board = new Scoreboard();
            List<String> ids = client.submit(load);
            for (int index = 0; index < ids.size(); index++) {
                board.expect(ids.get(index), load.get(index));
            }
            display.show(board);
            follow(feed, board, display);
            return board;
        }
    }

    private void awaitFirstBlock(EventFeed feed) throws InterruptedException {
        Signal first = feed.poll(Duration.ofSeconds(10));
        if (first == null) {
            throw new DemoException("the event stream of " + client.service()
                    + " says nothing; does something in between hold it back?");
        }
        if (first instanceof Signal.Lost lost) {
            throw lost.cause();
        }
    }

    private void follow(EventFeed feed, Scoreboard board, Display display) throws InterruptedException {
        long heardAt = nanoTime.getAsLong();
        long movedAt = heardAt;
        while (!board.isOver()) {
            Signal signal = feed.poll(TICK);
            long now = nanoTime.getAsLong();
            if (signal instanceof Signal.Lost lost) {
                throw lost.cause();
            }
            if (signal instanceof Signal.Received received) {
                heardAt = now;
                if (take(received.block(), board, display)) {
                    movedAt = now;
                    display.show(board);
                }
            } else if (now - heardAt > SILENCE.toNanos()) {
                heardAt = now;
                feed.reconnect();
            }
            if (now - movedAt > STANDSTILL.toNanos()) {
                throw standstill(board);
            }
        }
    }

    /** Returns whether the block moved one of our jobs. */
    private boolean take(Block block, Scoreboard board, Display display) {
        if (block.data() == null) {
            return false;
        }
        if (block.event().equals("gap")) {
            display.say("The stream told of a gap: reading the jobs' states again.");
            for (String id : board.unfinished()) {
                client.stateOf(id).ifPresent(state -> board.correct(id, state));
            }
            return true;
        }
        return board.apply(block.event(), parse(block.data()));
    }

    private JsonNode parse(String data) {
        try {
            return json.readTree(data);
        } catch (JsonProcessingException e) {
            throw new DemoException("an event's data isn't JSON: is " + client.service() + " Trayb?", e);
        }
    }

    private static DemoException standstill(Scoreboard board) {
        return new DemoException(
                "nothing has moved for " + STANDSTILL.toMinutes() + " minutes (" + Display.counts(board)
                        + "). Is a queue paused (`POST /api/v1/queues/demo-mail/resume`), or RUN_JOB_WORKER false everywhere?");
    }
}
