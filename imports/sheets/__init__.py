"""Sheets: tables of text that people keep in spreadsheets, written and read as CSV."""
