package dev.warren.worker.child.call;

import dev.warren.json.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.type.TypeFactory;

/**
 * Parses a method's generic signature in its class file, {@code (Ljava/util/List<TT;>;I)V}, into
 * Jackson's types. Confined to one thread.
 */
final class GenericSignature {
  private final String text;
  private final ClassLoader loader;
  private final TypeFactory types = Json.MAPPER.getTypeFactory();
  private final Map<String, JavaType> variables = new HashMap<>();
  private final List<JavaType> parameters = new ArrayList<>();
  private final JavaType result;
  private int at;

  /**
   * Parses the signature.
   *
   * @throws TypeNotPresentException if a class that it names is missing
   * @throws IllegalArgumentException if the text is not a signature
   */
  GenericSignature(String text, ClassLoader loader) {
    this.text = text;
    this.loader = loader;
    try {
      if (peek() == '<') {
        variables();
      }
      expect('(');
      while (peek() != ')') {
        parameters.add(type());
      }
      expect(')');
      this.result = type();
    } catch (StringIndexOutOfBoundsException e) {
      throw new IllegalArgumentException("not a signature: " + text, e);
    }
  }

  List<JavaType> parameters() {
    return parameters;
  }

  JavaType result() {
    return result;
  }

  private char peek() {
    return text.charAt(at);
  }

  private void expect(char wanted) {
    if (text.charAt(at++) != wanted) {
      throw new IllegalArgumentException("not a signature: " + text);
    }
  }

  /**
   * Parses {@code <T:Ljava/lang/Object;U::Ljava/util/List<TT;>;>}; each variable is replaced by its
   * first bound.
   */
  private void variables() {
    expect('<');
    while (peek() != '>') {
      int colon = text.indexOf(':', at);
      String name = text.substring(at, colon);
      at = colon + 1;
      JavaType bound = peek() == ':' ? null : type();
      while (peek() == ':') {
        at++;
        JavaType next = type();
        bound = bound == null ? next : bound;
      }
      variables.put(name, bound == null ? TypeFactory.unknownType() : bound);
    }
    expect('>');
  }

  private JavaType type() {
    char kind = text.charAt(at++);
    return switch (kind) {
      case '[' -> types.constructArrayType(type());
      case 'T' -> {
        String name = until(';');
        yield variables.getOrDefault(name, TypeFactory.unknownType());
      }
      case 'L' -> classType();
      case 'Z' -> types.constructType(boolean.class);
      case 'B' -> types.constructType(byte.class);
      case 'C' -> types.constructType(char.class);
      case 'S' -> types.constructType(short.class);
      case 'I' -> types.constructType(int.class);
      case 'J' -> types.constructType(long.class);
      case 'F' -> types.constructType(float.class);
      case 'D' -> types.constructType(double.class);
      case 'V' -> types.constructType(void.class);
      default -> throw new IllegalArgumentException("not a signature: " + text);
    };
  }

  private String until(char end) {
    int to = text.indexOf(end, at);
    String part = text.substring(at, to);
    at = to + 1;
    return part;
  }

  private JavaType classType() {
    StringBuilder name = new StringBuilder();
    List<JavaType> arguments = new ArrayList<>();
    for (char c = text.charAt(at++); c != ';'; c = text.charAt(at++)) {
      if (c == '<') {
        arguments.clear(); // arguments of an outer class do not apply to the inner class
        while (peek() != '>') {
          arguments.add(argument());
        }
        at++;
      } else if (c == '.') {
        arguments.clear();
        name.append('$');
      } else {
        name.append(c == '/' ? '.' : c);
      }
    }
    Class<?> raw = load(name.toString());
    return arguments.isEmpty() || raw.getTypeParameters().length != arguments.size()
        ? types.constructType(raw)
        : types.constructParametricType(raw, arguments.toArray(new JavaType[0]));
  }

  private JavaType argument() {
    char kind = peek();
    if (kind == '*') {
      at++;
      return TypeFactory.unknownType();
    }
    if (kind == '+' || kind == '-') {
      at++;
    }
    JavaType type = type();
    return kind == '-' ? TypeFactory.unknownType() : type;
  }

  private Class<?> load(String name) {
    try {
      return Class.forName(name, false, loader);
    } catch (ClassNotFoundException e) {
      throw new TypeNotPresentException(name, e);
    }
  }
}
