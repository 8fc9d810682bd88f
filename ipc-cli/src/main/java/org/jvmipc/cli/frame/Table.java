package org.jvmipc.cli.frame;

import java.util.List;

/** A table as text: no borders, two spaces between columns. */
public final class Table {
    private static final String GUTTER = "  ";

    private Table() {}

    /** The rows, the first of which is the header; each column as wide as its widest cell. */
    public static String of(List<String[]> rows) {
        int columns = rows.get(0).length;
        int[] widths = new int[columns];
        for (String[] row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row[i].length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (String[] row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                line.append(i == 0 ? "" : GUTTER).append(row[i]).append(" ".repeat(widths[i] - row[i].length()));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }
}
