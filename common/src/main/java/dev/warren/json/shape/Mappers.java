package dev.warren.json.shape;

import dev.warren.json.Values;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.AnnotationIntrospector;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

/** Creates the mappers of {@link Values}. Stateless. */
public final class Mappers {
  private Mappers() {}

  /** Starts a mapper that works with every version of Jackson that Warren supports. */
  public static JsonMapper.Builder builder() {
    return OldAnnotations.supported(JsonMapper.builder());
  }

  /** Warren's own mapper: ISO dates, time zones kept. */
  public static JsonMapper base() {
    return builder()
        .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS)
        .disable(DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
        .disable(DateTimeFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
        .enable(DateTimeFeature.WRITE_DATES_WITH_ZONE_ID)
        .build();
  }

  /** A mapper that reads only what fits exactly; also used for writing. */
  public static JsonMapper strict(JsonMapper base) {
    JsonMapper.Builder builder =
        common(base)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(
                DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                DeserializationFeature.FAIL_ON_INVALID_SUBTYPE,
                DeserializationFeature.FAIL_ON_MISSING_EXTERNAL_TYPE_ID_PROPERTY)
            .disable(
                DeserializationFeature.ACCEPT_FLOAT_AS_INT,
                DeserializationFeature.ACCEPT_SINGLE_VALUE_AS_ARRAY,
                DeserializationFeature.UNWRAP_SINGLE_VALUE_ARRAYS,
                DeserializationFeature.ACCEPT_EMPTY_STRING_AS_NULL_OBJECT,
                DeserializationFeature.ACCEPT_EMPTY_ARRAY_AS_NULL_OBJECT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            .addModule(new StrictReading.Module());
    coercions(builder);
    AnnotationIntrospector known = builder.annotationIntrospector();
    return builder
        .annotationIntrospector(AnnotationIntrospector.pair(new RequiredParameters(), known))
        .build();
  }

  /** A mapper with Jackson's usual leniency that ignores unknown properties. */
  public static JsonMapper lax(JsonMapper base) {
    return common(base)
        .disable(
            DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
            DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
        // 1.5 is not an int: silent truncation would give a wrong result
        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
        .build();
  }

  private static JsonMapper.Builder common(JsonMapper base) {
    return OldAnnotations.supported(base.rebuild())
        .deactivateDefaultTyping()
        .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS, SerializationFeature.INDENT_OUTPUT)
        .disable(
            SerializationFeature.WRAP_ROOT_VALUE,
            SerializationFeature.WRITE_SELF_REFERENCES_AS_NULL)
        .disable(DeserializationFeature.UNWRAP_ROOT_VALUE)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .addModule(new PlatformTypes());
  }

  /** Refuses an empty text as a number, and a number as text. */
  private static void coercions(JsonMapper.Builder builder) {
    for (LogicalType type : LogicalType.values()) {
      builder.withCoercionConfig(
          type,
          config -> {
            if (type != LogicalType.Textual && type != LogicalType.OtherScalar) {
              config.setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail);
            }
            if (type == LogicalType.Textual || type == LogicalType.OtherScalar) {
              config.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail);
              config.setCoercion(CoercionInputShape.Float, CoercionAction.Fail);
              config.setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
            }
            config.setCoercion(CoercionInputShape.EmptyArray, CoercionAction.Fail);
          });
    }
  }
}
