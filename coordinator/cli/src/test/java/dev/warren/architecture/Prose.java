package dev.warren.architecture;

import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The prose of a document or the comments of a Java file as one line of text, which knows the line
 * that each character came from. A phrase is therefore found across line breaks. Paragraphs and
 * separate comments are divided by {@code ¶}. Immutable.
 */
final class Prose {
  private static final Pattern CODE = Pattern.compile("``.+?``|`[^`]+`");

  private final String text;
  private final int[] lines;

  private Prose(String text, int[] lines) {
    this.text = text;
    this.lines = lines;
  }

  /** Returns a Markdown document without its code blocks; code within a line becomes {@code _}. */
  static Prose ofMarkdown(String document) {
    Builder prose = new Builder();
    boolean inCode = false;
    int number = 0;
    for (String line : document.split("\n", -1)) {
      number++;
      if (line.strip().startsWith("```")) {
        inCode = !inCode;
        prose.divide(number);
      } else if (line.isBlank()) {
        prose.divide(number);
      } else if (!inCode) {
        prose.add(line + " ", number);
      }
    }
    Prose all = prose.build();
    Matcher code = CODE.matcher(all.text);
    return new Prose(code.replaceAll(span -> "_".repeat(span.group().length())), all.lines);
  }

  /** Returns the comments of a Java file. */
  static Prose ofJava(String source) {
    return new CommentReader(source).read();
  }

  String text() {
    return text;
  }

  /** Returns the line, from 1, that a character of the text came from. */
  int lineOf(int offset) {
    return lines[offset];
  }

  /** Collects text, with single spaces. */
  static final class Builder {
    private final StringBuilder text = new StringBuilder();
    private int[] lines = new int[1024];

    void add(String more, int line) {
      for (int i = 0; i < more.length(); i++) {
        char c = Character.isWhitespace(more.charAt(i)) ? ' ' : more.charAt(i);
        if (c == ' ' && (text.isEmpty() || text.charAt(text.length() - 1) == ' ')) {
          continue;
        }
        if (text.length() == lines.length) {
          lines = Arrays.copyOf(lines, 2 * lines.length);
        }
        lines[text.length()] = line;
        text.append(c);
      }
    }

    void divide(int line) {
      add(" ¶ ", line);
    }

    Prose build() {
      return new Prose(text.toString(), Arrays.copyOf(lines, text.length()));
    }
  }

  /** Reads comments, and passes over strings, text blocks and character literals. */
  private static final class CommentReader {
    private final String source;
    private final Builder prose = new Builder();
    private int at;
    private int line = 1;

    CommentReader(String source) {
      this.source = source;
    }

    Prose read() {
      while (at < source.length()) {
        if (source.startsWith("//", at)) {
          lineComment();
        } else if (source.startsWith("/*", at)) {
          blockComment();
        } else if (source.startsWith("\"\"\"", at)) {
          literal("\"\"\"");
        } else if (source.charAt(at) == '"' || source.charAt(at) == '\'') {
          literal(source.substring(at, at + 1));
        } else {
          if (!Character.isWhitespace(source.charAt(at))) {
            divideOnce();
          }
          step();
        }
      }
      return prose.build();
    }

    private void lineComment() {
      int end = source.indexOf('\n', at);
      end = end < 0 ? source.length() : end;
      prose.add(source.substring(at + 2, end) + " ", line);
      at = end;
    }

    private void blockComment() {
      int end = source.indexOf("*/", at + 2);
      end = end < 0 ? source.length() : end;
      divideOnce();
      for (String part : source.substring(at + 2, end).split("\n", -1)) {
        prose.add(part.replaceFirst("^\\s*\\*+ ?", "") + " ", line);
        line++;
      }
      line--;
      prose.divide(line);
      at = Math.min(end + 2, source.length());
    }

    private void literal(String quote) {
      divideOnce();
      at += quote.length();
      while (at < source.length() && !source.startsWith(quote, at)) {
        if (source.charAt(at) == '\\') {
          step();
        }
        step();
      }
      at += quote.length();
    }

    private void step() {
      if (at < source.length() && source.charAt(at) == '\n') {
        line++;
      }
      at++;
    }

    private void divideOnce() {
      int length = prose.text.length();
      if (length > 0 && !prose.text.substring(Math.max(0, length - 2)).equals("¶ ")) {
        prose.divide(line);
      }
    }
  }
}
