"""Reading what a creditor sends: files, columns, values. Knows formats and identifiers; knows no database."""
