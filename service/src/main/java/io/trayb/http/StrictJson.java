package io.trayb.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.util.List;

/**
 * JSON as the HTTP contract has it: what is misspelt, doubled or of another type is refused and never guessed at; times are
 * RFC 3339 in UTC with milliseconds; a field without a value is there as {@code null}.
 */
public final class StrictJson {
    /** Deeper than any payload that people write, and shallow enough for every parser's stack. */
    private static final int MAX_DEPTH = 200;

    private static final List<CoercionInputShape> TEXT =
            List.of(CoercionInputShape.String, CoercionInputShape.EmptyString);

    private StrictJson() {}

    /** A new mapper with these rules. */
    public static JsonMapper newMapper() {
        JsonFactory factory = JsonFactory.builder()
                // UTF-8 alone, as the contract has it: what guesses at encodings reads one body in two ways.
                .disable(JsonFactory.Feature.CHARSET_DETECTION)
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_DEPTH)
                        .build())
                .build();
        JsonMapper.Builder builder = JsonMapper.builder(factory)
                .addModule(new Jdk8Module())
                .addModule(new JavaTimeModule())
                .addModule(new TimeModule())
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
                // Money and ids of others must come back digit for digit.
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .defaultPropertyInclusion(
                        JsonInclude.Value.construct(JsonInclude.Include.ALWAYS, JsonInclude.Include.ALWAYS));
        builder.withCoercionConfigDefaults(
                config -> TEXT.forEach(shape -> config.setCoercion(shape, CoercionAction.Fail)));
        builder.withCoercionConfig(LogicalType.Textual, config -> {
            config.setCoercion(CoercionInputShape.EmptyString, CoercionAction.TryConvert);
            config.setCoercion(CoercionInputShape.String, CoercionAction.TryConvert);
            config.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail);
            config.setCoercion(CoercionInputShape.Float, CoercionAction.Fail);
            config.setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
        });
        builder.withCoercionConfig(
                LogicalType.DateTime,
                config -> config.setCoercion(CoercionInputShape.String, CoercionAction.TryConvert));
        builder.withCoercionConfig(
                LogicalType.Enum, config -> config.setCoercion(CoercionInputShape.String, CoercionAction.TryConvert));
        return builder.build();
    }
}
