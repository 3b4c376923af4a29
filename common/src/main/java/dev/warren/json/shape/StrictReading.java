package dev.warren.json.shape;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.BeanDeserializerBuilder;
import tools.jackson.databind.deser.ValueDeserializerModifier;
import tools.jackson.databind.deser.bean.BeanDeserializerBase;
import tools.jackson.databind.introspect.BeanPropertyDefinition;
import tools.jackson.databind.module.SimpleModule;

/**
 * Rules of strict reading for classes. A property that the class writes but cannot read (a getter
 * of something derived) is ignored, not unknown; and a platform class without a rule in Jackson is
 * not treated as a bean. Stateless.
 */
final class StrictReading extends ValueDeserializerModifier {
  private static final long serialVersionUID = 1;

  @Override
  public BeanDeserializerBuilder updateBuilder(
      DeserializationConfig config,
      BeanDescription.Supplier bean,
      BeanDeserializerBuilder builder) {
    // introspected as for writing, so that a property that has only a getter is found
    BeanDescription written =
        config
            .classIntrospectorInstance()
            .introspectForDeserialization(bean.getType(), bean.getClassInfo());
    for (BeanPropertyDefinition property : written.findProperties()) {
      if (property.hasGetter()
          && !property.couldDeserialize()
          && !builder.hasIgnorable(property.getName())) {
        builder.addIgnorable(property.getName());
      }
    }
    return builder;
  }

  @Override
  public ValueDeserializer<?> modifyDeserializer(
      DeserializationConfig config,
      BeanDescription.Supplier bean,
      ValueDeserializer<?> deserializer) {
    Class<?> type = bean.getBeanClass();
    return deserializer instanceof BeanDeserializerBase
            && Platform.has(type)
            && !PlatformTypes.reads(type)
        ? new NoBean(type)
        : deserializer;
  }

  /** Refuses to read a platform class from its properties. */
  private static final class NoBean extends ValueDeserializer<Object> {
    private final Class<?> type;

    NoBean(Class<?> type) {
      this.type = type;
    }

    @Override
    public @Nullable Object deserialize(JsonParser parser, DeserializationContext context) {
      return context.reportInputMismatch(
          type, "%s cannot be represented completely in JSON", type.getName());
    }
  }

  /** Installs strict reading in a mapper. */
  static final class Module extends SimpleModule {
    private static final long serialVersionUID = 1;

    Module() {
      super("warren-strict");
      setDeserializerModifier(new StrictReading());
    }
  }
}
