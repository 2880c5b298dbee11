package io.trayb.events;

import io.trayb.fuzz.Promise;
import io.trayb.jobs.api.RequestTexts;
import java.util.Set;

/** What a fuzzer asks of the texts that clients of events send. */
public final class EventTexts {
    private EventTexts() {}

    /** {@code after} and {@code Last-Event-ID}. */
    public static void cursor(String text) {
        Cursor.parse(text).ifPresent(cursor -> {
            Promise.that(cursor.toString().equals(text), "is written as it was read");
            Promise.that(cursor.at(cursor.id().previous()).id().compareTo(cursor.id()) <= 0, "has a place before it");
            Promise.that(EntryId.parse(cursor.id().toString()).equals(cursor.id()), "is a place of Redis'");
        });
    }

    public static void topic(String text) {
        if (Topics.isValid(text)) {
            Promise.that(text.length() <= 70, "is short");
            Promise.that(
                    text.chars().allMatch(c -> c > ' ' && c < 0x7f),
                    "has no line break: tickets are told apart by them");
            Topics.jobOf(text).ifPresent(job -> Promise.that(Topics.ofJob(job).equals(text), "is the job's"));
        }
    }

    /** The body that asks for a ticket. */
    public static void ticketRequest(byte[] body) {
        RequestTexts.read(body, json -> {
            Set<String> topics = TicketResource.topics(json);
            Promise.that(!topics.isEmpty() && topics.size() <= Subscription.MAX_TOPICS, "is for 1 to 50 topics");
            topics.forEach(EventTexts::topic);
            Promise.that(topics.stream().allMatch(Topics::isValid), "is for topics that there may be");
        });
    }

    public static void ticket(String text) {
        if (Tickets.hasForm(text)) {
            Promise.that(text.chars().allMatch(c -> c < 0x80), "is ASCII, as its hash is made");
        }
    }
}
