package dev.warren.examples.tika;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts;
import org.apache.poi.xssf.usermodel.XSSFRow;
import org.apache.poi.xssf.usermodel.XSSFSheet;
import org.apache.poi.xssf.usermodel.XSSFWorkbook;
import org.apache.poi.xwpf.usermodel.XWPFDocument;

/**
 * Documents that few machines have: office files and PDFs, the same cut off in the middle,
 * decompression bombs, and documents that make {@link TroubleParser} fail. Writes to one folder.
 */
final class GeneratedDocuments {
  private static final int PAGES = 20;
  private static final int LINES = 40;
  private static final long BOMB = 2_000_000_000;
  private static final int BLOCK = 1 << 20;

  private final Path folder;

  GeneratedDocuments(Path folder) {
    this.folder = folder;
  }

  /** Writes {@code count} sound documents of each kind. */
  List<String> sound(int count) throws IOException {
    List<String> written = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      written.add(word("report-" + i + ".docx", i));
      written.add(table("table-" + i + ".xlsx", i));
      written.add(pdf("paper-" + i + ".pdf", i));
    }
    return written;
  }

  /** Writes documents whose second half is missing. */
  List<String> damaged(int count) throws IOException {
    List<String> written = new ArrayList<>();
    for (String document : sound(count)) {
      Path whole = Path.of(document);
      byte[] bytes = Files.readAllBytes(whole);
      Path cut = folder.resolve("cut-" + whole.getFileName());
      Files.write(cut, Arrays.copyOf(bytes, bytes.length / 2));
      written.add(cut.toString());
    }
    return written;
  }

  /** Writes two small files that are large when unpacked. */
  List<String> bombs() throws IOException {
    Path zip = folder.resolve("bomb.zip");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
      out.putNextEntry(new ZipEntry("zeros.txt"));
      zeros(out);
    }
    Path gzip = folder.resolve("bomb.txt.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(gzip))) {
      zeros(out);
    }
    return List.of(zip.toString(), gzip.toString());
  }

  /** Writes a document of this kind of {@link TroubleParser}. */
  String trouble(String kind) throws IOException {
    return Files.writeString(folder.resolve(kind + ".trouble"), "trouble: " + kind).toString();
  }

  private static void zeros(OutputStream out) throws IOException {
    byte[] block = new byte[BLOCK];
    for (long written = 0; written < BOMB; written += BLOCK) {
      out.write(block);
    }
  }

  private static String line(int document, int page, int line) {
    return "Document " + document + ", page " + page + ", line " + line + ": lorem ipsum dolor.";
  }

  private String word(String name, int number) throws IOException {
    Path file = folder.resolve(name);
    try (XWPFDocument document = new XWPFDocument();
        OutputStream out = Files.newOutputStream(file)) {
      for (int page = 0; page < PAGES; page++) {
        for (int line = 0; line < LINES; line++) {
          document.createParagraph().createRun().setText(line(number, page, line));
        }
      }
      document.write(out);
    }
    return file.toString();
  }

  private String table(String name, int number) throws IOException {
    Path file = folder.resolve(name);
    try (XSSFWorkbook workbook = new XSSFWorkbook();
        OutputStream out = Files.newOutputStream(file)) {
      for (int page = 0; page < PAGES; page++) {
        XSSFSheet sheet = workbook.createSheet("sheet " + page);
        for (int line = 0; line < LINES; line++) {
          XSSFRow row = sheet.createRow(line);
          row.createCell(0).setCellValue(line);
          row.createCell(1).setCellValue(line(number, page, line));
        }
      }
      workbook.write(out);
    }
    return file.toString();
  }

  private String pdf(String name, int number) throws IOException {
    Path file = folder.resolve(name);
    try (PDDocument document = new PDDocument()) {
      PDType1Font font = new PDType1Font(Standard14Fonts.FontName.HELVETICA);
      for (int page = 0; page < PAGES; page++) {
        PDPage sheet = new PDPage();
        document.addPage(sheet);
        try (PDPageContentStream text = new PDPageContentStream(document, sheet)) {
          text.beginText();
          text.setFont(font, 12);
          text.setLeading(16);
          text.newLineAtOffset(50, 750);
          for (int line = 0; line < LINES; line++) {
            text.showText(line(number, page, line));
            text.newLine();
          }
          text.endText();
        }
      }
      document.save(file.toFile());
    }
    return file.toString();
  }
}
