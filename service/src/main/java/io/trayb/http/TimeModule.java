package io.trayb.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdScalarSerializer;
import java.io.IOException;
import java.time.Instant;

/** Times on the wire: {@code 2026-11-23T09:00:00.000Z}, always three digits of milliseconds, always UTC. */
final class TimeModule extends SimpleModule {
    // What four digits of a year can say, and Postgres can keep.
    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999Z");

    TimeModule() {
        super("trayb-times");
        addSerializer(Instant.class, new Writer());
        addDeserializer(Instant.class, new Reader());
    }

    private static final class Writer extends StdScalarSerializer<Instant> {
        Writer() {
            super(Instant.class);
        }

        @Override
        public void serialize(Instant value, JsonGenerator json, SerializerProvider provider) throws IOException {
            json.writeString(Timestamps.format(value));
        }
    }

    private static final class Reader extends StdScalarDeserializer<Instant> {
        Reader() {
            super(Instant.class);
        }

        @Override
        public Instant deserialize(JsonParser json, DeserializationContext context) throws IOException {
            if (!json.hasToken(JsonToken.VALUE_STRING)) {
                return (Instant) context.handleUnexpectedToken(Instant.class, json);
            }
            String text = json.getText();
            Instant instant = Timestamps.parse(text).orElse(null);
            if (instant == null) {
                return (Instant) context.handleWeirdStringValue(Instant.class, text, "not a time as RFC 3339 has it");
            }
            if (instant.isBefore(FIRST) || instant.isAfter(LAST)) {
                return (Instant) context.handleWeirdStringValue(Instant.class, text, "a year from 0001 to 9999");
            }
            return instant;
        }
    }
}
