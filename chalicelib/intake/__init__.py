"""
Reading what a creditor sends: files, columns, values. Knows formats, knows no database.

``inspection.inspect`` reads a file once and says what it found, ``inspection.default_mapping``
takes its guesses, ``mapping.open_questions`` and ``mapping.mapping_problems`` say what is left to
decide, ``inspection.open_rows`` walks the data rows, ``reader.RowReader`` makes each a typed row or
a rejected one.
"""
