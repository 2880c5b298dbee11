package io.trayb.http;

import com.fasterxml.jackson.core.JsonGenerationException;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidDefinitionException;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is wrong with a body of JSON, in words about the field and not about the classes behind it. */
final class JsonProblems {
    /** Jackson has no type of its own for it; a test holds that the wording is still this one. */
    private static final Pattern DUPLICATE =
            Pattern.compile("Duplicate (?:Object property|field) [\"'](.*?)[\"']", Pattern.DOTALL);

    private JsonProblems() {}

    /** Empty when the service itself couldn't write or declare its JSON: then it is no client's mistake. */
    static Optional<ProblemException> of(JsonProcessingException thrown) {
        if (thrown instanceof JsonGenerationException || thrown instanceof InvalidDefinitionException) {
            return Optional.empty();
        }
        if (thrown instanceof StreamConstraintsException || thrown.getCause() instanceof StreamConstraintsException) {
            return field("body", null, "is nested too deep, or has a number or a name that is too long");
        }
        Matcher duplicate = DUPLICATE.matcher(String.valueOf(thrown.getOriginalMessage()));
        if (duplicate.find()) {
            return field(duplicate.group(1), null, "is there twice in one object");
        }
        if (thrown instanceof JsonParseException || thrown.getCause() instanceof JsonParseException) {
            return Optional.of(
                    ProblemException.of(400, "The request's body is not JSON" + place(thrown.getLocation())));
        }
        if (thrown instanceof JsonMappingException mapping) {
            return mapping(mapping);
        }
        return Optional.of(ProblemException.of(400, "The request's body is not JSON" + place(thrown.getLocation())));
    }

    private static Optional<ProblemException> mapping(JsonMappingException thrown) {
        String path = path(thrown.getPath());
        if (thrown.getCause() instanceof InputCoercionException tooLarge) {
            return field(path, null, expected(tooLarge.getTargetType()));
        }
        if (thrown instanceof UnrecognizedPropertyException unknown) {
            return field(path, null, "is unknown" + allowed(unknown.getKnownPropertyIds()));
        }
        if (thrown instanceof InvalidFormatException format) {
            return field(path, format.getValue(), expected(format.getTargetType()));
        }
        if (thrown instanceof ValueInstantiationException
                && thrown.getCause() instanceof IllegalArgumentException refused
                && refused.getMessage() != null) {
            return field(path, null, refused.getMessage());
        }
        if (thrown instanceof MismatchedInputException mismatch) {
            if (String.valueOf(mismatch.getOriginalMessage()).startsWith("Trailing token")) {
                return Optional.of(ProblemException.of(400, "The request's body goes on after its JSON has ended"));
            }
            return field(path, null, expected(mismatch.getTargetType()));
        }
        return field(path, null, "can't be read");
    }

    private static Optional<ProblemException> field(String path, @Nullable Object value, String message) {
        return Optional.of(new ProblemException(Problem.invalid(List.of(new FieldError(path, value, message)))));
    }

    private static String allowed(@Nullable Collection<Object> known) {
        return known == null || known.isEmpty()
                ? ""
                : "; allowed are "
                        + known.stream().map(Object::toString).sorted().collect(Collectors.joining(", "));
    }

    private static String expected(@Nullable Class<?> type) {
        return "must be " + JsonTypes.inWords(type);
    }

    private static String path(List<JsonMappingException.Reference> references) {
        StringBuilder path = new StringBuilder();
        for (JsonMappingException.Reference reference : references) {
            if (reference.getFieldName() == null) {
                path.append('[').append(reference.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(reference.getFieldName());
            }
        }
        return path.isEmpty() ? "body" : path.toString();
    }

    private static String place(@Nullable JsonLocation location) {
        return location == null ? "" : " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")";
    }
}
