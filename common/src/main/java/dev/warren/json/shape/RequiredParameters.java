package dev.warren.json.shape;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.Version;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.AnnotatedConstructor;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.AnnotatedParameter;
import tools.jackson.databind.introspect.NopAnnotationIntrospector;

/**
 * Makes record components and constructor parameters required; a missing one would silently become
 * 0 or null. Exceptions: its type or its class declares it optional. Stateless.
 *
 * <p>A constructor that is not needed, because its class has one without parameters, and setters or
 * public fields, is not used: then a missing property keeps the class's own default. Versions of
 * Jackson differ in what they do here.
 */
final class RequiredParameters extends NopAnnotationIntrospector {
  private static final long serialVersionUID = 1;

  @Override
  public Version version() {
    return Version.unknownVersion();
  }

  @Override
  public JsonCreator.@Nullable Mode findCreatorAnnotation(MapperConfig<?> config, Annotated a) {
    return a instanceof AnnotatedConstructor constructor && isNeedless(constructor)
        ? JsonCreator.Mode.DISABLED
        : null;
  }

  private static boolean isNeedless(AnnotatedConstructor constructor) {
    Class<?> type = constructor.getDeclaringClass();
    int parameters = constructor.getParameterCount();
    return parameters > 1
        && !type.isRecord()
        && !constructor.hasAnnotation(JsonCreator.class)
        && hasNoArgumentConstructor(type)
        && IntStream.range(0, parameters)
            .allMatch(i -> constructor.getParameterAnnotations(i).size() == 0)
        && Stream.of(constructor.getAnnotated().getParameters())
            .noneMatch(parameter -> isOnlyWay(type, parameter));
  }

  /** Whether a field can be set only by the parameter of its name. */
  private static boolean isOnlyWay(Class<?> type, Parameter parameter) {
    String name = parameter.getName();
    String setter = "set" + name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    boolean field = false;
    boolean settable = false;
    for (Class<?> at = type; at != null; at = at.getSuperclass()) {
      for (Field declared : at.getDeclaredFields()) {
        if (declared.getName().equals(name)) {
          field = true;
          settable |=
              Modifier.isPublic(declared.getModifiers())
                  && !Modifier.isFinal(declared.getModifiers());
        }
      }
      settable |=
          Stream.of(at.getDeclaredMethods())
              .anyMatch(m -> m.getName().equals(setter) && Modifier.isPublic(m.getModifiers()));
    }
    return field && !settable;
  }

  private static boolean hasNoArgumentConstructor(Class<?> type) {
    return Stream.of(type.getDeclaredConstructors()).anyMatch(c -> c.getParameterCount() == 0);
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
        && hasNoArgumentConstructor(type);
  }

  private static boolean leftOut(@Nullable JsonInclude include) {
    return include != null && leftOut(include.value());
  }

  private static boolean leftOut(JsonInclude.Include include) {
    return include != JsonInclude.Include.ALWAYS && include != JsonInclude.Include.USE_DEFAULTS;
  }
}
