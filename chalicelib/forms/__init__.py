"""
Questionnaires: written as XLSForm, compiled once, run the same on the phone and here.

Start at ``compiling`` (a spreadsheet becomes JSON) and ``answers`` (answers meet it).
"""
