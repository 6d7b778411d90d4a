"""One trace for each file: from its event to its predictions, whichever services had a part."""
