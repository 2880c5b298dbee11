package io.trayb.http;

import jakarta.validation.ConstraintViolation;
import jakarta.validation.ConstraintViolationException;
import jakarta.validation.ElementKind;
import jakarta.validation.Path;
import java.util.List;
import java.util.Optional;

/** Bean Validation's findings about a request, each with the path as the client wrote it. */
final class ConstraintProblems {
    private ConstraintProblems() {}

    static Optional<ProblemException> of(ConstraintViolationException violation) {
        if (violation.getConstraintViolations().stream().anyMatch(ConstraintProblems::isOurs)) {
            return Optional.empty();
        }
        List<FieldError> errors = violation.getConstraintViolations().stream()
                .map(found -> new FieldError(path(found), found.getInvalidValue(), found.getMessage()))
                .sorted((a, b) -> a.field().compareTo(b.field()))
                .toList();
        return Optional.of(new ProblemException(Problem.invalid(errors)));
    }

    /** A return value that breaks its constraints is the service's mistake and no client's. */
    private static boolean isOurs(ConstraintViolation<?> found) {
        for (Path.Node node : found.getPropertyPath()) {
            if (node.getKind() == ElementKind.RETURN_VALUE) {
                return true;
            }
        }
        return false;
    }

    /** Without the names of the method and its argument, which are Java's and not the client's. */
    private static String path(ConstraintViolation<?> found) {
        StringBuilder path = new StringBuilder();
        String last = "";
        for (Path.Node node : found.getPropertyPath()) {
            if (node.getKind() == ElementKind.METHOD) {
                continue;
            }
            if (node.getKind() == ElementKind.PARAMETER) {
                last = node.toString();
                continue;
            }
            path.append(path.isEmpty() ? "" : ".").append(node);
        }
        if (!path.isEmpty()) {
            return path.toString();
        }
        return last.isEmpty() ? "body" : last;
    }
}
