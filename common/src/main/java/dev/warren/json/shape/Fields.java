package dev.warren.json.shape;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.introspect.AccessorNamingStrategy;
import tools.jackson.databind.introspect.AnnotatedClass;
import tools.jackson.databind.introspect.AnnotatedField;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.AnnotatedMethod;
import tools.jackson.databind.introspect.BeanPropertyDefinition;
import tools.jackson.databind.introspect.ClassIntrospector;
import tools.jackson.databind.json.JsonMapper;

/**
 * Finds the fields that make up the state of a class's objects: all except those that the class's
 * author excludes ({@code transient}, a Jackson annotation) or converts with a custom serializer.
 * Caches its results; thread-safe.
 */
public final class Fields {
  private final JsonMapper mapper;
  private final Map<Class<?>, State> known = new ConcurrentHashMap<>();

  public Fields(JsonMapper mapper) {
    this.mapper = mapper;
  }

  /**
   * The state of a class.
   *
   * @param fields fields that must come back unchanged
   * @param trustedFields fields with a custom serializer or deserializer
   * @param trusted whether the whole class has one, so that nothing is compared
   * @param hidden why the fields cannot be read; null if they can
   * @param platform the first superclass that belongs to the platform
   */
  record State(
      List<Field> fields,
      List<Field> trustedFields,
      boolean trusted,
      @Nullable String hidden,
      Class<?> platform) {}

  State of(Class<?> type) {
    State state = known.get(type);
    if (state == null) {
      state = find(type);
      known.put(type, state);
    }
    return state;
  }

  private State find(Class<?> type) {
    List<Field> fields = new ArrayList<>();
    List<Field> trustedFields = new ArrayList<>();
    Class<?> at = type;
    Author author = new Author(type);
    try {
      for (; !Platform.has(at); at = at.getSuperclass()) {
        for (Field field : at.getDeclaredFields()) {
          boolean state =
              !Modifier.isStatic(field.getModifiers())
                  && !Modifier.isTransient(field.getModifiers())
                  && !field.isSynthetic();
          if (state && !author.leavesOut(field)) {
            field.setAccessible(true);
            (author.writes(field) ? trustedFields : fields).add(field);
          }
        }
      }
    } catch (InaccessibleObjectException e) {
      return new State(
          List.of(),
          List.of(),
          author.trusted,
          "its module must open package " + at.getPackageName() + " to Warren",
          Object.class);
    }
    return new State(List.copyOf(fields), List.copyOf(trustedFields), author.trusted, null, at);
  }

  /** What the annotations of a class, mix-ins included, say about its properties. */
  private final class Author {
    private final Set<String> ignored = new HashSet<>();
    private final Set<String> custom = new HashSet<>();
    private final boolean trusted;

    Author(Class<?> type) {
      JavaType java = mapper.constructType(type);
      ClassIntrospector writing = mapper.serializationConfig().classIntrospectorInstance();
      ClassIntrospector reading = mapper.deserializationConfig().classIntrospectorInstance();
      AnnotatedClass written = writing.introspectClassAnnotations(java);
      AnnotatedClass read = reading.introspectClassAnnotations(java);
      var annotations = mapper.serializationConfig().getAnnotationIntrospector();
      this.trusted =
          isUsers(annotations.findSerializer(mapper.serializationConfig(), written))
              || isUsers(annotations.findDeserializer(mapper.deserializationConfig(), read));
      look(writing.introspectForSerialization(java, written));
      look(reading.introspectForDeserialization(java, read));
      JsonIgnoreProperties.Value byName =
          annotations.findPropertyIgnoralByName(mapper.serializationConfig(), written);
      if (byName != null) {
        ignored.addAll(byName.getIgnored());
      }
    }

    private void look(BeanDescription bean) {
      leftOut(bean);
      for (BeanPropertyDefinition property : bean.findProperties()) {
        look(property.getInternalName(), property.getGetter());
        look(property.getInternalName(), property.getSetter());
        look(property.getInternalName(), property.getField());
        look(property.getInternalName(), property.getConstructorParameter());
      }
      if (bean.findBackReferences() != null) {
        for (BeanPropertyDefinition property : bean.findBackReferences()) {
          ignored.add(property.getInternalName());
        }
      }
    }

    /** Before 3.2 Jackson does not tell which properties it leaves out because of a marker. */
    private void leftOut(BeanDescription bean) {
      var config = mapper.serializationConfig();
      AccessorNamingStrategy naming =
          config.getAccessorNaming().forPOJO(config, bean.getClassInfo());
      Set<String> marked = new HashSet<>();
      for (AnnotatedField field : bean.getClassInfo().fields()) {
        addIfMarked(field, field.getName(), marked);
      }
      for (AnnotatedMethod method : bean.getClassInfo().memberMethods()) {
        String name = method.getName();
        addIfMarked(method, naming.findNameForRegularGetter(method, name), marked);
        addIfMarked(method, naming.findNameForIsGetter(method, name), marked);
        addIfMarked(method, naming.findNameForMutator(method, name), marked);
      }
      bean.findProperties().forEach(property -> marked.remove(property.getInternalName()));
      ignored.addAll(marked);
    }

    private void addIfMarked(AnnotatedMember member, @Nullable String name, Set<String> marked) {
      var config = mapper.serializationConfig();
      if (name != null && config.getAnnotationIntrospector().hasIgnoreMarker(config, member)) {
        marked.add(name);
      }
    }

    private void look(String name, @Nullable AnnotatedMember member) {
      if (member == null) {
        return;
      }
      var annotations = mapper.serializationConfig().getAnnotationIntrospector();
      JsonProperty.Access access =
          annotations.findPropertyAccess(mapper.serializationConfig(), member);
      if (access == JsonProperty.Access.READ_ONLY || access == JsonProperty.Access.WRITE_ONLY) {
        ignored.add(name);
      }
      if (isUsers(annotations.findSerializer(mapper.serializationConfig(), member))
          || isUsers(annotations.findDeserializer(mapper.deserializationConfig(), member))) {
        custom.add(name);
      }
    }

    /** Whether a serializer or deserializer (or its class) is not one of Jackson's own. */
    private static boolean isUsers(@Nullable Object serializer) {
      Class<?> type =
          serializer instanceof Class<?> plain
              ? plain
              : serializer == null ? null : serializer.getClass();
      return type != null
          && !type.getName().startsWith("tools.jackson.")
          && type.getEnclosingClass() != OldAnnotations.class;
    }

    /** Whether a field is excluded from reading or writing. */
    boolean leavesOut(Field field) {
      return ignored.contains(field.getName()) || isIgnorable(field.getType());
    }

    /** Whether a field has a custom serializer or deserializer. */
    boolean writes(Field field) {
      return custom.contains(field.getName());
    }

    private boolean isIgnorable(Class<?> type) {
      if (type.isPrimitive() || type.isArray() || Platform.has(type)) {
        return false;
      }
      AnnotatedClass info =
          mapper
              .serializationConfig()
              .classIntrospectorInstance()
              .introspectClassAnnotations(mapper.constructType(type));
      return Boolean.TRUE.equals(
          mapper
              .serializationConfig()
              .getAnnotationIntrospector()
              .isIgnorableType(mapper.serializationConfig(), info));
    }
  }
}
