package org.jvmipc.cli.frame;

import java.util.List;

/** A table as text: no borders, two spaces between columns. */
public final class Table {
    private static final String GUTTER = "  ";

    private Table() {}

    /** The rows, the first of which is the header; each column as wide as its widest cell. */
    public static String of(List<String[]> rows) {
        return of(rows, new boolean[rows.get(0).length], Integer.MAX_VALUE);
    }

    /**
     * The rows, each column as wide as its widest cell.
     *
     * @param numbers which columns are aligned to the right
     * @param width where lines are cut off
     */
    public static String of(List<String[]> rows, boolean[] numbers, int width) {
        int[] widths = new int[numbers.length];
        for (String[] row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row[i].length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (String[] row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                String space = " ".repeat(widths[i] - row[i].length());
                line.append(i == 0 ? "" : GUTTER).append(numbers[i] ? space + row[i] : row[i] + space);
            }
            String whole = line.toString().stripTrailing();
            text.append(whole.length() <= width ? whole : whole.substring(0, width))
                    .append('\n');
        }
        return text.toString();
    }
}
