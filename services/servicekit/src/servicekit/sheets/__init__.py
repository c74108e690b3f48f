"""Tables that come from and go to spreadsheets: read within bounds, written so that no cell is ever a formula."""
