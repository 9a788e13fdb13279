"""What the studio gives out as sheets: each export reads its rows in a fixed number of statements."""
