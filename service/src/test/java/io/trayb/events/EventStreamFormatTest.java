package io.trayb.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trayb.events.ReferenceParser.Dispatched;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is encoded here is what a browser gets, judged by a parser that was written from the standard alone. */
final class EventStreamFormatTest {
    private static final Cursor CURSOR = new Cursor("0123456789abcdef", new EntryId(1795564800123L, 7));

    private static ReferenceParser parsed(byte[] stream, int pieces) {
        ReferenceParser parser = new ReferenceParser();
        for (int from = 0; from < stream.length; from += pieces) {
            parser.feed(Arrays.copyOfRange(stream, from, Math.min(stream.length, from + pieces)));
        }
        return parser;
    }

    /** The judge is judged first: one vector for each rule of the standard. */
    static Stream<Arguments> rules() {
        return Stream.of(
                Arguments.of("LF ends a line", "data: a\n\n", List.of("message:a:")),
                Arguments.of("CR ends a line", "data: a\r\r", List.of("message:a:")),
                Arguments.of("CR LF ends one line and not two", "data: a\r\ndata: b\r\n\r\n", List.of("message:a\nb:")),
                Arguments.of("a byte order mark is dropped", "\uFEFFdata: a\n\n", List.of("message:a:")),
                Arguments.of("a second one is part of a field's name", "\uFEFF\uFEFFdata: a\n\n", List.of()),
                Arguments.of("a comment is nothing", ": data: a\n\n", List.of()),
                Arguments.of("one space after the colon goes", "data:  a\n\n", List.of("message: a:")),
                Arguments.of("no space is needed", "data:a\n\n", List.of("message:a:")),
                Arguments.of("a tab stays", "data:\ta\n\n", List.of("message:\ta:")),
                Arguments.of("later colons are part of the value", "data: a:b: c\n\n", List.of("message:a:b: c:")),
                Arguments.of("a field without a colon has an empty value", "data\n\n", List.of("message::")),
                Arguments.of("two empty data lines are a line break", "data\ndata\n\n", List.of("message:\n:")),
                Arguments.of("data lines are joined", "data: a\ndata: b\n\n", List.of("message:a\nb:")),
                Arguments.of("an event without data is dropped", "event: e\n\ndata: a\n\n", List.of("message:a:")),
                Arguments.of(
                        "an event has its name once",
                        "event: e\ndata: a\n\ndata: b\n\n",
                        List.of("e:a:", "message:b:")),
                Arguments.of("an id stays", "id: 1\ndata: a\n\ndata: b\n\n", List.of("message:a:1", "message:b:1")),
                Arguments.of("an id alone counts", "id: 1\n\ndata: b\n\n", List.of("message:b:1")),
                Arguments.of("an empty id takes it back", "id: 1\n\nid\ndata: b\n\n", List.of("message:b:")),
                Arguments.of("an id with NUL is ignored", "id: 1\n\nid: 2\0\ndata: b\n\n", List.of("message:b:1")),
                Arguments.of("names of fields are as they are", "Data: a\ndata : b\n\n", List.of()),
                Arguments.of("other fields are ignored", "other: a\ndata: b\n\n", List.of("message:b:")),
                Arguments.of("what is not ended is dropped", "data: a\n\ndata: b\n", List.of("message:a:")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rules")
    void the_reference_follows_the_standard(String rule, String stream, List<String> expected) {
        byte[] bytes = stream.getBytes(UTF_8);
        for (int pieces = 1; pieces <= bytes.length; pieces++) {
            assertThat(parsed(bytes, pieces).events())
                    .as("%s, in pieces of %s", rule, pieces)
                    .extracting(event -> event.type() + ":" + event.data() + ":" + event.lastEventId())
                    .isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"17x", "-1", "1.5", "", " 1"})
    void the_reference_takes_only_digits_for_a_delay(String value) {
        assertThat(parsed(("retry: 9\nretry: " + value + "\n\n").getBytes(UTF_8), 100)
                        .reconnectionTime())
                .isEqualTo(9);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":1}",
                "",
                " leading and trailing ",
                "a:b: c",
                ": no comment",
                "data: no field",
                "\uFEFFno byte order mark",
                "ünïcödé, 日本, 😀, \u2028 and \u0085",
                "NUL \0 in the middle",
            })
    void what_is_encoded_is_what_a_page_gets_wherever_the_writes_are_cut(String data) {
        Event event = new Event("job.progress", "a", "default", data);
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        FrameEncoder encoder = FrameEncoder.shared(System::nanoTime);
        List.of(
                        FrameEncoder.position(CURSOR.at(EntryId.ZERO)),
                        FrameEncoder.retry(1234),
                        encoder.event(CURSOR, event),
                        FrameEncoder.comment(),
                        FrameEncoder.gap(GapReason.SLOW_CONSUMER, OptionalLong.of(3)),
                        encoder.event(CURSOR.at(new EntryId(1795564800124L, 0)), event),
                        FrameEncoder.position(CURSOR.at(new EntryId(1795564800125L, 0))))
                .forEach(frame -> add(frame, stream));
        byte[] bytes = stream.toByteArray();

        for (int pieces = 1; pieces <= bytes.length; pieces++) {
            ReferenceParser parser = parsed(bytes, pieces);
            assertThat(parser.events())
                    .containsExactly(
                            new Dispatched("job.progress", data, CURSOR.toString()),
                            new Dispatched("gap", "{\"reason\":\"slow-consumer\",\"dropped\":3}", CURSOR.toString()),
                            new Dispatched("job.progress", data, "0123456789abcdef-1795564800124-0"));
            assertThat(parser.lastEventId()).isEqualTo("0123456789abcdef-1795564800125-0");
            assertThat(parser.reconnectionTime()).isEqualTo(1234);
        }
    }

    @Test
    void the_end_of_a_stream_tells_when_to_come_back() {
        ReferenceParser parser = new ReferenceParser();
        parser.feed(bytes(FrameEncoder.close(CloseReason.DRAINED, 2500)));

        assertThat(parser.events()).containsExactly(new Dispatched("close", "{\"reason\":\"shutdown\"}", ""));
        assertThat(parser.reconnectionTime()).isEqualTo(2500);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\nb", "a\rb", "a\r\nb", "\n"})
    void data_of_more_than_one_line_never_becomes_an_event(String data) {
        assertThatThrownBy(() -> new Event("job.progress", "a", "default", data))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("one line");
    }

    private static void add(Frame frame, ByteArrayOutputStream stream) {
        stream.writeBytes(bytes(frame));
    }

    private static byte[] bytes(Frame frame) {
        ByteBuffer buffer = frame.duplicate();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }
}
