package dev.warren.json;

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
 * What strict reading does with classes: a property that the class itself writes and cannot read, a
 * getter for something derived, is not an unknown one; and a class of the platform that Jackson has
 * no rule for is no bean. Stateless.
 */
final class StrictReading extends ValueDeserializerModifier {
  private static final long serialVersionUID = 1;

  @Override
  public BeanDeserializerBuilder updateBuilder(
      DeserializationConfig config,
      BeanDescription.Supplier bean,
      BeanDeserializerBuilder builder) {
    // as the class is written, so that a getter counts whose property has no other sign of itself
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

  /** Refuses to read a class of the platform from its properties. */
  private static final class NoBean extends ValueDeserializer<Object> {
    private final Class<?> type;

    NoBean(Class<?> type) {
      this.type = type;
    }

    @Override
    public @Nullable Object deserialize(JsonParser parser, DeserializationContext context) {
      return context.reportInputMismatch(
          type, "%s has no form in JSON that holds all of it", type.getName());
    }
  }

  /** Puts this into a mapper. */
  static final class Module extends SimpleModule {
    private static final long serialVersionUID = 1;

    Module() {
      super("warren-strict");
      setDeserializerModifier(new StrictReading());
    }
  }
}
