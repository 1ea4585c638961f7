"""Tables of ranks: bytes to cells, cells to rows, rows to differences, differences to records."""
