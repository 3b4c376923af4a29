package dev.warren.json;

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
 * Forms for classes of the platform that Jackson loses something of, and refusals of those that
 * have no value: what is being computed, read or thrown. Stateless.
 */
final class PlatformTypes extends SimpleModule {
  private static final long serialVersionUID = 1;

  PlatformTypes() {
    super("warren-platform");
    setSerializerModifier(new Writing());
    setDeserializerModifier(new Reading());
  }

  /** Whether a class that Jackson takes for a bean is read in another way. */
  static boolean reads(Class<?> type) {
    return type == BitSet.class;
  }

  /** Jackson makes it absolute. */
  private static final class FileSerializer extends StdScalarSerializer<File> {
    FileSerializer() {
      super(File.class);
    }

    @Override
    public void serialize(File value, JsonGenerator out, SerializationContext context) {
      out.writeString(value.getPath());
    }
  }

  /** Jackson makes a relative one absolute; it reads a text without a scheme as a path. */
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

  /** Jackson writes whether it is empty, and no more. */
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

  /** Takes the place of Jackson's own deserializers, and of no user's. */
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
   * Takes the place of Jackson's own serializers, and of no user's; refuses what would be written
   * and could not be read, before it is even looked at.
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
        return "is not a value but a promise of one: wait for it, and pass what it gives";
      }
      if (Throwable.class.isAssignableFrom(type)) {
        return "is an exception: throw it, or pass its text";
      }
      if (Iterator.class.isAssignableFrom(type)
          || Enumeration.class.isAssignableFrom(type)
          || BaseStream.class.isAssignableFrom(type)) {
        return "can be gone through only once: pass a list";
      }
      if (Thread.class.isAssignableFrom(type)
          || (Platform.has(type) && serializer instanceof BeanSerializer)) {
        return "has no form in JSON that holds all of it: pass what it was made from";
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
