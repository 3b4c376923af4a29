package dev.warren.json.shape;

import java.io.File;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Enumeration;
import java.util.Iterator;
import java.util.concurrent.Future;
import java.util.stream.BaseStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.SerializationConfig;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.deser.ValueDeserializerModifier;
import tools.jackson.databind.deser.bean.BeanDeserializerBase;
import tools.jackson.databind.deser.std.StdScalarDeserializer;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.BeanSerializer;
import tools.jackson.databind.ser.ValueSerializerModifier;
import tools.jackson.databind.ser.std.StdScalarSerializer;

/**
 * Serializers for classes of the platform that Jackson would write incompletely, and refusals of
 * classes that are not values: futures, streams, exceptions and the like. Stateless.
 */
final class PlatformTypes extends SimpleModule {
  private static final long serialVersionUID = 1;

  PlatformTypes() {
    super("warren-platform");
    setSerializerModifier(new Writing());
    setDeserializerModifier(new Reading());
  }

  /** Whether a class that Jackson treats as a bean has its own deserializer here. */
  static boolean reads(Class<?> type) {
    return type == BitSet.class;
  }

  /** Writes the path as it is; Jackson would make it absolute. */
  private static final class FileSerializer extends StdScalarSerializer<File> {
    FileSerializer() {
      super(File.class);
    }

    @Override
    public void serialize(File value, JsonGenerator out, SerializationContext context) {
      out.writeString(value.getPath());
    }
  }

  /**
   * Writes a relative path as it is; Jackson would make it absolute. It reads a text without a
   * scheme as a path.
   */
  private static final class PathSerializer extends StdScalarSerializer<Path> {
    PathSerializer() {
      super(Path.class);
    }

    @Override
    public void serialize(Path value, JsonGenerator out, SerializationContext context) {
      boolean plain =
          !value.isAbsolute()
              && value.getFileSystem() == FileSystems.getDefault()
              && value.toString().indexOf(':') < 0;
      out.writeString(plain ? value.toString() : value.toUri().toString());
    }
  }

  /** Writes all bits; Jackson would write only whether the set is empty. */
  private static final class BitSetSerializer extends StdScalarSerializer<BitSet> {
    BitSetSerializer() {
      super(BitSet.class);
    }

    @Override
    public void serialize(BitSet value, JsonGenerator out, SerializationContext context) {
      out.writeBinary(value.toByteArray());
    }
  }

  private static final class BitSetDeserializer extends StdScalarDeserializer<BitSet> {
    BitSetDeserializer() {
      super(BitSet.class);
    }

    @Override
    public @Nullable BitSet deserialize(JsonParser parser, DeserializationContext context) {
      return parser.currentToken() == JsonToken.VALUE_STRING
          ? BitSet.valueOf(parser.getBinaryValue())
          : (BitSet) context.handleUnexpectedToken(BitSet.class, parser);
    }
  }

  /** Replaces Jackson's own deserializers, never a user's. */
  private static final class Reading extends ValueDeserializerModifier {
    private static final long serialVersionUID = 1;

    @Override
    public ValueDeserializer<?> modifyDeserializer(
        DeserializationConfig config,
        BeanDescription.Supplier bean,
        ValueDeserializer<?> deserializer) {
      return reads(bean.getBeanClass()) && deserializer instanceof BeanDeserializerBase
          ? new BitSetDeserializer()
          : deserializer;
    }
  }

  /**
   * Replaces Jackson's own serializers, never a user's. Refuses classes that could be written but
   * not read, before their values are inspected.
   */
  private static final class Writing extends ValueSerializerModifier {
    private static final long serialVersionUID = 1;

    @Override
    public ValueSerializer<?> modifySerializer(
        SerializationConfig config, BeanDescription.Supplier bean, ValueSerializer<?> serializer) {
      Class<?> type = bean.getBeanClass();
      if (!serializer.getClass().getName().startsWith("tools.jackson.")) {
        return serializer;
      }
      if (type == File.class) {
        return new FileSerializer();
      }
      if (type == BitSet.class) {
        return new BitSetSerializer();
      }
      if (Path.class.isAssignableFrom(type)) {
        return new PathSerializer();
      }
      String why = why(type, serializer);
      return why == null ? serializer : new Refusal(type, why);
    }

    private static @Nullable String why(Class<?> type, ValueSerializer<?> serializer) {
      if (Future.class.isAssignableFrom(type)) {
        return "is not a value but a future: wait for it, and pass its result";
      }
      if (Throwable.class.isAssignableFrom(type)) {
        return "is an exception: throw it, or pass its message";
      }
      if (Iterator.class.isAssignableFrom(type)
          || Enumeration.class.isAssignableFrom(type)
          || BaseStream.class.isAssignableFrom(type)) {
        return "can be iterated only once: pass a list";
      }
      if (Thread.class.isAssignableFrom(type)
          || (Platform.has(type) && serializer instanceof BeanSerializer)) {
        return "cannot be represented completely in JSON: pass the values it was created from";
      }
      return null;
    }
  }

  private static final class Refusal extends ValueSerializer<Object> {
    private final Class<?> type;
    private final String why;

    Refusal(Class<?> type, String why) {
      this.type = type;
      this.why = why;
    }

    @Override
    public void serialize(Object value, JsonGenerator out, SerializationContext context) {
      context.reportBadDefinition(type, type.getName() + " " + why);
    }
  }
}
