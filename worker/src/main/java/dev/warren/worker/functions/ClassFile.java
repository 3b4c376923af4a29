package dev.warren.worker.functions;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The name and methods of a class, read from its file. Nothing is loaded or linked, so types that
 * are missing here do not matter. Immutable.
 *
 * @param name binary name, {@code com.acme.Stats}
 * @param access access flags, as read by {@code java.lang.reflect.Modifier}
 * @param methods all declared methods, in the file's order
 */
public record ClassFile(String name, int access, List<Method> methods) {
  private static final int MAGIC = 0xCAFEBABE;

  /**
   * A method or, named {@code <init>}, a constructor.
   *
   * @param descriptor JVM method descriptor
   * @param signature the generic signature; null if there is none
   */
  public record Method(int access, String name, String descriptor, @Nullable String signature) {}

  public ClassFile {
    methods = List.copyOf(methods);
  }

  /**
   * Parses a class file; leaves the stream open.
   *
   * @throws IOException if it is not a class file, or truncated
   */
  public static ClassFile read(InputStream stream) throws IOException {
    DataInputStream in = new DataInputStream(new BufferedInputStream(stream));
    if (in.readInt() != MAGIC) {
      throw new IOException("not a class file");
    }
    in.readInt(); // version
    int count = in.readUnsignedShort();
    @Nullable String[] texts = new String[count];
    int[] classes = new int[count];
    for (int i = 1; i < count; i++) {
      i += constant(in, i, texts, classes);
    }
    int access = in.readUnsignedShort();
    String name = text(texts, classes[in.readUnsignedShort()]).replace('/', '.');
    in.readUnsignedShort(); // superclass
    in.skipNBytes(2L * in.readUnsignedShort()); // interfaces
    for (int fields = in.readUnsignedShort(); fields > 0; fields--) {
      in.skipNBytes(6);
      signature(in, texts);
    }
    List<Method> methods = new ArrayList<>();
    for (int left = in.readUnsignedShort(); left > 0; left--) {
      int flags = in.readUnsignedShort();
      String method = text(texts, in.readUnsignedShort());
      String descriptor = text(texts, in.readUnsignedShort());
      methods.add(new Method(flags, method, descriptor, signature(in, texts)));
    }
    return new ClassFile(name, access, methods);
  }

  /**
   * Reads one entry of the constant pool; returns the number of additional indices that it uses.
   */
  private static int constant(DataInputStream in, int i, @Nullable String[] texts, int[] classes)
      throws IOException {
    int tag = in.readUnsignedByte();
    switch (tag) {
      case 1 -> texts[i] = in.readUTF();
      case 7 -> classes[i] = in.readUnsignedShort();
      case 8, 16, 19, 20 -> in.skipNBytes(2);
      case 15 -> in.skipNBytes(3);
      case 3, 4, 9, 10, 11, 12, 17, 18 -> in.skipNBytes(4);
      case 5, 6 -> in.skipNBytes(8);
      default -> throw new IOException("constant of unknown kind " + tag);
    }
    return tag == 5 || tag == 6 ? 1 : 0;
  }

  /** Skips the attributes of a field or method; returns its generic signature, if any. */
  private static @Nullable String signature(DataInputStream in, @Nullable String[] texts)
      throws IOException {
    String signature = null;
    for (int left = in.readUnsignedShort(); left > 0; left--) {
      String name = text(texts, in.readUnsignedShort());
      long length = in.readInt() & 0xFFFFFFFFL;
      if (name.equals("Signature") && length == 2) {
        signature = text(texts, in.readUnsignedShort());
      } else {
        in.skipNBytes(length);
      }
    }
    return signature;
  }

  private static String text(@Nullable String[] texts, int index) throws IOException {
    String text = index < texts.length ? texts[index] : null;
    if (text == null) {
      throw new IOException("no text at index " + index);
    }
    return text;
  }
}
