package dev.warren.json.shape;

import com.fasterxml.jackson.annotation.JsonFormat;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.FormatSchema;
import tools.jackson.core.JsonParser;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.Version;
import tools.jackson.databind.AnnotationIntrospector;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.InjectableValues;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.annotation.JacksonStdImpl;
import tools.jackson.databind.cfg.DeserializationContexts;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.cfg.SerializerFactoryConfig;
import tools.jackson.databind.deser.DeserializationContextExt;
import tools.jackson.databind.deser.DeserializerCache;
import tools.jackson.databind.deser.DeserializerFactory;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.AnnotatedClass;
import tools.jackson.databind.introspect.NopAnnotationIntrospector;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.TypeSerializer;
import tools.jackson.databind.ser.BeanSerializerFactory;
import tools.jackson.databind.ser.SerializerFactory;
import tools.jackson.databind.ser.jdk.EnumSerializer;
import tools.jackson.databind.ser.jdk.MapEntrySerializer;
import tools.jackson.databind.ser.jdk.MapSerializer;
import tools.jackson.databind.type.CollectionLikeType;
import tools.jackson.databind.type.CollectionType;
import tools.jackson.databind.type.MapLikeType;
import tools.jackson.databind.type.MapType;

/**
 * Makes Jackson 3.0 work with jackson-annotations 2.19, which Spring Boot 3.5 manages up to 3.5.12.
 * It needs 2.20 for one constant only, {@code JsonFormat.Shape.POJO}: where it asks whether a
 * container or an enum is to be written as an object, the answer without that constant is no.
 * Stateless. (Jackson 3.1 and later do not work with 2.19 at all.)
 */
final class OldAnnotations {
  private static final boolean PRESENT =
      Arrays.stream(JsonFormat.Shape.values()).noneMatch(shape -> shape.name().equals("POJO"));

  private OldAnnotations() {}

  /** Changes nothing with annotations of 2.20 or later. */
  static JsonMapper.Builder supported(JsonMapper.Builder builder) {
    return PRESENT
        ? builder
            .serializerFactory(new Writing(new SerializerFactoryConfig()))
            .deserializationContexts(new Contexts())
            .annotationIntrospector(
                AnnotationIntrospector.pair(builder.annotationIntrospector(), new Containers()))
        : builder;
  }

  private static boolean isContainer(@Nullable JavaType type) {
    return type != null && (type.isMapLikeType() || type.isCollectionLikeType());
  }

  /** Looks serializers up as its superclass does, which fails only at the question itself. */
  private static final class Writing extends BeanSerializerFactory {
    private static final long serialVersionUID = 1;

    Writing(SerializerFactoryConfig config) {
      super(config);
    }

    @Override
    public SerializerFactory withConfig(SerializerFactoryConfig config) {
      return new Writing(config);
    }

    @Override
    protected ValueSerializer<?> buildCollectionSerializer(
        SerializationContext context,
        CollectionType type,
        BeanDescription.Supplier bean,
        JsonFormat.Value format,
        boolean staticTyping,
        TypeSerializer typeSerializer,
        ValueSerializer<Object> elementSerializer) {
      try {
        return super.buildCollectionSerializer(
            context, type, bean, format, staticTyping, typeSerializer, elementSerializer);
      } catch (NoSuchFieldError e) {
        JavaType element = type.getContentType();
        ValueSerializer<?> found =
            type.isTypeOrSubTypeOf(EnumSet.class)
                ? buildEnumSetSerializer(element.isEnumImplType() ? element : null)
                : isIndexedList(type.getRawClass())
                    ? buildIndexedListSerializer(
                        element, staticTyping, typeSerializer, elementSerializer)
                    : buildCollectionSerializer(
                        element, staticTyping, typeSerializer, elementSerializer);
        for (var modifier : _factoryConfig.serializerModifiers()) {
          found = modifier.modifyCollectionSerializer(context.getConfig(), type, bean, found);
        }
        return found;
      }
    }

    @Override
    protected ValueSerializer<?> buildMapSerializer(
        SerializationContext context,
        MapType type,
        BeanDescription.Supplier bean,
        JsonFormat.Value format,
        boolean staticTyping,
        ValueSerializer<Object> keySerializer,
        TypeSerializer typeSerializer,
        ValueSerializer<Object> elementSerializer) {
      try {
        return super.buildMapSerializer(
            context,
            type,
            bean,
            format,
            staticTyping,
            keySerializer,
            typeSerializer,
            elementSerializer);
      } catch (NoSuchFieldError e) {
        var config = context.getConfig();
        var ignored = config.getDefaultPropertyIgnorals(Map.class, bean.getClassInfo());
        var included = config.getDefaultPropertyInclusions(Map.class, bean.getClassInfo());
        Set<String> leftOut = ignored == null ? null : ignored.findIgnoredForSerialization();
        Set<String> only = included == null ? null : included.getIncluded();
        ValueSerializer<?> found =
            _checkMapContentInclusion(
                context,
                bean,
                MapSerializer.construct(
                    type,
                    staticTyping,
                    typeSerializer,
                    keySerializer,
                    elementSerializer,
                    findFilterId(config, bean),
                    leftOut,
                    only));
        for (var modifier : _factoryConfig.serializerModifiers()) {
          found = modifier.modifyMapSerializer(config, type, bean, found);
        }
        return found;
      }
    }

    @Override
    protected ValueSerializer<?> buildMapEntrySerializer(
        SerializationContext context,
        JavaType type,
        BeanDescription.Supplier bean,
        JsonFormat.Value format,
        boolean staticTyping,
        JavaType keyType,
        JavaType valueType) {
      try {
        return super.buildMapEntrySerializer(
            context, type, bean, format, staticTyping, keyType, valueType);
      } catch (NoSuchFieldError e) {
        return new MapEntrySerializer(
            valueType,
            keyType,
            valueType,
            staticTyping,
            context.findTypeSerializer(valueType),
            null);
      }
    }

    @Override
    @SuppressWarnings("unchecked") // an enum's class
    protected ValueSerializer<?> buildEnumSerializer(
        SerializationContext context,
        JavaType type,
        BeanDescription.Supplier bean,
        JsonFormat.Value format) {
      try {
        return super.buildEnumSerializer(context, type, bean, format);
      } catch (NoSuchFieldError e) {
        ValueSerializer<?> found =
            EnumSerializer.construct(
                (Class<Enum<?>>) type.getRawClass(), context.getConfig(), bean.get(), format);
        for (var modifier : _factoryConfig.serializerModifiers()) {
          found = modifier.modifyEnumSerializer(context.getConfig(), type, bean, found);
        }
        return found;
      }
    }
  }

  /** Creates contexts that give {@link Container} their factory. */
  private static final class Contexts extends DeserializationContexts.DefaultImpl {
    private static final long serialVersionUID = 1;

    Contexts() {}

    private Contexts(
        TokenStreamFactory streams, DeserializerFactory factory, DeserializerCache cache) {
      super(streams, factory, cache);
    }

    @Override
    public DeserializationContexts forMapper(
        Object mapper,
        TokenStreamFactory streams,
        DeserializerFactory factory,
        DeserializerCache cache) {
      return new Contexts(streams, factory, cache);
    }

    @Override
    public DeserializationContextExt createContext(
        DeserializationConfig config, FormatSchema schema, InjectableValues injectables) {
      return new Context(_streamFactory, _deserializerFactory, _cache, config, schema, injectables);
    }
  }

  @SuppressWarnings("unchecked") // readTree of its superclass
  private static final class Context extends DeserializationContextExt {
    Context(
        TokenStreamFactory streams,
        DeserializerFactory factory,
        DeserializerCache cache,
        DeserializationConfig config,
        FormatSchema schema,
        InjectableValues injectables) {
      super(streams, factory, cache, config, schema, injectables);
    }

    DeserializerFactory factory() {
      return _factory;
    }
  }

  /** Names {@link Container} as the deserializer of each container without one of its own. */
  private static final class Containers extends NopAnnotationIntrospector {
    private static final long serialVersionUID = 1;

    @Override
    public Version version() {
      return Version.unknownVersion();
    }

    @Override
    public @Nullable Object findDeserializer(MapperConfig<?> config, Annotated annotated) {
      if (!(annotated instanceof AnnotatedClass)) {
        return null;
      }
      Class<?> type = annotated.getRawType();
      JavaType known = config.getTypeFactory().constructType(type);
      return isContainer(known) ? new Container(known) : null;
    }
  }

  /** Stands for the deserializer of a container, which it creates without asking the question. */
  @JacksonStdImpl
  private static final class Container extends ValueDeserializer<Object> {
    private final JavaType raw;

    Container(JavaType raw) {
      this.raw = raw;
    }

    @Override
    public ValueDeserializer<?> createContextual(
        DeserializationContext context, @Nullable BeanProperty property) {
      JavaType known = context.getContextualType();
      JavaType type = isContainer(known) ? known : raw;
      ValueDeserializer<?> found;
      try {
        found = created(type, context);
      } catch (IllegalArgumentException e) {
        return context.reportBadDefinition(type, String.valueOf(e.getMessage()));
      }
      found.resolve(context);
      return found.createContextual(context, property);
    }

    private static ValueDeserializer<?> created(JavaType type, DeserializationContext context) {
      BeanDescription.Supplier bean = context.lazyIntrospectBeanDescription(type);
      DeserializerFactory factory = ((Context) context).factory();
      if (type instanceof MapType map) {
        return factory.createMapDeserializer(context, map, bean);
      }
      if (type instanceof MapLikeType map) {
        return factory.createMapLikeDeserializer(context, map, bean);
      }
      return type instanceof CollectionType collection
          ? factory.createCollectionDeserializer(context, collection, bean)
          : factory.createCollectionLikeDeserializer(context, (CollectionLikeType) type, bean);
    }

    @Override
    public @Nullable Object deserialize(JsonParser parser, DeserializationContext context) {
      return createContextual(context, null).deserialize(parser, context);
    }
  }
}
