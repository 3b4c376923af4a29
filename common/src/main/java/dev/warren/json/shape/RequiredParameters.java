package dev.warren.json.shape;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.Version;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.AnnotatedParameter;
import tools.jackson.databind.introspect.NopAnnotationIntrospector;

/**
 * Makes record components and constructor parameters required; a missing one would silently become
 * 0 or null. Exceptions: its type or its class declares it optional. Stateless.
 */
final class RequiredParameters extends NopAnnotationIntrospector {
  private static final long serialVersionUID = 1;

  @Override
  public Version version() {
    return Version.unknownVersion();
  }

  @Override
  public @Nullable Boolean hasRequiredMarker(MapperConfig<?> config, AnnotatedMember member) {
    if (!(member instanceof AnnotatedParameter parameter)) {
      return null;
    }
    JsonProperty property = parameter.getAnnotation(JsonProperty.class);
    if (property != null && property.isRequired().asBoolean() != null) {
      return property.isRequired().asBoolean();
    }
    return !isOptionalConstructor(parameter)
        && !parameter.getType().isReferenceType()
        && !parameter.getRawType().getName().startsWith("java.util.Optional")
        && (property == null || property.defaultValue().isEmpty())
        && !leftOut(parameter.getAnnotation(JsonInclude.class))
        && !leftOut(parameter.getDeclaringClass().getAnnotation(JsonInclude.class))
        && !leftOut(config.getDefaultPropertyInclusion().getValueInclusion());
  }

  /**
   * Whether the parameter's class also has a no-argument constructor and does not mark this one for
   * Jackson. Jackson then sets the properties by fields and setters, so a parameter whose name
   * differs from its field is not missing.
   */
  private static boolean isOptionalConstructor(AnnotatedParameter parameter) {
    Class<?> type = parameter.getDeclaringClass();
    return !type.isRecord()
        && parameter.getAnnotation(JsonProperty.class) == null
        && !parameter.getOwner().hasAnnotation(JsonCreator.class)
        && Stream.of(type.getDeclaredConstructors()).anyMatch(c -> c.getParameterCount() == 0);
  }

  private static boolean leftOut(@Nullable JsonInclude include) {
    return include != null && leftOut(include.value());
  }

  private static boolean leftOut(JsonInclude.Include include) {
    return include != JsonInclude.Include.ALWAYS && include != JsonInclude.Include.USE_DEFAULTS;
  }
}
