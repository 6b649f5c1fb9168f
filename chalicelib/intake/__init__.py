"""Reading what a creditor sends: files, columns, values. Knows formats, knows no database."""
